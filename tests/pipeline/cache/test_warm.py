"""A scan from the cache: the same bytes, from whatever was not changed, without the programs that it does not need."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sqllineage_scan.pipeline.cache.compiled import NAMESPACE
from sqllineage_scan.pipeline.cache.linked import NAMESPACE as LINKED
from sqllineage_scan.pipeline.cache.store import FILE, Store
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

EXAMPLES = Path(__file__).parents[3] / "examples"


class Asked(Store):
    """A store that remembers what it did not know."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.kept: list[bytes] = []

    def write(self, namespace: str, entries: dict[bytes, bytes]) -> None:  # type: ignore[override]
        super().write(namespace, entries)
        self.kept += entries if namespace == NAMESPACE else ()


def scanned(root: Path, folder: Path, **options: object) -> tuple[str, int]:
    """The document, and how many files had to be compiled for it."""
    with Asked(folder) as store:
        graph = scan_repository(root, ScanOptions(**options), store=store)  # type: ignore[arg-type]
        return json.dumps(graph.to_dict()), len(store.kept)


@pytest.fixture
def bakery(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLES / "bakery", tmp_path / "bakery"))


@pytest.mark.parametrize("example", ["shop", "bakery"])
@pytest.mark.parametrize("processes", [1, 2])
def test_the_same_bytes(example: str, processes: int, tmp_path: Path) -> None:
    cold = json.dumps(scan_repository(EXAMPLES / example, ScanOptions()).to_dict())
    first, compiled = scanned(EXAMPLES / example, tmp_path, processes=processes)
    again, none = scanned(EXAMPLES / example, tmp_path, processes=processes)
    assert cold == first == again
    assert compiled > 10
    assert none == 0


def test_another_checkout_shares_what_is_the_same(bakery: Path, tmp_path: Path) -> None:
    scanned(EXAMPLES / "bakery", tmp_path / "cache")
    model = next(bakery.rglob("models/**/*.sql"))
    model.write_text(model.read_text(encoding="utf-8") + "\n-- changed\n", encoding="utf-8")
    warm, compiled = scanned(bakery, tmp_path / "cache")
    assert compiled == 1
    assert warm == json.dumps(scan_repository(bakery, ScanOptions()).to_dict())


def test_what_a_file_can_see_is_part_of_it(bakery: Path, tmp_path: Path) -> None:
    scanned(bakery, tmp_path / "cache")
    macro = bakery / "warehouse" / "macros" / "money.sql"
    macro.write_text(macro.read_text(encoding="utf-8") + "{% macro another() %}{% endmacro %}", encoding="utf-8")
    models = len(list((bakery / "warehouse" / "models").rglob("*.sql")))
    assert scanned(bakery, tmp_path / "cache")[1] > models > 10
    assert scanned(bakery, tmp_path / "cache", vars={"flour": "rye"})[1] > models
    assert scanned(bakery, tmp_path / "cache", dialect="postgres")[1] > models
    assert scanned(bakery, tmp_path / "cache", vars={"flour": "rye"})[1] == 0


def test_what_yaml_says_of_a_model_is_part_of_it(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    (root / "models").mkdir(parents=True)
    (root / "dbt_project.yml").write_text("name: shop\n")
    (root / "models" / "a.sql").write_text("select 1 as x")
    (root / "models" / "b.sql").write_text("select 2 as y")
    properties = root / "models" / "schema.yml"
    properties.write_text("models: [{name: a, config: {alias: first}}]")
    assert "first" in scanned(root, tmp_path / "cache")[0]
    properties.write_text("models: [{name: a, config: {alias: second}}]")
    document, compiled = scanned(root, tmp_path / "cache")
    assert compiled == 2  # the YAML and a.sql; nothing was said of b
    assert "second" in document


@pytest.mark.parametrize("bytes_", [b"\xc1", b"", b"\x92\x90\x90"])
def test_entries_that_are_no_compiled_files_are_compiled_anew(bytes_: bytes, tmp_path: Path) -> None:
    cold, everything = scanned(EXAMPLES / "shop", tmp_path)
    with Asked(tmp_path) as store:
        scan_repository(EXAMPLES / "shop", ScanOptions(), store=store)
        connection = store._connection
        assert connection is not None
        for namespace in (NAMESPACE, LINKED):
            keys = [key for (key,) in connection.execute("SELECT key FROM entry WHERE namespace = ?", (namespace,))]
            store.write(namespace, dict.fromkeys(keys, bytes_))
    assert scanned(EXAMPLES / "shop", tmp_path) == (cold, everything)
    assert scanned(EXAMPLES / "shop", tmp_path) == (cold, 0)


def test_a_warm_scan_imports_no_parser(tmp_path: Path) -> None:
    code = (
        "import sys; from sqllineage_scan.cli.shell.application import run\n"
        "code = run(sys.argv[1:])\n"
        "print(code, *sorted({'sqlglot', 'sqlfluff', 'jinja2'} & sys.modules.keys()))\n"
    )
    for root in ("shop", "bakery"):
        arguments = ["scan", str(EXAMPLES / root), "-q", "-o", str(tmp_path / "out.json"), "--cache-dir", str(tmp_path / root)]
        said = [
            subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True).stdout
            for _ in range(2)
        ]
        assert said == ["0 jinja2 sqlglot\n", "0\n"]


def test_a_warm_scan_after_the_disk_was_full(tmp_path: Path) -> None:
    """/dev/full cannot hold a database: the nearest is a file that SQLite may not let grow."""
    with Store(tmp_path) as store:
        assert store._connection is not None
        store._connection.execute("PRAGMA max_page_count = 20")
        graph = scan_repository(EXAMPLES / "shop", ScanOptions(), store=store)
        assert not store.is_open
    assert json.dumps(graph.to_dict()) == json.dumps(scan_repository(EXAMPLES / "shop", ScanOptions()).to_dict())
    assert (tmp_path / FILE).is_file()
    assert scanned(EXAMPLES / "shop", tmp_path)[1] > 0
    assert scanned(EXAMPLES / "shop", tmp_path)[1] == 0
