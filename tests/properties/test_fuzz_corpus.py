"""What fuzzing has found, run again; and whole scans of it, since some faults show only when all is linked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.fuzz.targets import TARGETS
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(__file__).parents[2] / "benchmarks" / "fuzz" / "corpus"


def found() -> Iterator[object]:
    for path in sorted(CORPUS.rglob("*")):
        if path.is_file():
            yield pytest.param(path.parent.name, path.read_bytes(), id=f"{path.parent.name}-{path.name}")


@pytest.mark.parametrize(("target", "data"), list(found()))
def test_what_was_found(target: str, data: bytes) -> None:
    TARGETS[target](data)


@pytest.mark.parametrize(("target", "data"), list(found()))
def test_what_was_found_is_linked(target: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / f"{target}.sql").write_bytes(data[1:])
    (tmp_path / "good.sql").write_text("create view good as select o.id from raw.o o")
    graph = scan_repository(tmp_path, ScanOptions())
    assert ("raw.o.id", "good.id") in {(str(edge.source), str(edge.target)) for edge in graph.column_edges}
