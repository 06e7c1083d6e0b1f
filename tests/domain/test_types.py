"""Types of databases are compared by what they are, not by how they are spelled."""

from __future__ import annotations

import pytest

from sqllineage_scan.domain.types import is_logical, logical_type, type_class, type_family, types_agree

SAME = [
    ("INT64", "bigint"),
    ("NUMBER(38, 0)", "integer"),
    ("NUMBER", "int"),
    ("NUMBER", "decimal(18, 2)"),
    ("STRING", "character varying(20)"),
    ("DOUBLE PRECISION", "float64"),
    ("timestamp with time zone", "TIMESTAMP_TZ(9)"),
    ("DATETIME2", "timestamp"),
    ("Nullable(String)", "varchar"),
    ("LowCardinality(Nullable(Int8))", "tinyint"),
    ("jsonb", "STRUCT<a int>"),
    ("ARRAY<STRING>", "text[]"),
    ("Array(String)", "array<int64>"),
    ("order_state", "varchar"),  # a type of the user's own may be anything
]
OTHERS = [
    ("bigint", "decimal(18, 2)"),
    ("decimal(18, 2)", "double"),
    ("NUMBER", "float"),
    ("date", "timestamp"),
    ("time", "timestamp"),
    ("text", "int"),
    ("uuid", "varchar(36)"),
    ("boolean", "int"),
    ("array<int>", "struct<a int>"),
    ("json", "text"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same(one: str, other: str) -> None:
    assert types_agree(one, other)
    assert types_agree(other, one)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_not_the_same(one: str, other: str) -> None:
    assert not types_agree(one, other)
    assert not types_agree(other, one)


@pytest.mark.parametrize(
    ("name", "logical"),
    [
        ("INT64", "integer"),
        ("NUMBER(38,0)", "integer"),
        ("NUMBER", "number"),
        ("numeric(12, 2)", "number"),
        ("varchar(20)", "string"),
        ("uuid", "string"),
        ("date", "date"),
        ("timestamptz", "timestamp"),
        ("bool", "boolean"),
        ("struct<a int>", "object"),
        ("map<varchar, int>", "object"),
        ("text[]", "array"),
        ("variant", ""),
        ("bytea", ""),
        ("mood", ""),
    ],
)
def test_what_odcs_calls_it(name: str, logical: str) -> None:
    assert logical_type(name) == logical
    assert not logical or is_logical(logical, name)


def test_a_logical_type_is_not_another() -> None:
    assert not is_logical("date", "timestamp")
    assert not is_logical("integer", "decimal(10, 2)")
    assert is_logical("number", "bigint")  # whole numbers are numbers
    assert is_logical("date", "mood")  # nobody can say no


def test_families_are_coarser() -> None:
    assert type_family("decimal(10, 2)") == type_family("double") == "number"
    assert type_family("date") == type_family("timestamp") == "time"
    assert type_family("mood") == type_family("struct<a int>") == ""
    assert type_class("mood") is None
