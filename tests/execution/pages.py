"""The pages of ``tests/sql``, as far as DuckDB runs what stands on them."""

from __future__ import annotations

import importlib.util
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from claims import Case
from worlds import Table, Worlds

from sqllineage_scan import analyze_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = Path(__file__).parent.parent / "sql"
DIALECTS = ("", "duckdb", "postgres")
TYPES = ("integer", "varchar", "date", "boolean", "integer[]", "struct(x integer, y varchar)")
TRIES = 60

_CREATED = re.compile(
    r"\s*create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?(?:table|view)\s+([\w.]+)[^;]*?\bas\b", re.IGNORECASE
)

_SAMPLE = re.compile(r"\b(?:using\s+|table)sample\b", re.IGNORECASE)


def cases() -> Iterator[tuple[str, Case, Worlds]]:
    """The name of every case that runs, the case, and tables of types with which it does."""
    for name, sql, dialect, schema in _written():
        if dialect not in DIALECTS or ";" in sql.strip().rstrip(";"):
            continue
        text = sql.strip().rstrip(";")
        created = _CREATED.match(text)
        if created is None and not re.match(r"\s*(select|with|from|values|\()", text, re.IGNORECASE):
            continue
        target = created[1].lower() if created else None
        columns = schema or _columns_read(text, dialect, target)
        if _SAMPLE.search(text) or len({table.rpartition(".")[2] for table in columns}) < len(columns):
            continue  # rows that chance chooses; a name that several tables have, of which DuckDB takes one
        worlds = _typed(text, columns, random.Random(name))
        if worlds is not None:
            yield name, Case(text, dialect=dialect, target=target), worlds


def _written() -> Iterator[tuple[str, str, str, dict[str, list[str]]]]:
    specification = importlib.util.spec_from_file_location("pages_of_sql", PAGES / "test_pages.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    import sys

    sys.modules[specification.name] = module  # its dataclass looks itself up there
    specification.loader.exec_module(module)
    for case in module.ALL:
        yield case.name, case.sql, case.dialect, case.schema


def _columns_read(sql: str, dialect: str, target: str | None) -> dict[str, list[str]]:
    """A page without a schema: the columns that we say it reads are those its tables have."""
    document = analyze_sql(sql, dialect=dialect).to_dict()
    found: dict[str, list[str]] = {}
    for edge in (*document["column_edges"], *document["row_edges"]):
        source = edge["source"]
        if source["dataset"] not in ("<query>", target) and source["column"] not in found.setdefault(source["dataset"], []):
            found[source["dataset"]].append(source["column"])
    return found


def _typed(sql: str, columns: dict[str, list[str]], rng: random.Random) -> Worlds | None:
    """Tables of types with which DuckDB takes the query: tried until it does."""
    if not columns or any(not re.fullmatch(r"[\w.]+", name) for name in columns):
        return None
    ordered = {name.lower() for name in re.findall(r"order by (?:\w+\.)?(\w+)", sql, re.IGNORECASE)}
    for turn in range(TRIES):
        tables = []
        for name, listed in columns.items():
            kinds = tuple((column, _guess(column, turn, rng)) for column in listed)
            # what is sorted by has no ties: which of two equals comes first is nobody's promise
            unique = tuple(column for column, kind in kinds if column in ordered and kind in ("integer", "date", "varchar"))
            tables.append(Table(name, kinds, unique=unique))
        worlds = Worlds(tuple(tables))
        try:
            worlds.enter(worlds.variant(0))
            worlds.connection.execute("begin")
            worlds.ask(sql)
            worlds.connection.execute("rollback")
        except duckdb.Error:
            worlds.connection.close()
            continue
        return worlds
    return None


def _guess(column: str, turn: int, rng: random.Random) -> str:
    if turn < len(TYPES):
        return TYPES[turn]
    if turn % 2 and re.search(r"day|date|time|_at$", column):
        return "date"
    if turn % 2 and re.search(r"name|status|city|country|email|note|text", column):
        return "varchar"
    return rng.choice((TYPES[0], TYPES[0], *TYPES))
