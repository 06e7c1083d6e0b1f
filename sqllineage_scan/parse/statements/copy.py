"""COPY: files and stages into tables, tables and queries into files and stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Input, Projection, Reference, Relation, Star, Write
from sqllineage_scan.parse.files import file_name, load, unload
from sqllineage_scan.parse.locations import location, with_paths
from sqllineage_scan.parse.reader import Reader
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import RelationName

WORDS = ("copy",)

_STAGE = "staged"
_STREAMS = ("STDIN", "STDOUT", "PROGRAM")


def compile_words(reader: Reader) -> Statement:
    """``copy into t from @stage``, ``copy into @stage from t``, ``copy t from 'file'``, ``copy (select …) to 'file'``."""
    reader.take("COPY")
    write = _into(reader) if reader.take("INTO") else _from_or_to(reader)
    return Statement(JobKind.COPY, (write,) if write is not None else ())


def _into(reader: Reader) -> Write:
    """Snowflake's, Databricks' and Synapse's."""
    path = location(reader)
    span = reader.span()
    if path is not None:
        if not reader.seek("FROM"):
            raise UnsupportedSyntaxError("COPY INTO a location without FROM")
        reader.take("FROM")
        return unload(_rows(reader), path, span)
    target = reader.name()
    columns = reader.identifiers() or None
    by_position = bool(reader.take("BY POSITION"))
    if not reader.take("FROM"):
        raise UnsupportedSyntaxError("COPY INTO without FROM")
    query = reader.group()
    if query is not None:
        tokens, scope = with_paths(query.tokens, reader.scope)
        relation = scope.query(Reader(tokens, scope).parse())
        by_name = reader.scope.dialect.name == "databricks" and not by_position
        return Write(target, relation, None, columns, by_name=by_name, span=span)
    paths = []
    while (path := location(reader)) is not None:
        paths.append(path)
        reader.take(",")
    if not paths:
        raise UnsupportedSyntaxError("COPY INTO FROM something that is no file")
    if columns is not None and paths[0].startswith("@"):
        return _by_number(paths[0], target, columns, reader)
    return load(paths, target, span, reader.scope)


def _by_number(stage: str, target: RelationName, columns: tuple[str, ...], reader: Reader) -> Write:
    """A staged file's columns go by their numbers: ``copy into t (a, b) from @st`` is ``select $1, $2 from @st``."""
    span = reader.span()
    items = tuple(
        Projection(
            f"${number}",
            (Reference(f"${number}", (_STAGE,), (), Subtype.IDENTITY, masking=False, span=span),),
            f"${number}",
            span,
        )
        for number in range(1, len(columns) + 1)
    )
    index = reader.scope.add(Relation(inputs=(Input(_STAGE, file_name(stage), span),), projections=items))
    return Write(target, index, None, columns, span=span)


def _from_or_to(reader: Reader) -> Write | None:
    """Postgres', Redshift's and DuckDB's. A stream or a program is no dataset."""
    span = reader.span()
    start = reader.at
    query = reader.group()
    target = None if query is not None else reader.name()
    listed = reader.identifiers()
    direction = reader.take("FROM", "TO")
    stream = reader.take(*_STREAMS)
    path = None if stream else reader.string()
    if not direction or (path is None and not stream):
        raise UnsupportedSyntaxError("COPY of this form")
    if direction == "FROM":
        assert target is not None
        if path is None:
            return Write(target, reader.scope.add(Relation()), None, (), span=span)
        return load([path], target, span, reader.scope)
    if path is None:
        return None
    reader.at = start
    return unload(_rows(reader, listed), path, span)


def _rows(reader: Reader, columns: tuple[str, ...] = ()) -> int:
    """The query in parentheses that comes next, or all of the table, or some of its columns."""
    query = reader.group()
    if query is not None:
        return reader.scope.query(query.parse())
    table = reader.table()
    inputs = tuple(reader.scope.from_item(table).inputs)
    span = reader.scope.text.node_span(table)
    items = [
        Projection(name, (Reference(name, (inputs[0].alias,), (), Subtype.IDENTITY, masking=False, span=span),), name, span)
        for name in columns
    ]
    return reader.scope.add(Relation(inputs=inputs, projections=tuple(items) or (Star(None, span),)))
