"""Snowflake's streams: the changes of a table, with its columns and three of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.unit import Projection, Relation, Star, Write
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError

if TYPE_CHECKING:
    from sqllineage_scan.parse.reader import Reader

WORDS = ("create stream", "create or replace stream")

# docs.snowflake.com/en/user-guide/streams-intro, "stream columns"
_OWN = ("metadata$action", "metadata$isupdate", "metadata$row_id")


def compile_words(reader: Reader) -> Statement:
    """``create stream st on table raw.t append_only = true``"""
    reader.seek("STREAM")
    reader.take("STREAM")
    reader.take("IF NOT EXISTS")
    target = reader.name()
    if not reader.seek("ON"):
        raise UnsupportedSyntaxError("CREATE STREAM without ON")
    reader.take("ON TABLE", "ON VIEW", "ON EXTERNAL TABLE", "ON STAGE", "ON DYNAMIC TABLE", "ON EVENT TABLE", "ON")
    scope = reader.scope
    span = reader.span()
    changes = tuple(Projection(name, (), name, span) for name in _OWN)
    item = scope.from_item(reader.table())
    relation = scope.add(Relation(inputs=tuple(item.inputs), projections=(Star(None, span), *changes)))
    return Statement(JobKind.CREATE, (Write(target, relation, DatasetKind.VIEW, span=span),))
