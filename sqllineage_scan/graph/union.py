"""Two states of a repository as one graph: all of head, and what only base had, each part with its mark."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from sqllineage_scan.domain.change import ChangeKind, Effect
from sqllineage_scan.domain.edge import ColumnEdge
from sqllineage_scan.domain.mark import Mark
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.graph import order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqllineage_scan.domain.change import Diff
    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.edge import DatasetEdge, RowEdge
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.model import LineageGraph

    Edge = ColumnEdge | RowEdge | DatasetEdge

AnyEdge = TypeVar("AnyEdge", "ColumnEdge", "RowEdge", "DatasetEdge")
_DIFFERS = frozenset({ChangeKind.REDEFINED, ChangeKind.ROWS_CHANGED, ChangeKind.EVIDENCE_CHANGED})


@dataclass(frozen=True, slots=True)
class Union:
    """What has no mark is the same on both sides."""

    graph: LineageGraph
    datasets: Mapping[DatasetId, Mark]
    columns: Mapping[ColumnId, Mark]
    edges: Mapping[Edge, Mark]


def union(base: LineageGraph, head: LineageGraph, diff: Diff) -> Union:
    """Where both have an edge between the same two columns it is head's. What differs in layout alone is the same:
    an edge has changed only where ``diff`` says that its target has.
    """
    redefined = {change.subject for change in diff.changes if change.kind in _DIFFERS}
    columns, marks = _edges(base.column_edges, head.column_edges, redefined)
    rows, row_marks = _edges(base.row_edges, head.row_edges, redefined)
    tables, table_marks = _edges(base.dataset_edges, head.dataset_edges, redefined)
    datasets = _datasets(base, head)
    jobs = {job.id: job for job in (*base.jobs, *head.jobs)}
    graph = replace(
        head,
        datasets=tuple(sorted(datasets, key=order.dataset_key)),
        jobs=tuple(sorted(jobs.values(), key=order.job_key)),
        column_edges=tuple(sorted(columns, key=order.column_edge_key)),
        row_edges=tuple(sorted(rows, key=order.row_edge_key)),
        dataset_edges=tuple(sorted(tables, key=order.dataset_edge_key)),
    )
    return Union(
        graph, _marked_datasets(base, head, diff), _marked_columns(base, head, diff), {**marks, **row_marks, **table_marks}
    )


def _datasets(base: LineageGraph, head: LineageGraph) -> Iterable[Dataset]:
    """Head's, with the columns that only base had behind their own; then those that only base had."""
    old = base.index.datasets
    for dataset in head.datasets:
        before = old.get(dataset.id)
        known = head.index.columns[dataset.id]
        gone = [column for column in (before.columns if before else None) or () if column.name not in known]
        yield replace(dataset, columns=(*dataset.columns, *gone)) if gone and dataset.columns is not None else dataset
    yield from (dataset for dataset in base.datasets if dataset.id not in head.index.datasets)


def _edges(
    base: Iterable[AnyEdge], head: Iterable[AnyEdge], redefined: set[DatasetId | ColumnId]
) -> tuple[list[AnyEdge], dict[Edge, Mark]]:
    """Those of head, and those of base between two ends that head does not join; and the marks of what differs."""
    said: dict[tuple[object, object], set[object]] = {}
    for edge in base:
        said.setdefault((edge.source, edge.target), set()).add(_what(edge))
    found = list(head)
    marks: dict[Edge, Mark] = {}
    joined = {(edge.source, edge.target) for edge in found}
    for edge in found:
        before = said.get((edge.source, edge.target))
        if before is None:
            marks[edge] = Mark.ADDED
        elif _what(edge) not in before and not redefined.isdisjoint(_subjects(edge)):
            marks[edge] = Mark.CHANGED
    for edge in base:
        if (edge.source, edge.target) not in joined:
            found.append(edge)
            marks[edge] = Mark.REMOVED
    return found, marks


def _what(edge: Edge) -> object:
    """What it does, wherever it stands."""
    if isinstance(edge, ColumnEdge):
        return edge.transformation, edge.evidence
    return getattr(edge, "subtype", None), edge.evidence


def _subjects(edge: Edge) -> tuple[DatasetId | ColumnId, ...]:
    return (edge.target, edge.target.dataset) if isinstance(edge.target, ColumnId) else (edge.target,)


def _marked_datasets(base: LineageGraph, head: LineageGraph, diff: Diff) -> dict[DatasetId, Mark]:
    marks: dict[DatasetId, Mark] = {}
    for change in diff.changes:
        for reader in change.impact.readers:
            if reader.id is not None and reader.effect is not Effect.NONE:
                marks[_dataset_of(reader.id)] = Mark.AFFECTED
    marks.update((_dataset_of(change.subject), Mark.CHANGED) for change in diff.changes)
    marks.update((dataset, Mark.REMOVED) for dataset in base.index.datasets if dataset not in head.index.datasets)
    marks.update((dataset, Mark.ADDED) for dataset in head.index.datasets if dataset not in base.index.datasets)
    return marks


def _marked_columns(base: LineageGraph, head: LineageGraph, diff: Diff) -> dict[ColumnId, Mark]:
    marks: dict[ColumnId, Mark] = {}
    for change in diff.changes:
        for reader in change.impact.readers:
            if isinstance(reader.id, ColumnId) and reader.effect is not Effect.NONE:
                marks[reader.id] = Mark.AFFECTED
    marks.update((change.subject, Mark.CHANGED) for change in diff.changes if isinstance(change.subject, ColumnId))
    before, after = _all_columns(base), _all_columns(head)
    marks.update((column, Mark.REMOVED) for column in before - after)
    marks.update((column, Mark.ADDED) for column in after - before)
    return marks


def _all_columns(graph: LineageGraph) -> set[ColumnId]:
    return {ColumnId(dataset, name) for dataset, names in graph.index.columns.items() for name in names}


def _dataset_of(subject: DatasetId | ColumnId) -> DatasetId:
    return subject.dataset if isinstance(subject, ColumnId) else subject
