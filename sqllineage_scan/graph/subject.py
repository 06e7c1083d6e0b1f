"""All that there is to say of one dataset or one column: where it comes from, what decides its rows, who reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from sqllineage_scan.domain.dataset import Column, Dataset
    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.domain.job import Exposure, Job
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.index import Index


@dataclass(frozen=True, slots=True)
class Source:
    """One edge, and what its own source is made from. ``repeated``: that is told elsewhere in the same tree."""

    edge: ColumnEdge
    sources: tuple[Source, ...] = ()
    repeated: bool = False
    cut: bool = False  # there is more behind the depth that was asked for


@dataclass(frozen=True, slots=True)
class ColumnSubject:
    id: ColumnId
    dataset: Dataset
    column: Column | None  # None when only its use is known
    sources: tuple[Source, ...]
    row_edges: tuple[RowEdge, ...]  # what decides the rows of its dataset
    readers: tuple[ColumnEdge, ...]
    row_readers: tuple[RowEdge, ...]


@dataclass(frozen=True, slots=True)
class DatasetSubject:
    dataset: Dataset
    columns: tuple[ColumnSubject, ...]
    jobs: tuple[Job, ...]  # that write it
    row_edges: tuple[RowEdge, ...]
    sources: tuple[DatasetEdge, ...]
    readers: tuple[DatasetEdge, ...]
    exposures: tuple[Exposure, ...]


Subject = ColumnSubject | DatasetSubject


def column_subject(index: Index, column: ColumnId, depth: int | None = None) -> ColumnSubject:
    dataset = index.datasets[column.dataset]
    declared = next((item for item in dataset.columns or () if item.name == column.column), None)
    return ColumnSubject(
        id=column,
        dataset=dataset,
        column=declared,
        sources=_sources(index, column, depth),
        row_edges=index.row_edges_into.get(column.dataset, ()),
        readers=index.column_edges_from.get(column, ()),
        row_readers=index.row_edges_from.get(column, ()),
    )


def dataset_subject(index: Index, dataset: DatasetId, depth: int | None = 1) -> DatasetSubject:
    return DatasetSubject(
        dataset=index.datasets[dataset],
        columns=tuple(column_subject(index, ColumnId(dataset, name), depth) for name in index.columns[dataset]),
        jobs=tuple(job for job in index.jobs.values() if dataset in job.writes),
        row_edges=index.row_edges_into.get(dataset, ()),
        sources=index.dataset_edges_into.get(dataset, ()),
        readers=index.dataset_edges_from.get(dataset, ()),
        exposures=index.exposures_of.get(dataset, ()),
    )


def _sources(index: Index, start: ColumnId, depth: int | None) -> tuple[Source, ...]:
    """The tree of edges into ``start``. Level by level, so that what has two readers is told under the nearer one.

    A column is explained once; a model that reads itself (``from {{ this }}``) ends there.
    """
    explained = {start}
    under: dict[ColumnId, list[ColumnId]] = {}  # the columns that are explained below another
    level, distance = [start], 0
    while level and (depth is None or distance < depth):
        following: list[ColumnId] = []
        for column in level:
            fresh = dict.fromkeys(edge.source for edge in index.column_edges_into.get(column, ()) if edge.source not in explained)
            explained.update(fresh)
            under[column] = list(fresh)
            following += fresh
        level, distance = following, distance + 1
    return _tree(index, start, under, set())


def _tree(index: Index, column: ColumnId, under: dict[ColumnId, list[ColumnId]], told: set[ColumnId]) -> tuple[Source, ...]:
    sources = []
    for edge in index.column_edges_into.get(column, ()) if column in under else ():
        deeper = bool(index.column_edges_into.get(edge.source))
        if edge.source in under[column] and edge.source not in told:
            told.add(edge.source)
            below = _tree(index, edge.source, under, told)
            sources.append(Source(edge, below, cut=deeper and edge.source not in under))
        else:
            sources.append(Source(edge, repeated=deeper))
    return tuple(sources)
