"""The repository's SQL is run in DuckDB: nothing differs then, however the database is written down; what is changed is found."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from sqllineage_scan import drift
from sqllineage_scan.domain.drift import DriftKind
from sqllineage_scan.errors import UsageError
from tests.linting.repositories import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqllineage_scan.domain.drift import DriftReport

SCRIPTS = {
    "ddl/01_raw.sql": "create table raw.orders (id bigint, amount decimal(12, 2), ordered_on date, note varchar);\n",
    "views/orders.sql": (
        "create view marts.orders as select id, amount, cast(ordered_on as timestamp) as at, note from raw.orders;\n"
    ),
    "views/totals.sql": (
        "create table marts.totals as select at, sum(amount) as total, count(*) as n from marts.orders group by at;\n"
    ),
}
CONFIGURATION = {"sqllineage-scan.toml": 'dialect = "duckdb"\n'}
COLUMNS = (
    "select table_catalog, table_schema, table_name, column_name, ordinal_position, data_type from information_schema.columns"
    " where table_catalog not in ('system', 'temp')"
)


class Shop:
    """A repository, and the database that its SQL made."""

    def __init__(self, root: Path) -> None:
        self.root, self.file = root / "repository", root / "shop.duckdb"
        write(self.root, SCRIPTS | CONFIGURATION)
        self.run("create schema raw", "create schema marts", *SCRIPTS.values())

    def run(self, *statements: str) -> None:
        with duckdb.connect(str(self.file)) as connection:
            for statement in statements:
                connection.execute(statement)

    def rows(self) -> list[dict[str, Any]]:
        with duckdb.connect(str(self.file), read_only=True) as connection:
            found = connection.execute(COLUMNS)
            heads = [each[0] for each in found.description]
            return [dict(zip(heads, row, strict=True)) for row in found.fetchall()]

    def found(self, file: Path | None = None) -> list[tuple[str, str, str, str]]:
        report = drift(file or self.file, self.root)
        return [(each.kind.value, each.subject, each.expected.lower(), each.observed.lower()) for each in report.drifts]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def as_duckdb(shop: Shop, folder: Path) -> Path:
    (folder / "copy").mkdir()
    return shutil.copy(shop.file, folder / "copy" / "shop.db")


def as_csv(shop: Shop, folder: Path) -> Path:
    file = folder / "columns.csv"
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, list(shop.rows()[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(shop.rows())
    return file


def as_csv_of_snowflake(shop: Shop, folder: Path) -> Path:
    """Everything in capitals."""
    file = folder / "columns.txt"
    rows = [{key.upper(): str(value).upper() for key, value in row.items()} for row in shop.rows()]
    with file.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def as_json(shop: Shop, folder: Path) -> Path:
    file = folder / "columns.json"
    file.write_text(json.dumps(shop.rows()))
    return file


def as_json_lines(shop: Shop, folder: Path) -> Path:
    file = folder / "columns.ndjson"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in shop.rows()))
    return file


def as_sqlite_dump(shop: Shop, folder: Path) -> Path:
    file = folder / "columns.sqlite"
    connection = sqlite3.connect(file)
    names = list(shop.rows()[0])
    connection.execute(f"create table columns ({', '.join(names)})")
    connection.executemany(
        f"insert into columns values ({', '.join('?' * len(names))})", [tuple(row.values()) for row in shop.rows()]
    )
    connection.commit()
    connection.close()
    return file


def as_catalog(shop: Shop, folder: Path) -> Path:
    nodes: dict[str, Any] = {}
    for row in shop.rows():
        unique_id = f"model.shop.{row['table_name']}"
        metadata = {"database": row["table_catalog"], "schema": row["table_schema"], "name": row["table_name"]}
        key = f"{unique_id}_{row['table_schema']}"
        node = nodes.setdefault(key, {"unique_id": key, "metadata": metadata, "columns": {}})
        column = {"name": row["column_name"], "type": row["data_type"], "index": row["ordinal_position"]}
        node["columns"][row["column_name"]] = column
    file = folder / "catalog.json"
    file.write_text(json.dumps({"metadata": {}, "nodes": nodes, "sources": {}}))
    return file


WHOLE = [as_duckdb, as_csv, as_csv_of_snowflake, as_json, as_json_lines, as_sqlite_dump, as_catalog]


@pytest.mark.parametrize("written", WHOLE, ids=lambda each: each.__name__)
def test_what_was_just_made_has_not_drifted(shop: Shop, tmp_path: Path, written: Callable[[Shop, Path], Path]) -> None:
    report = drift(written(shop, tmp_path), shop.root)
    assert report.drifts == ()
    assert (report.datasets, report.columns, report.uncovered, report.unsure) == (3, 11, 0, ())


CHANGES: list[tuple[str, list[tuple[str, str, str, str]]]] = [
    ("alter table raw.orders add column extra int", [("extra_column", "raw.orders.extra", "", "integer")]),
    ("alter table marts.totals drop column n", [("missing_column", "marts.totals.n", "bigint", "")]),
    ("alter table marts.totals alter column at type varchar", [("type", "marts.totals.at", "timestamp", "varchar")]),
    ("create table marts.old_totals (x int)", [("extra_dataset", "shop.marts.old_totals", "", "1 columns")]),
    ("drop table marts.totals", [("missing_dataset", "marts.totals", "3 columns", "")]),
    (
        "alter table marts.totals rename column total to sum",
        [
            ("missing_column", "marts.totals.total", "decimal(12, 2)", ""),
            ("extra_column", "marts.totals.sum", "", "decimal(38,2)"),
        ],
    ),
    ("create schema other; create table other.x (a int)", []),  # no affair of this repository's
]


@pytest.mark.parametrize("written", WHOLE, ids=lambda each: each.__name__)
@pytest.mark.parametrize(("statement", "expected"), CHANGES, ids=[change[0] for change in CHANGES])
def test_a_change_is_found(shop: Shop, tmp_path: Path, written, statement: str, expected: list) -> None:
    shop.run(statement)
    found = shop.found(written(shop, tmp_path))
    assert [(kind, subject.lower()) for kind, subject, *_ in found] == [each[:2] for each in expected]


def test_what_is_said_of_it(shop: Shop) -> None:
    shop.run("alter table marts.totals alter column at type varchar", "alter table raw.orders add column extra int")
    assert shop.found() == [CHANGES[2][1][0], CHANGES[0][1][0]]
    report = drift(shop.file, shop.root)
    assert [str(each.span) for each in report.drifts if each.span] == ["views/totals.sql:1:37", "ddl/01_raw.sql:1:14"]
    assert [each.kind for each in report.breaking] == [DriftKind.TYPE]


def test_a_database_of_sqlite_is_its_own_catalog(tmp_path: Path) -> None:
    write(tmp_path / "r", {"a.sql": "create table orders (id integer, name text);\ncreate view v as select id from orders;\n"})
    connection = sqlite3.connect(tmp_path / "shop.db")
    connection.execute("create table orders (id integer, label text)")
    connection.execute("create view v as select id from orders")
    connection.close()
    found = drift(tmp_path / "shop.db", tmp_path / "r")
    assert [(each.kind.value, each.subject) for each in found.drifts] == [
        ("missing_column", "orders.name"),
        ("extra_column", "orders.label"),
    ]


def event(
    name: str, *fields: tuple[str, str], time: str = "2026-01-01T00:00:00Z", tags: list[dict[str, str]] | None = None
) -> str:
    facets: dict[str, Any] = {"schema": {"fields": [{"name": field, "type": kind} for field, kind in fields]}}
    if tags is not None:
        facets["tags"] = {"tags": tags}
    dataset = {"namespace": "duckdb://shop", "name": name, "facets": facets}
    return json.dumps({"eventTime": time, "run": {}, "job": {"namespace": "x", "name": "y"}, "inputs": [], "outputs": [dataset]})


def test_events_speak_of_what_ran(shop: Shop, tmp_path: Path) -> None:
    old = event("marts.orders", ("id", "text"), time="2025-01-01T00:00:00Z")
    new = event("marts.orders", ("id", "bigint"), ("amount", "decimal(12,2)"), ("at", "date"), ("who", "text"))
    (tmp_path / "events.ndjson").write_text(f"{new}\n{old}\n")
    assert shop.found(tmp_path / "events.ndjson") == [
        ("missing_column", "marts.orders.note", "text", ""),
        ("type", "marts.orders.at", "timestamp", "date"),
        ("extra_column", "marts.orders.who", "", "text"),
    ]


def test_a_contract_speaks_of_its_own(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(
        "version: 1.0.0\nkind: DataContract\napiVersion: v3.1.0\nid: a\nschema:\n  - name: totals\n    properties:\n"
        "      - {name: at, logicalType: date}\n      - {name: total, tags: [finance]}\n"
    )
    assert shop.found(tmp_path / "c.yaml") == [
        ("missing_column", "marts.totals.n", "bigint", ""),
        ("type", "marts.totals.at", "timestamp", "date"),
        ("tags", "marts.totals.total", "", "finance"),
    ]


def test_columns_of_sources_that_are_read_must_be_there(tmp_path: Path) -> None:
    write(
        tmp_path / "r",
        {
            "dbt_project.yml": "name: shop\n",
            "models/sources.yml": "sources: [{name: raw, tables: [{name: orders, columns: [{name: id}, {name: gone}]}]}]\n",
            "models/orders.sql": "select id, amout from {{ source('raw', 'orders') }}\n",
        },
    )
    rows = [("raw", "orders", "id"), ("raw", "orders", "amount")]
    (tmp_path / "c.csv").write_text("table_schema,table_name,column_name\n" + "".join(f"{','.join(row)}\n" for row in rows))
    report: DriftReport = drift(tmp_path / "c.csv", tmp_path / "r")
    assert [(each.kind.value, each.subject) for each in report.drifts] == [
        ("missing_column", "raw.orders.amout"),
        ("missing_column", "raw.orders.gone"),
    ]
    assert report.uncovered == 1  # of the model's own schema the file tells nothing


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", "a,b\n1,2\n", "no column is called table_name: it has a, b"),
        ("a.csv", "", "it has no rows"),
        ("a.json", '[{"column_name": 1', "not readable as JSON"),
        ("a.json", '{"column_name": []}', "it has no rows"),
        ("a.txt", "hello", "nobody knows what it is; known are catalog, csv, duckdb, json, odcs, openlineage, sqlite"),
        ("catalog.json", "{}", "it is no catalog of dbt"),
        ("catalog.json", '{"nodes": {}}', "it tells of no table"),
        ("a.db", "SQLite format 3\0broken", "SQLite cannot read it"),
        ("a.db", "12345678DUCKbroken", "DuckDB cannot read it"),
        ("a.ndjson", '{"eventTime": "x", "job": {}}\n', "no event says which columns a dataset has"),
        (
            "a.ndjson",
            '{"eventTime": "x", "job": {}, "outputs": [{"facets": {"schema": 3}}]}\n',
            "its events are not as OpenLineage",
        ),
        ("a.yaml", "kind: DataContract\napiVersion: v2.2.0\n", "ODCS v2.2.0 is not read"),
    ],
)
def test_what_cannot_be_read_is_one_line(shop: Shop, tmp_path: Path, name: str, content: str, told: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(UsageError) as error:
        drift(tmp_path / name, shop.root)
    assert str(error.value).startswith(f"{tmp_path / name}: ")
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_kind_that_is_said(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "x.dump").write_text("table_schema,table_name,column_name\nraw,orders,id\n")
    assert drift(tmp_path / "x.dump", shop.root, kind="csv").datasets == 1
    with pytest.raises(UsageError, match="nothing is read as 'cvs'; known are catalog, csv"):
        drift(tmp_path / "x.dump", shop.root, kind="cvs")
