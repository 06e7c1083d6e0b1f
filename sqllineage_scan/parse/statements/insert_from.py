"""INSERT whose rows are no query's: a procedure's, a file's, those that stand behind the statement; and one into a directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import FunctionUse, Input, Relation, Star, Write
from sqllineage_scan.parse.files import load, unload
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.parse.reader import Reader

WORDS = ("insert",)

_FIRST = ("SELECT", "WITH", "FROM", "VALUES", "TABLE")


def compile_words(reader: Reader) -> Statement:
    """Only what ``statements/insert.py`` cannot see in a syntax tree."""
    read = _BY_DIALECT.get(reader.scope.dialect.name)
    found = read(reader) if read is not None else None
    if found is None:
        raise UnsupportedSyntaxError("INSERT of this form")
    return Statement(JobKind.INSERT, (found,))


def _spark(reader: Reader) -> Write | None:
    """``insert overwrite local directory '/out' using csv options (…) select …``."""
    if not reader.take("INSERT OVERWRITE LOCAL DIRECTORY", "INSERT OVERWRITE DIRECTORY"):
        return None
    path = reader.string() or next(iter(reader.until(*_FIRST).strings()), None)
    if path is None or not reader.seek(*_FIRST):
        return None
    span = reader.span()
    return unload(reader.scope.query(reader.parse()), path, span)


def _clickhouse(reader: Reader) -> Write | None:
    """``insert into t from infile 'x.csv' format CSV``; ``insert into t format CSV`` with the rows behind it."""
    if not reader.take("INSERT INTO TABLE", "INSERT INTO") or reader.sees("FUNCTION"):
        return None
    target = reader.name()
    reader.group()
    if reader.take("FROM INFILE"):
        path = reader.string()
        return load([path], target, reader.span(), reader.scope) if path is not None else None
    return _nothing(target, reader) if reader.sees("FORMAT") else None


def _tsql(reader: Reader) -> Write | None:
    """``insert into t (a, b) exec dbo.p @x = 1``: the rows that the procedure selects, wherever in the repository it is."""
    reader.take("INSERT INTO", "INSERT")
    target = reader.name()
    columns = reader.identifiers() or None
    if not reader.take("EXECUTE", "EXEC"):
        return None
    name = reader.name()
    scope, span = reader.scope, reader.span()
    call = FunctionUse(name.parts, (), Subtype.IDENTITY, masking=False)
    rows = scope.add(Relation(arguments=(), function=call))
    relation = scope.add(Relation(inputs=(Input("", rows, span),), projections=(Star(None, span),)))
    return Write(target, relation, None, columns, span=span)


def _nothing(target: RelationName, reader: Reader) -> Write:
    return Write(target, reader.scope.add(Relation()), None, (), span=reader.span())


_BY_DIALECT: dict[str, Callable[[Reader], Write | None]] = {
    **dict.fromkeys(("spark", "spark2", "databricks", "hive"), _spark),
    **dict.fromkeys(("tsql", "fabric"), _tsql),
    "clickhouse": _clickhouse,
}
