"""An SQLite file: a dump of ``information_schema.columns`` in a table, else the database that it is itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.drift import Observed
from sqllineage_scan.errors import UsageError
from sqllineage_scan.inputs.observed._rows import datasets_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def fits(path: Path, head: bytes) -> bool:
    del path
    return head.startswith(b"SQLite format 3\0")


def read(path: Path) -> Observed:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.row_factory = sqlite3.Row
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
            tables = {name: _columns(connection, name) for name in names if not name.startswith("sqlite_")}
            dump = next((name for name, columns in tables.items() if {"table_name", "column_name"} <= _names(columns)), None)
            rows = _own(tables) if dump is None else [dict(row) for row in connection.execute(f"SELECT * FROM {_quoted(dump)}")]  # noqa: S608 -- quoted
            return Observed(path.name, "sqlite", datasets_of(rows))
    except sqlite3.Error as error:
        raise UsageError(f"SQLite cannot read it: {error}") from error


def _columns(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(f"PRAGMA table_info({_quoted(table)})")]


def _names(columns: list[dict[str, Any]]) -> set[str]:
    return {str(column["name"]).casefold() for column in columns}


def _own(tables: dict[str, list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    for table, columns in sorted(tables.items()):
        for column in columns:
            yield {
                "table_name": table,
                "column_name": column["name"],
                "data_type": column["type"],
                "ordinal_position": column["cid"],
            }


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
