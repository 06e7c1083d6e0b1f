"""The graph as one SQLite file, to be asked in SQL. Its tables and views: ``outputs/sqlite/schema.sql``, docs/formats.md."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib.resources import files
from typing import TYPE_CHECKING, Any, BinaryIO

from sqllineage_scan.bundled import version
from sqllineage_scan.graph.encode import SCHEMA_VERSION, TOOL
from sqllineage_scan.outputs.sqlite.rows import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.graph.content import Content

BINARY = True


def write(graph: Content, out: BinaryIO) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(files("sqllineage_scan.outputs.sqlite").joinpath("schema.sql").read_text(encoding="utf-8"))
        database.executemany("insert into project values (?, ?)", _project(graph))
        for name, rows in tables(graph):
            _insert(database, name, rows)
        database.commit()
        database.execute("vacuum")
        out.write(database.serialize())


def _insert(database: sqlite3.Connection, name: str, rows: Any) -> None:
    width = len(database.execute(f"select * from {name} limit 0").description)  # noqa: S608 -- our own names
    marks = ", ".join("?" * width)
    database.executemany(f"insert into {name} values ({marks})", (tuple(map(_storable, row)) for row in rows))  # noqa: S608


def _storable(value: Any) -> Any:
    """A file name that is no UTF-8 holds lone surrogates, which SQLite does not take."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(value, str) else value


def _project(graph: Content) -> Iterator[tuple[str, str]]:
    coverage = graph.coverage
    yield "schema_version", SCHEMA_VERSION
    yield "tool", TOOL
    yield "tool_version", version()
    yield "name", graph.name
    if graph.revision is not None:
        yield "revision", graph.revision
    yield "statements", str(coverage.statements)
    yield "statements_understood", str(coverage.statements_understood)
    yield "references", str(coverage.references)
    yield "references_resolved", str(coverage.references_resolved)
