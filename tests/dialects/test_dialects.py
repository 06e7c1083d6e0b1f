from __future__ import annotations

import re

import pytest
from sqlglot.dialects.dialect import Dialects

from sqllineage_scan.dialects import canonical_name, dialect, of_adapter, own_files

NAMED = [name for name in own_files() if name != "ansi"]


@pytest.mark.parametrize("name", NAMED)
def test_a_file_answers_under_its_own_name(name: str) -> None:
    spoken = dialect(name)
    assert spoken.name == name
    assert name in {member.value for member in Dialects}
    for pattern, sign, weight in spoken.hints:
        re.compile(pattern)
        assert sign
        assert weight > 0


def test_the_dialects_of_the_mission_have_files() -> None:
    wanted = "snowflake bigquery redshift postgres databricks spark hive tsql oracle mysql trino athena clickhouse duckdb sqlite"
    assert set(wanted.split()) <= set(NAMED)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PostgreSQL", "postgres"),
        ("sparksql", "spark"),
        ("mssql", "tsql"),
        ("ansi", ""),
        ("Snowflake", "snowflake"),
        ("klingon", None),
    ],
)
def test_what_people_call_them(text: str, name: str | None) -> None:
    assert canonical_name(text) == name


def test_adapters() -> None:
    assert of_adapter("bigquery") == "bigquery"
    assert of_adapter("sqlserver") == "tsql"
    assert of_adapter("nobody") is None


def test_an_unknown_dialect_behaves_as_the_standard() -> None:
    assert dialect("teradata").name == "teradata"
    assert dialect("teradata").column("A") == dialect("").column("A")


@pytest.mark.parametrize(
    ("name", "written", "quoted", "expected"),
    [
        ("snowflake", "Orders", False, "orders"),
        ("snowflake", "ORDERS", True, "orders"),
        ("snowflake", "orders", True, '"orders"'),
        ("postgres", "Orders", False, "orders"),
        ("postgres", "orders", True, "orders"),
        ("postgres", "Orders", True, '"Orders"'),
        ("duckdb", "Orders", True, "orders"),
        ("bigquery", "Orders", False, "Orders"),
        ("oracle", "ORDERS", True, "orders"),
    ],
)
def test_relations_fold(name: str, written: str, *, quoted: bool, expected: str) -> None:
    assert dialect(name).relation(written, quoted=quoted) == expected
