"""A column that DDL of the repository drops or renames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.edge import ColumnEdge, RowEdge
from sqllineage_scan.domain.evidence import EvidenceKind
from sqllineage_scan.domain.finding import Step
from sqllineage_scan.linting.item import Item, weakest_edge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "column": "the column, by its old name",
    "renamed": "its new name, of a rename",
    "readers": "the datasets that still read it by its old name",
    "done": "dropped, or renamed to …",
}


def each(material: Material) -> Iterator[Item]:
    for statement in material.known_facts.statements:
        for drop in statement.drops:
            index = material.index
            edges: list[ColumnEdge | RowEdge] = [*index.column_edges_from.get(drop.column, ())]
            edges += index.row_edges_from.get(drop.column, ())
            edges = [edge for edge in edges if any(item.kind is EvidenceKind.NOT_IN_SCHEMA for item in edge.evidence)]
            readers = {edge.target.dataset if isinstance(edge, ColumnEdge) else edge.target for edge in edges}
            confidence, weakest = max(
                (weakest_edge([edge], frozenset({EvidenceKind.NOT_IN_SCHEMA})) for edge in edges), default=(1.0, "")
            )
            yield Item(
                drop.span,
                str(drop.column),
                {
                    "column": drop.column,
                    "renamed": drop.renamed,
                    "readers": tuple(sorted(readers)),
                    "done": f"renamed to {drop.renamed}" if drop.renamed else "dropped",
                },
                tuple(dict.fromkeys(Step("it is read here", edge.span) for edge in edges if edge.span is not None)),
                confidence,
                weakest,
            )
