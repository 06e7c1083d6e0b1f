"""What is kept of linked files: fewer files read, the same bytes; nothing of it is trusted that does not hold together."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.domain.linked import Demand, KeptFile
from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.graph.model import LATER
from sqllineage_scan.pipeline.cache.codec import Codec
from sqllineage_scan.pipeline.cache.compiled import NAMESPACE as COMPILED
from sqllineage_scan.pipeline.cache.linked import NAMESPACE
from sqllineage_scan.pipeline.cache.store import Store
from sqllineage_scan.pipeline.cache.written import is_written, note_written
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqllineage_scan.graph.model import LineageGraph

EXAMPLES = Path(__file__).parents[3] / "examples"


class Watched(Store):
    """A store that remembers how many values of each namespace were read and written."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.found: dict[str, int] = {}
        self.written: dict[str, int] = {}

    def read(self, namespace: str, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        found = super().read(namespace, keys)
        self.found[namespace] = self.found.get(namespace, 0) + len(found)
        return found

    def write(self, namespace: str, entries: Mapping[bytes, bytes]) -> None:
        super().write(namespace, entries)
        self.written[namespace] = self.written.get(namespace, 0) + len(entries)


def scanned(root: Path, folder: Path, **options: object) -> tuple[LineageGraph, Watched]:
    with Watched(folder) as store:
        return scan_repository(root, ScanOptions(**options), store=store), store  # type: ignore[arg-type]


def document(graph: LineageGraph) -> str:
    return json.dumps(graph.to_dict())


@pytest.fixture(params=["shop", "bakery"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLES / request.param, tmp_path / request.param))


def test_unchanged_files_are_not_decoded_and_the_graph_is_the_same(root: Path, tmp_path: Path) -> None:
    cold = scan_repository(root, ScanOptions())
    scanned(root, tmp_path / "cache")
    warm, store = scanned(root, tmp_path / "cache")
    assert store.found.get(COMPILED, 0) == 0
    assert LATER in warm.__dict__  # nobody has asked for the edges
    assert warm.edge_counts == cold.edge_counts
    assert LATER in warm.__dict__
    assert warm == cold
    assert document(warm) == document(cold)


def test_one_changed_file(root: Path, tmp_path: Path) -> None:
    scanned(root, tmp_path / "cache")
    model = max(root.rglob("models/**/*.sql"), key=lambda path: path.stat().st_size)
    model.write_text(model.read_text(encoding="utf-8") + "\n-- changed\n", encoding="utf-8")
    warm, store = scanned(root, tmp_path / "cache")
    assert store.written[NAMESPACE] == 1
    assert document(warm) == document(scan_repository(root, ScanOptions()))


def test_every_file_changed_in_turn(root: Path, tmp_path: Path) -> None:
    scanned(root, tmp_path / "cache")
    for path in sorted(root.rglob("*.sql")):
        before = path.read_text(encoding="utf-8")
        path.write_text("select 1 as one, id from somewhere", encoding="utf-8")
        warm, _ = scanned(root, tmp_path / "cache")
        assert document(warm) == document(scan_repository(root, ScanOptions())), path
        path.write_text(before, encoding="utf-8")


def test_other_settings_are_other_entries(root: Path, tmp_path: Path) -> None:
    scanned(root, tmp_path / "cache")
    other, _ = scanned(root, tmp_path / "cache", namespace="warehouse://there")
    assert document(other) == document(scan_repository(root, ScanOptions(namespace="warehouse://there")))


@pytest.mark.parametrize("value", [b"", b"\xc1", b"\x92\x90\x90", b"\x92\x90\x93\x90\x90\x90"])
def test_what_is_no_linked_file_is_linked_anew(value: bytes, root: Path, tmp_path: Path) -> None:
    cold = scan_repository(root, ScanOptions())
    scanned(root, tmp_path / "cache")
    with Store(tmp_path / "cache") as store:
        assert store._connection is not None
        keys = [key for (key,) in store._connection.execute("SELECT key FROM entry WHERE namespace = ?", (NAMESPACE,))]
        store.write(NAMESPACE, dict.fromkeys(keys, value))
    warm, store_ = scanned(root, tmp_path / "cache")
    assert store_.found[COMPILED] > 0
    assert document(warm) == document(cold)


def test_traces_that_speak_of_what_nobody_knows_are_not_believed(root: Path, tmp_path: Path) -> None:
    cold = scan_repository(root, ScanOptions())
    scanned(root, tmp_path / "cache")
    ghost = Demand(ColumnId(DatasetId("", "nobody.knows"), "x"), None)
    with Store(tmp_path / "cache") as store:
        assert store._connection is not None
        keys = [key for (key,) in store._connection.execute("SELECT key FROM entry WHERE namespace = ?", (NAMESPACE,))]
        files = {key: Codec[KeptFile](KeptFile).decode(value) for key, value in store.read(NAMESPACE, keys).items()}
        forged = {
            key: kept._replace(units=tuple(unit._replace(trace=unit.trace._replace(demands=(ghost,))) for unit in kept.units))
            for key, kept in files.items()
        }
        store.write(NAMESPACE, {key: Codec[KeptFile](KeptFile).encode(kept) for key, kept in forged.items()})
    warm, _ = scanned(root, tmp_path / "cache")
    assert document(warm) == document(cold)


def test_a_compiled_file_that_is_gone_is_compiled_when_it_is_needed(tmp_path: Path) -> None:
    """``b`` has to be bound anew because ``a`` has changed, and only its head is there."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.sql").write_text("create view a as select x from t", encoding="utf-8")
    (root / "b.sql").write_text("create view b as select * from a", encoding="utf-8")
    scanned(root, tmp_path / "cache")
    with Store(tmp_path / "cache") as store:
        assert store._connection is not None
        keys = [key for (key,) in store._connection.execute("SELECT key FROM entry WHERE namespace = ?", (COMPILED,))]
        store.forget(COMPILED, keys)
    (root / "a.sql").write_text("create view a as select x, y from t", encoding="utf-8")
    warm, _ = scanned(root, tmp_path / "cache")
    assert document(warm) == document(scan_repository(root, ScanOptions()))


def test_a_document_that_is_still_there_is_not_written_again(root: Path, tmp_path: Path) -> None:
    options = ScanOptions(cache_dir=tmp_path / "cache")
    scan_repository(root, options)
    graph = scan_repository(root, options)
    out = tmp_path / "lineage.json"
    assert not is_written(graph, out, "json", options)
    out.write_text("the document", encoding="utf-8")
    note_written(graph, out, "json", options)
    assert is_written(graph, out, "json", options)
    assert not is_written(graph, out, "csv", options)
    assert not is_written(graph, tmp_path / "other.json", "json", options)
    model = next(root.rglob("models/**/*.sql"))
    model.write_text("select 1 as one", encoding="utf-8")
    assert not is_written(scan_repository(root, options), out, "json", options)
    out.write_text("somebody's text", encoding="utf-8")
    assert not is_written(graph, out, "json", options)
