from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sample_shop import sample_shop

if TYPE_CHECKING:
    from sqllineage_scan.graph.model import LineageGraph


@pytest.fixture(scope="session")
def shop() -> LineageGraph:
    return sample_shop()
