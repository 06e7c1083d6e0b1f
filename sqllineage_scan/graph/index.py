"""A graph's content, looked up from any end. Built once a graph, when the first question is asked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqllineage_scan.domain.job import JobKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.domain.job import Exposure, Job
    from sqllineage_scan.domain.names import ColumnId, DatasetId, JobId
    from sqllineage_scan.graph.content import Content

Item = TypeVar("Item")
Id = TypeVar("Id")


@dataclass(frozen=True, slots=True)
class Index:
    """Every mapping keeps the order of the content it was made from; an id that is missing has nothing."""

    datasets: Mapping[DatasetId, Dataset]
    columns: Mapping[DatasetId, tuple[str, ...]]  # declared ones in their order, then those only seen in edges
    jobs: Mapping[JobId, Job]
    column_edges_into: Mapping[ColumnId, tuple[ColumnEdge, ...]]
    column_edges_from: Mapping[ColumnId, tuple[ColumnEdge, ...]]
    row_edges_into: Mapping[DatasetId, tuple[RowEdge, ...]]
    row_edges_from: Mapping[ColumnId, tuple[RowEdge, ...]]
    dataset_edges_into: Mapping[DatasetId, tuple[DatasetEdge, ...]]
    dataset_edges_from: Mapping[DatasetId, tuple[DatasetEdge, ...]]
    exposures_of: Mapping[DatasetId, tuple[Exposure, ...]]
    written: frozenset[DatasetId]  # by any job, DDL that only declares them left out


def build_index(content: Content) -> Index:
    exposures: defaultdict[DatasetId, list[Exposure]] = defaultdict(list)
    for exposure in content.exposures:
        for dataset in exposure.depends_on:
            exposures[dataset].append(exposure)
    return Index(
        datasets={dataset.id: dataset for dataset in content.datasets},
        columns=_columns(content),
        jobs={job.id: job for job in content.jobs},
        column_edges_into=_grouped(content.column_edges, lambda edge: edge.target),
        column_edges_from=_grouped(content.column_edges, lambda edge: edge.source),
        row_edges_into=_grouped(content.row_edges, lambda edge: edge.target),
        row_edges_from=_grouped(content.row_edges, lambda edge: edge.source),
        dataset_edges_into=_grouped(content.dataset_edges, lambda edge: edge.target),
        dataset_edges_from=_grouped(content.dataset_edges, lambda edge: edge.source),
        exposures_of={dataset: tuple(users) for dataset, users in exposures.items()},
        written=frozenset(
            dataset for job in content.jobs if job.reads or job.kind is not JobKind.CREATE for dataset in job.writes
        ),
    )


def _grouped(items: Iterable[Item], key: Callable[[Item], Id]) -> dict[Id, tuple[Item, ...]]:
    groups: defaultdict[Id, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return {name: tuple(group) for name, group in groups.items()}


def _columns(content: Content) -> dict[DatasetId, tuple[str, ...]]:
    declared = {dataset.id: [column.name for column in dataset.columns or ()] for dataset in content.datasets}
    seen: defaultdict[DatasetId, set[str]] = defaultdict(set)
    for edge in content.column_edges:
        seen[edge.source.dataset].add(edge.source.column)
        seen[edge.target.dataset].add(edge.target.column)
    for row_edge in content.row_edges:
        seen[row_edge.source.dataset].add(row_edge.source.column)
    return {
        dataset: (*declared.get(dataset, ()), *sorted(seen[dataset].difference(declared.get(dataset, ()))))
        for dataset in [*declared, *sorted(seen.keys() - declared.keys())]
    }
