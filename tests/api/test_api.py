"""The public face."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

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


PECULIAR = {
    "snowflake": ("select f.value:sku::string as sku from o, lateral flatten(input => o.items) f", "o.items"),
    "snowflake, of one word": ("select o.doc:user.name::string as sku from o", "o.doc"),
    "sql server": ("select o.[sku] as sku from [dbo].[o] o cross apply openjson(o.doc) j", "dbo.o.sku"),
    "clickhouse": ("select o.sku as sku from t as o final limit 1 by o.id", "t.sku"),
    "bigquery": ("select o.sku as sku from `a-b.c.o` as o", "a-b.c.o.sku"),
}


@pytest.mark.parametrize(("sql", "source"), PECULIAR.values(), ids=PECULIAR)
def test_a_dialect_that_nobody_says(sql: str, source: str, tmp_path: Path) -> None:
    (tmp_path / "sku.sql").write_text(f"create view v as {sql}")
    for graph in (analyze_sql(f"create view v as {sql}"), scan(tmp_path)):
        assert [(str(edge.source), str(edge.target)) for edge in graph.column_edges] == [(source, "v.sku")]
        assert graph.column_edges[0].confidence >= 0.95
        assert graph.findings == ()


def test_a_dialect_that_is_said_is_not_guessed() -> None:
    graph = analyze_sql("select o.doc:user.name::string as sku from o", "ansi")
    assert [finding.name for finding in graph.findings] == ["parse.failed"]


def test_variables_of_a_host_are_no_tables() -> None:
    graph = analyze_sql("select o.a into :host from o where o.b = :other", "ansi")
    assert [str(edge.source) for edge in graph.column_edges] == ["o.a"]


FORMS = (
    {"db.raw.orders": {"id": "int", "amount": "int"}},
    {"db": {"raw": {"orders": {"id": "int", "amount": None}}}},
    {"db.raw": {"orders": ["id", "amount"]}},
    {'"DB"."RAW"."ORDERS"': ("ID", '"AMOUNT"')},
    {"db.raw.orders": [{"name": "id", "type": "int"}, ("amount", "int")]},
)


@pytest.mark.parametrize("schema", FORMS)
def test_a_schema_in_any_form(schema: dict[str, Any]) -> None:
    graph = analyze_sql("select * from orders", "snowflake", schema, default_catalog="DB", default_schema="RAW")
    edges = {(str(edge.source), str(edge.target), edge.confidence) for edge in graph.column_edges}
    assert edges == {("db.raw.orders.id", "<query>.id", 1.0), ("db.raw.orders.amount", "<query>.amount", 1.0)}


def test_names_of_a_schema_may_be_quoted() -> None:
    of_postgres = analyze_sql('select * from raw."a.b"', "postgres", {'raw."a.b"': ['"Id"', "Name"]})
    assert [str(edge.source) for edge in of_postgres.column_edges] == ['raw."a.b"."Id"', 'raw."a.b".name']
    of_sql_server = analyze_sql("select * from [dbo].[Order Lines]", "tsql", {"[dbo].[Order Lines]": ["[Line Id]"]})
    assert [str(edge.source) for edge in of_sql_server.column_edges] == ["dbo.order lines.line id"]
    of_bigquery = analyze_sql("select a.zip from `my-p.d.t`", "bigquery", {"`my-p.d.t`": {"a": {"zip": "string"}, "b": "int64"}})
    assert [str(edge.source) for edge in of_bigquery.column_edges] == ["my-p.d.t.a.zip"]


def test_a_table_without_columns_is_one_whose_columns_nobody_knows() -> None:
    for none in (None, [], {}):
        graph = analyze_sql("select o.id from orders o", schema={"orders": none})
        assert [edge.confidence for edge in graph.column_edges] == [1.0]


@pytest.mark.parametrize("columns", ["id", 3, [4], [{"type": "int"}]])
def test_a_schema_that_lists_no_columns_is_misuse(columns: object) -> None:
    with pytest.raises(UsageError, match="orders"):
        analyze_sql("select 1", schema={"orders": columns})


def test_a_name_is_found_without_its_quotes() -> None:
    graph = analyze_sql('create view "Sales" as select o.total as "Total" from orders o', "postgres")
    assert [str(item) for item in graph.upstream("Sales.Total")] == ["orders.total"]
    assert [str(item) for item in graph.downstream('"orders"."total"')] == ['"Sales"."Total"']


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
