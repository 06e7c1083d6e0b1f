"""A reason to doubt an edge, where a statement gives one: a name that fits two inputs, a column its table does not have."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqllineage_scan.domain.edge import ColumnEdge, RowEdge
from sqllineage_scan.domain.evidence import RULES, EvidenceKind
from sqllineage_scan.domain.finding import Step
from sqllineage_scan.linting.item import Item, weakest_edge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.facts import DropFact
    from sqllineage_scan.domain.names import ColumnId
    from sqllineage_scan.linting.material import Material

ATTRIBUTES = {
    "kind": "the kind of evidence: candidate, not_in_schema, hole … (docs/confidence.md)",
    "note": "what the scan says of it",
    "among": "of a candidate: how many there are",
    "columns": "the columns that are read there, or may be",
    "column": "the name that is read there",
    "datasets": "the datasets of those columns",
    "origins": "how their columns are known: ddl, seed, inferred, properties …",
    "targets": "the datasets that are made there",
    "confidence": "of the least certain edge that has it",
    "protects": "a column that it decides, of a dataset that an exposure uses or the configuration protects",
    "dropped": "whether DDL of the repository has dropped or renamed a column of that name",
    "renamed": "the name that DDL gave the column instead",
}
_QUIET = RULES | {EvidenceKind.SOLE_INPUT}


def each(material: Material) -> Iterator[Item]:
    found: defaultdict[tuple[Evidence, object], list[ColumnEdge | RowEdge]] = defaultdict(list)
    edges: list[ColumnEdge | RowEdge] = [*material.graph.column_edges, *material.graph.row_edges]
    for edge in edges:
        if not material.looks_at(edge.target.dataset if isinstance(edge, ColumnEdge) else edge.target):
            continue
        for item in edge.evidence:
            if item.kind not in _QUIET:
                found[item, edge.span if item.span is None else None].append(edge)
    dropped = {fact.column: fact for statement in material.known_facts.statements for fact in statement.drops}
    for (evidence, _), alike in found.items():
        yield _item(material, evidence, alike, dropped)


def elsewhere(edges: Iterable[ColumnEdge | RowEdge], path: str) -> frozenset[str]:
    """The other files whose places give reasons to doubt edges of a job in ``path``: macros, and statements that read a column
    which may be another's. What stands there is one reason, on however many edges.
    """
    return frozenset(
        item.span.path
        for edge in edges
        for item in edge.evidence
        if item.kind not in _QUIET and item.span is not None and item.span.path != path
    )


def _item(
    material: Material, evidence: Evidence, edges: Sequence[ColumnEdge | RowEdge], dropped: Mapping[ColumnId, DropFact]
) -> Item:
    columns = tuple(sorted({edge.source for edge in edges}))
    targets = sorted({edge.target.dataset if isinstance(edge, ColumnEdge) else edge.target for edge in edges})
    datasets = tuple(sorted({column.dataset for column in columns}))
    known = [material.index.datasets[dataset] for dataset in datasets if dataset in material.index.datasets]
    drop = next((dropped[column] for column in columns if column in dropped), None)
    best = max(edges, key=lambda edge: weakest_edge([edge], frozenset({evidence.kind}))[0])
    confidence, weakest = weakest_edge([best], frozenset({evidence.kind}))
    steps = [Step(f"{dataset.id} is defined here", dataset.span) for dataset in known if dataset.span is not None]
    steps += (
        [Step(f"{drop.column} was {'renamed to ' + drop.renamed if drop.renamed else 'dropped'} here", drop.span)] if drop else []
    )
    return Item(
        evidence.span or edges[0].span,
        " or ".join(str(column) for column in columns),
        {
            "kind": evidence.kind.value,
            "note": evidence.note,
            "among": evidence.among,
            "columns": columns,
            "column": tuple(sorted({column.column for column in columns})),
            "datasets": datasets,
            "origins": tuple(sorted({dataset.origin.value for dataset in known})),
            "targets": tuple(targets),
            "confidence": min(edge.confidence for edge in edges),
            "protects": lambda: _protected(material, edges),
            "dropped": drop is not None,
            "renamed": drop.renamed if drop else "",
        },
        tuple(steps),
        confidence,
        weakest,
        targets[0],
    )


def _protected(material: Material, edges: Sequence[ColumnEdge | RowEdge]) -> str:
    decided = (material.feeds_protected.get(edge.target) for edge in edges if isinstance(edge, ColumnEdge))
    return next((str(column) for column in decided if column is not None), "")
