"""Column edges as rows of a table: what csv and parquet write."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.outputs.lines import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.graph.content import Content


class EdgeRow(NamedTuple):
    source_namespace: str
    source_dataset: str
    source_column: str
    target_namespace: str
    target_dataset: str
    target_column: str
    job: str
    type: str
    subtype: str
    masking: bool
    expression: str
    confidence: float
    band: str
    evidence: str  # the kinds, a space between them
    path: str
    line: int | None


def edge_rows(content: Content) -> Iterator[EdgeRow]:
    for edge in content.column_edges:
        yield EdgeRow(
            clean(edge.source.dataset.namespace),
            clean(edge.source.dataset.name),
            clean(edge.source.column),
            clean(edge.target.dataset.namespace),
            clean(edge.target.dataset.name),
            clean(edge.target.column),
            clean(str(edge.job)),
            edge.transformation.type.value,
            edge.transformation.subtype.value,
            edge.transformation.masking,
            clean(edge.transformation.description),
            float(edge.confidence),
            edge.band.value,
            " ".join(dict.fromkeys(item.kind.value for item in edge.evidence)),
            clean(edge.span.path) if edge.span else "",
            edge.span.line if edge.span else None,
        )
