"""The TPC-H and TPC-DS queries, as the DuckDB wheel carries them: their texts may not be kept in this repository.

Each query gets tables of its own, filled with the values that it compares columns with: its conditions must sometimes be true.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb
import sqlglot
from sqlglot import exp
from worlds import Table, Worlds

if TYPE_CHECKING:
    from collections.abc import Iterator

SETS = {"tpch": "dbgen", "tpcds": "dsdgen"}
JOINED = (1, 2, 3, "a", "b")  # few values, so that the rows of eight tables meet
NULLS = 0.04


@cache
def queries(which: str) -> tuple[tuple[int, str], ...]:
    """Number and text; none where the wheel has no such extension in it."""
    connection = duckdb.connect()
    connection.execute("set autoinstall_known_extensions = false")
    try:
        found = connection.execute(f"select query_nr, query from {which}_queries() order by 1").fetchall()
    except duckdb.Error:
        return ()
    return tuple((number, text.strip().rstrip(";")) for number, text in found)


@cache
def _schema(which: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    connection = duckdb.connect()
    connection.execute(f"call {SETS[which]}(sf=0)")
    rows = connection.execute(
        "select table_name, list(column_name order by ordinal_position), list(lower(data_type) order by ordinal_position)"
        " from information_schema.columns group by all order by all"
    ).fetchall()
    return tuple((name, tuple(zip(columns, kinds, strict=True))) for name, columns, kinds in rows)


def worlds_for(which: str, sql: str, seed: int = 0) -> Worlds:
    """The tables that a query names."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    named = {table.name.lower() for table in tree.find_all(exp.Table)}
    domains = _domains(tree)
    tables = []
    for name, columns in _schema(which):
        if name in named:
            kinds = dict(columns)
            chosen = tuple((column, _typed(domains[column], kinds[column])) for column in kinds if column in domains)
            domains_here = tuple((column, values) for column, values in chosen if values)
            tables.append(Table(name, columns, domains_here, unique=(), nulls=NULLS))
    return Worlds(tuple(tables), seed=seed, size=14)


def _domains(tree: exp.Expr) -> dict[str, list[Any]]:
    """What each column is compared with: ``d_year = 2000``, ``i_color in ('red', 'blue')``, ``d_date between …``."""
    found: dict[str, list[Any]] = {}
    for node in tree.find_all(exp.Predicate, exp.Binary):
        columns = {column.name.lower() for column in node.find_all(exp.Column)}
        values = [value for literal in node.find_all(exp.Literal) for value in _around(literal)]
        if len(columns) <= 2 and values:
            for column in columns:
                found.setdefault(column, []).extend(values)
    pairs = [
        (node.this.name.lower(), node.expression.name.lower())
        for node in tree.find_all(exp.EQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
        if isinstance(node.this, exp.Column) and isinstance(node.expression, exp.Column)
    ]
    for left, right in [*pairs, *reversed(pairs)]:  # what is compared has the same values
        shared = [*dict.fromkeys((*found.get(left, ()), *found.get(right, ())))]
        found[left] = found[right] = shared or list(JOINED)
    return found


def _around(literal: exp.Literal) -> Iterator[Any]:
    if not literal.is_string:
        number = int(float(literal.this))
        yield from (number, number, number, number - 1, number + 1)
        return
    text = str(literal.this)
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        yield from (text.strip("%_").replace("%", ""), text.strip("%_").replace("%", ""), "a")
        return
    yield from (day + dt.timedelta(days=days) for days in (0, 1, 2, 20, 200))


def _typed(values: list[Any], kind: str) -> tuple[Any, ...]:
    """The values that a column of that type can hold."""
    fits = {
        "date": lambda value: isinstance(value, dt.date),
        "varchar": lambda value: isinstance(value, str) and value != "",
    }
    number = kind.startswith(("int", "bigint", "decimal"))
    fit = fits.get(kind, lambda value: number and isinstance(value, int) and abs(value) < 100_000)
    return tuple(value for value in values if fit(value))
