"""Files damaged in every way: each gives units or a finding, none raises, and what lies beside them stays what it is.

`python -m benchmarks.fuzz.mutate` does the same with 50,000.
"""

from __future__ import annotations

import pytest

from benchmarks.fuzz.mutate import files, survive


@pytest.mark.parametrize("seed", [10_001, 10_002])
def test_damaged_files(seed: int) -> None:
    found = survive(files(150, seed))
    assert found.files == 150
    assert found.silent == ()
    assert not found.changed
