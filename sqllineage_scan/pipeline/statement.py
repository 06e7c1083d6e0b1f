"""SQL text without a repository: the same stages, for one text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqllineage_scan.dialects import dialect as dialect_of
from sqllineage_scan.domain.dataset import Column
from sqllineage_scan.domain.source import FileKind, SourceFile
from sqllineage_scan.pipeline.remarks import acknowledgements
from sqllineage_scan.pipeline.scan import link_files
from sqllineage_scan.pipeline.work import compile_sql
from sqllineage_scan.resolve.link import LinkOptions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqllineage_scan.graph.model import LineageGraph

QUERY = "<query>"
"""The path that spans of such a text carry, and the name of the dataset that a bare SELECT writes."""


def analyze(
    sql: str,
    *,
    dialect: str | None,
    schema: Mapping[str, Mapping[str, str] | Sequence[str]] | None,
    default_catalog: str | None,
    default_schema: str | None,
) -> LineageGraph:
    """The lineage of ``sql``; ``schema`` says which columns its tables have: {"raw.orders": {"id": "int"}} or {"t": ["id"]}."""
    text = sql.replace("\r\n", "\n").replace("\r", "\n")
    file = compile_sql(SourceFile(QUERY, FileKind.SQL, dialect=dialect or ""), text, None)
    file = replace(file, acknowledgements=acknowledgements(QUERY, text))
    options = LinkOptions("", default_catalog, default_schema, (), _given(schema or {}, dialect or ""))
    return link_files(QUERY, [file], (), options)


def _given(schema: Mapping[str, Mapping[str, str] | Sequence[str]], dialect: str) -> dict[tuple[str, ...], list[Column]]:
    spoken = dialect_of(dialect)
    found = {}
    for name, columns in schema.items():
        parts = tuple(spoken.relation(part.strip('"`'), quoted=part[:1] in ('"', "`")) for part in name.split("."))
        types = dict(columns.items()) if hasattr(columns, "items") else dict.fromkeys(columns)
        found[parts] = [Column(spoken.column(column), kind, ordinal) for ordinal, (column, kind) in enumerate(types.items(), 1)]
    return found
