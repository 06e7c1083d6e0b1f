"""Who answers for what, dataset by dataset and column by column; tags and terms go along with values that are passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.governance import Governed, Held, HeldKind
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.domain.transformation import TransformationSubtype

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.dataset import Column, Dataset
    from sqllineage_scan.domain.edge import ColumnEdge
    from sqllineage_scan.graph.model import LineageGraph

_KINDS = list(HeldKind)
_Mark = tuple[HeldKind, str]


def governance_of(graph: LineageGraph) -> tuple[Governed, ...]:
    """Every dataset, also one that nobody answers for, and every column that has anything of its own or inherited."""
    inherited = inherited_marks(graph)
    found: list[Governed] = []
    for dataset in graph.datasets:
        found.append(Governed(dataset.id, "", tuple(_of_dataset(dataset))))
        declared = {column.name: column for column in dataset.columns or ()}
        for name in graph.index.columns[dataset.id]:
            own = own_marks(declared[name]) if name in declared else ()
            held = (*own, *inherited.get(ColumnId(dataset.id, name), ()))
            if held:
                found.append(Governed(dataset.id, name, tuple(sorted(held, key=_order))))
    return tuple(found)


def _of_dataset(dataset: Dataset) -> Iterator[Held]:
    if dataset.owner is not None:
        yield Held(HeldKind.OWNER, dataset.owner, dataset.owner_origin)
    yield from (Held(HeldKind.OWNER, owner, "CODEOWNERS") for owner in dataset.code_owners if owner != dataset.owner)
    yield from (Held(HeldKind.STEWARD, steward) for steward in dataset.stewards)
    yield from (Held(HeldKind.TERM, term) for term in dataset.terms)
    yield from (Held(HeldKind.TAG, tag) for tag in dataset.tags)
    if dataset.access:
        yield Held(HeldKind.ACCESS, dataset.access, "dbt")


def own_marks(column: Column) -> tuple[Held, ...]:
    return (
        *(Held(HeldKind.TERM, term) for term in column.terms),
        *(Held(HeldKind.TAG, tag) for tag in column.tags),
    )


def inherited_marks(graph: LineageGraph) -> dict[ColumnId, tuple[Held, ...]]:
    """What columns have because they are another column as it is: an email stays one under every name. Masking ends it.

    Of several ways from one origin the surest counts; a column that has a mark itself inherits it from nobody.
    """
    own = {
        ColumnId(dataset.id, column.name): {(held.kind, held.text) for held in own_marks(column)}
        for dataset in graph.datasets
        for column in dataset.columns or ()
        if column.tags or column.terms
    }
    if not own:
        return {}
    passed = _passed_on(graph)
    found: dict[ColumnId, dict[tuple[_Mark, ColumnId], float]] = {}
    for origin, marks in sorted(own.items()):
        for column, confidence in _reached(origin, passed).items():
            for mark in marks - own.get(column, set()):
                found.setdefault(column, {})[mark, origin] = confidence
    return {
        column: tuple(sorted((Held(*mark, "", origin, confidence) for (mark, origin), confidence in marks.items()), key=_order))
        for column, marks in found.items()
    }


def _passed_on(graph: LineageGraph) -> dict[ColumnId, list[ColumnEdge]]:
    found: dict[ColumnId, list[ColumnEdge]] = {}
    for edge in graph.column_edges:
        if edge.transformation.subtype is TransformationSubtype.IDENTITY and not edge.transformation.masking:
            found.setdefault(edge.source, []).append(edge)
    return found


def _reached(origin: ColumnId, passed: dict[ColumnId, list[ColumnEdge]]) -> dict[ColumnId, float]:
    """With the confidence of the surest way."""
    best: dict[ColumnId, float] = {origin: 1.0}
    pending = [origin]
    for column in pending:  # it grows
        for edge in passed.get(column, ()):
            confidence = best[column] * edge.confidence
            if confidence > best.get(edge.target, 0.0):
                best[edge.target] = confidence
                pending.append(edge.target)
    del best[origin]
    return best


def _order(held: Held) -> tuple[object, ...]:
    return (_KINDS.index(held.kind), held.text, held.source is not None, -held.confidence, str(held.source))
