"""RENAME TABLE, RENAME, EXCHANGE TABLES, ALTER SCHEMA … TRANSFER, sp_rename: names that change hands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.dataset import Column, DatasetKind
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.unit import SchemaAction, SchemaChange
from sqllineage_scan.parse.moves import moved, renamed, renamed_columns, swapped
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError

if TYPE_CHECKING:
    from sqllineage_scan.parse.reader import Reader

_PROCEDURE = ("EXEC SP_RENAME", "EXECUTE SP_RENAME", "EXEC SYS . SP_RENAME", "EXECUTE SYS . SP_RENAME")
WORDS = ("rename", "exchange tables", "alter schema", *(phrase.lower() for phrase in _PROCEDURE))

_TABLE = NameKind.TABLE
_PART = re.compile(r'\[([^\]]+)\]|"([^"]+)"|([^.\[\]"]+)')


def compile_words(reader: Reader) -> Statement | None:
    """``rename table a to b, c to d``: each in its turn."""
    if reader.take(*_PROCEDURE):
        return _procedure(reader)
    if reader.take("EXCHANGE TABLES"):
        one = reader.table()
        reader.take("AND")
        return Statement(JobKind.RENAME, swapped(one, reader.table(), reader.scope))
    if reader.take("ALTER SCHEMA"):
        return _transfer(reader)
    reader.take("RENAME")
    if reader.sees("DATABASE") or reader.sees("DICTIONARY") or reader.sees("USER"):
        return None
    reader.take("TABLES", "TABLE", "OBJECT :", "OBJECT")
    writes = []
    for item in reader.items():
        item.take("IF EXISTS")
        item.take(":")
        old = item.table()
        if not item.take("TO"):
            raise UnsupportedSyntaxError("RENAME of this form")
        writes.append(renamed(old, item.name(), item.scope, DatasetKind.TABLE))
    return Statement(JobKind.RENAME, tuple(writes))


def _transfer(reader: Reader) -> Statement | None:
    """SQL Server: ``alter schema sales transfer dbo.t``."""
    schema = reader.name()
    if not reader.take("TRANSFER"):
        return None
    reader.take("OBJECT : :", "OBJECT ::")
    table = reader.table()
    name = RelationName(schema.kind, (*schema.parts, relation_name(table, reader.scope).parts[-1]))
    return Statement(JobKind.RENAME, (moved(table, name, reader.scope, DatasetKind.TABLE),))


def _procedure(reader: Reader) -> Statement | None:
    """``exec sp_rename 'dbo.t.a', 'b', 'COLUMN'``; without a kind, or with OBJECT, a table."""
    texts = reader.strings()
    if len(texts) < 2:  # noqa: PLR2004 -- the old name and the new
        raise UnsupportedSyntaxError("sp_rename of names that are not constant")
    dialect = reader.scope.dialect
    parts = [next(filter(None, match)) for match in _PART.findall(texts[0])]
    kind = texts[2].upper() if len(texts) > 2 else "OBJECT"  # noqa: PLR2004
    if kind == "COLUMN":
        table = RelationName(_TABLE, tuple(dialect.relation(part) for part in parts[:-1]))
        old, new = dialect.column(parts[-1]), dialect.column(texts[1])
        change = SchemaChange(SchemaAction.RENAME_COLUMN, table, reader.span(), (Column(new),), renamed_from=old)
        node = exp.to_table(".".join(f'"{part}"' for part in parts[:-1]))
        return Statement(JobKind.RENAME, renamed_columns(node, (change,), reader.scope), (change,))
    if kind != "OBJECT":
        return None
    node = exp.to_table(".".join(f'"{part}"' for part in parts))
    new_name = RelationName(_TABLE, (dialect.relation(texts[1]),))
    return Statement(JobKind.RENAME, (renamed(node, new_name, reader.scope, DatasetKind.TABLE),))
