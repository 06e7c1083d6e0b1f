"""UNLOAD and EXPORT: a query's rows into files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.unit import Relation, Star
from sqllineage_scan.parse.files import load, unload
from sqllineage_scan.parse.reader import Reader, quoted_statement
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError
from sqllineage_scan.parse.words import STRINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqllineage_scan.domain.unit import Write

WORDS = ("unload", "export data", "export table", "import table", "import external table", "export database", "import database")


def compile_words(reader: Reader) -> Statement | None:
    """``unload ('select …') to 's3://…'``, ``export data options (uri = 'gs://…') as select …``, ``export table t to '/out'``."""
    if "DATABASE" in (reader.word(), reader.word(1)):
        return None
    verb = next(phrase for phrase in _KINDS if reader.take(phrase))
    return Statement(JobKind.COPY, (_KINDS[verb](reader),))


def _unload(reader: Reader) -> Write:
    """Redshift's query stands in a string, Athena's in parentheses."""
    span = reader.span()
    query = reader.group()
    reader.take("TO")
    path = reader.string()
    if query is None or not query.tokens or path is None:
        raise UnsupportedSyntaxError("UNLOAD of this form")
    if query.tokens[0].token_type in STRINGS:
        scope = quoted_statement(reader.scope, query.tokens[0])
        query = Reader(scope.text.tokens, scope)
    return unload(query.scope.query(query.parse()), path, span)


def _export_data(reader: Reader) -> Write:
    span = reader.span()
    options = reader.group() if reader.seek("OPTIONS") and reader.take("OPTIONS") else None
    paths = [item.strings() for item in options.items() if item.word() == "URI"] if options is not None else []
    if not paths or len(paths[0]) != 1 or not reader.seek("AS"):
        raise UnsupportedSyntaxError("EXPORT DATA of this form")
    reader.take("AS")
    return unload(reader.scope.query(reader.parse()), paths[0][0], span)


def _export_table(reader: Reader) -> Write:
    """Hive: a table, or a partition of it, with its definition."""
    span = reader.span()
    table = reader.table()
    path = reader.string() if reader.seek("TO") and reader.take("TO") else None
    if path is None:
        raise UnsupportedSyntaxError("EXPORT TABLE of this form")
    inputs = tuple(reader.scope.from_item(table).inputs)
    return unload(reader.scope.add(Relation(inputs=inputs, projections=(Star(None, span),))), path, span)


def _import_table(reader: Reader) -> Write:
    span = reader.span()
    target = reader.name()
    path = reader.string() if reader.seek("FROM") and reader.take("FROM") else None
    if path is None:
        raise UnsupportedSyntaxError("IMPORT TABLE of this form")
    return load([path], target, span, reader.scope)


_KINDS: dict[str, Callable[[Reader], Write]] = {
    "UNLOAD": _unload,
    "EXPORT DATA": _export_data,
    "EXPORT TABLE": _export_table,
    "IMPORT TABLE": _import_table,
    "IMPORT EXTERNAL TABLE": _import_table,
}
