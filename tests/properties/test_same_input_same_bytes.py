"""Same input, same bytes: twice, in any order of discovery, with any number of processes, wherever the folder lies."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

SHOP = Path(__file__).parents[2] / "examples" / "shop"


def document(root: Path, processes: int = 1) -> str:
    return json.dumps(scan_repository(root, ScanOptions(processes=processes)).to_dict())


@pytest.fixture(scope="module")
def once() -> str:
    return document(SHOP)


def test_twice(once: str) -> None:
    assert document(SHOP) == once


@pytest.mark.parametrize("processes", [2, 3])
def test_processes(once: str, processes: int) -> None:
    assert document(SHOP, processes) == once


def test_another_place(once: str, tmp_path: Path) -> None:
    shutil.copytree(SHOP, tmp_path / "deep" / "shop")
    assert document(tmp_path / "deep" / "shop") == once


def test_no_path_of_the_machine(once: str) -> None:
    assert str(SHOP.parent) not in once
    assert str(Path.home()) not in once


def test_lists_are_sorted(once: str) -> None:
    graph = json.loads(once)
    for key in ("datasets", "jobs"):
        ids = [item["id"] for item in graph[key]]
        assert ids == sorted(ids)
        assert len(ids) == len(set(ids))
    for key in ("column_edges", "dataset_edges", "row_edges"):
        ends = [(json.dumps(edge["source"]), json.dumps(edge["target"]), edge["job"]) for edge in graph[key]]
        assert ends == sorted(ends)
