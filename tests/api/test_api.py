"""The public face."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sqllineage_scan
from sqllineage_scan import ScanOptions, analyze_sql, load, scan
from sqllineage_scan.api import write
from sqllineage_scan.errors import UsageError

ROOT = str(Path(sqllineage_scan.__path__[0]).parent)
DOCUMENT = Path(__file__).parents[1] / "graph" / "shop.lineage.json"


def test_all_that_is_promised_is_there() -> None:
    for name in sqllineage_scan.__all__:
        assert getattr(sqllineage_scan, name)
    with pytest.raises(AttributeError):
        _ = sqllineage_scan.nothing


def test_load_and_write(tmp_path: Path) -> None:
    graph = load(DOCUMENT)
    write(graph, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == DOCUMENT.read_bytes()
    assert str(graph.upstream("report.amount")[0]) == "analytics.orders.amount"


def test_load_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for content, said in (
        (b"{", "not a lineage document: no JSON"),
        (b"\xff\xfe", "not a lineage document: no UTF-8 text"),
        (b"[]", "not a lineage document: the top level must be an object, not a list"),
        (b'{"schema_version": "3.0"}', "schema_version is '3.0'"),
        (b"[" * 100_000, "not a lineage document: no JSON"),
    ):
        path.write_bytes(content)
        with pytest.raises(UsageError) as error:
            load(path)
        assert str(error.value).startswith(f"{path}: {said}")
    with pytest.raises(UsageError, match="no such file"):
        load(tmp_path / "missing.json")
    with pytest.raises(UsageError, match="cannot read"):
        load(tmp_path)


def test_scan_refuses_what_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        scan(tmp_path / "missing")
    with pytest.raises(UsageError, match="is a file, not a repository"):
        scan(DOCUMENT)
    with pytest.raises(UsageError, match="did you mean snowflake"):
        scan(tmp_path, options=ScanOptions(dialect="snowflak"))
    with pytest.raises(UsageError, match="did you mean postgres"):
        analyze_sql("select 1", dialect="postgrse")
    assert analyze_sql("select 1", dialect="PostgreSQL").dialects == {"postgres": 1}


def test_scan_reads_the_configuration_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / "sqllineage-scan.toml").write_text('dialect = "duckdb"\nexclude = ["b.sql"]')
    for name in ("a", "b"):
        (tmp_path / f"{name}.sql").write_text(f"create view {name} as select id from raw")
    assert [file.path for file in scan(tmp_path).coverage.files] == ["a.sql"]
    assert len(scan(tmp_path, options=ScanOptions()).coverage.files) == 2
    seen: list[tuple[str, int, int]] = []
    scan(tmp_path, progress=lambda *step: seen.append(step))
    assert seen
    assert seen[-1][1] == seen[-1][2]


def test_analyze_sql() -> None:
    graph = analyze_sql("select o.amount * 2 as double from db.orders o", dialect="snowflake", schema={"db.orders": ["amount"]})
    assert [str(item) for item in graph.upstream("<query>.double")] == ["db.orders.amount"]


def test_a_script_without_a_guard_may_scan_a_large_repository(tmp_path: Path) -> None:
    (tmp_path / "repo").mkdir()
    for number in range(500):
        (tmp_path / "repo" / f"v{number}.sql").write_text(f"create view v{number} as select t.a from t")
    script = tmp_path / "script.py"
    script.write_text(f"from sqllineage_scan import scan\nprint(len(scan({str(tmp_path / 'repo')!r}).column_edges))\n")
    done = subprocess.run(
        [sys.executable, str(script)], check=False, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": ROOT}
    )
    assert (done.returncode, done.stdout.strip()) == (0, "500"), done.stderr
