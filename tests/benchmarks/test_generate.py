"""Generated projects: the same seed is the same project, and all of it is understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.generate import generate
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

if TYPE_CHECKING:
    from pathlib import Path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_seed_is_a_project(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert len(generate(tmp_path / name, 70, seed)) == 70
    assert contents(tmp_path / "a") == contents(tmp_path / "b") != contents(tmp_path / "c")


def test_all_of_it_is_understood(tmp_path: Path) -> None:
    generate(tmp_path, 150)
    graph = scan_repository(tmp_path, ScanOptions())
    assert graph.findings == ()
    assert sum(dataset.kind == "model" for dataset in graph.datasets) == 150
    assert graph.coverage.references == graph.coverage.references_resolved > 2_000


def test_so_many_columns(tmp_path: Path) -> None:
    generate(tmp_path, 60, columns=25)
    graph = scan_repository(tmp_path, ScanOptions())
    widths = [len(dataset.columns or ()) for dataset in graph.datasets if dataset.kind == "model"]
    assert 20 <= sum(widths) / len(widths) <= 30
