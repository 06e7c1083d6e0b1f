"""What a scan costs, in instructions, against what is recorded: a busy machine changes nothing of it."""

from __future__ import annotations

import json

from benchmarks.instructions import MOST, RECORD, counted, ratios


def test_no_work_is_more_than_it_was() -> None:
    found = ratios()
    assert set(found) == set(next(iter(json.loads(RECORD.read_text()).values())))
    assert all(0.5 < ratio <= MOST for ratio in found.values()), (
        f"{found}: find out what costs more; where it is worth it, or costs less: python benchmarks/instructions.py --record"
    )


def test_more_work_is_more_instructions() -> None:
    def work(turns: int) -> int:
        return sum(number * number for number in range(turns))

    few, many = counted(lambda: work(100)), counted(lambda: work(1000))
    assert 8 * few < many < 12 * few
