from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.api import load

if TYPE_CHECKING:
    from sqllineage_scan.graph.model import LineageGraph


@pytest.fixture(scope="session")
def shop() -> LineageGraph:
    return load(Path(__file__).parents[1] / "graph" / "shop.lineage.json")
