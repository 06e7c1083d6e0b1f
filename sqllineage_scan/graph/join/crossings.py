"""Where repositories meet in a joined graph: what one makes and another reads, what two make, and what nearly meets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.job import JobKind

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.content import Content


class Crossing(NamedTuple):
    """``columns``: those that the readers take. ``missing``: those of them that the dataset is known not to have."""

    dataset: DatasetId
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    columns: tuple[str, ...]
    missing: tuple[str, ...]


class Shared(NamedTuple):
    """A dataset that several repositories write."""

    dataset: DatasetId
    writers: tuple[str, ...]


class Near(NamedTuple):
    """A dataset that one repository reads and nobody makes, and one of another whose name ends as it does."""

    read: DatasetId
    made: DatasetId


@dataclass(frozen=True, slots=True)
class Crossings:
    crossings: tuple[Crossing, ...]
    shared: tuple[Shared, ...]
    near: tuple[Near, ...]


def crossings(content: Content) -> Crossings:
    writers, readers = _writers(content), _readers(content)
    taken = _taken(content)
    found = []
    for dataset in content.datasets:
        others = readers[dataset.id] - writers[dataset.id]
        if writers[dataset.id] and others:
            columns = sorted({name for reader in others for name in taken[dataset.id, reader]})
            known = {column.name for column in dataset.columns or ()}
            missing = [name for name in columns if name.partition(".")[0] not in known and name not in known]
            absent = missing if dataset.columns is not None and dataset.origin.complete else []
            found.append(
                Crossing(dataset.id, tuple(sorted(writers[dataset.id])), tuple(sorted(others)), tuple(columns), tuple(absent))
            )
    several = (
        Shared(dataset.id, tuple(sorted(writers[dataset.id]))) for dataset in content.datasets if len(writers[dataset.id]) > 1
    )
    return Crossings(tuple(found), tuple(several), tuple(_near(content, writers, readers)))


def _writers(content: Content) -> defaultdict[DatasetId, set[str]]:
    """Who fills a dataset; where nobody does, who creates it: its rows come from outside."""
    fills: defaultdict[DatasetId, set[str]] = defaultdict(set)
    creates: defaultdict[DatasetId, set[str]] = defaultdict(set)
    for job in content.jobs:
        only_creates = job.kind is JobKind.CREATE and not job.reads
        for written in job.writes:
            (creates if only_creates else fills)[written].add(job.id.namespace)
    return defaultdict(set, {**creates, **fills})


def _readers(content: Content) -> defaultdict[DatasetId, set[str]]:
    readers: defaultdict[DatasetId, set[str]] = defaultdict(set)
    for job in content.jobs:
        for read in job.reads:
            readers[read].add(job.id.namespace)
    return readers


def _taken(content: Content) -> defaultdict[tuple[DatasetId, str], set[str]]:
    """By dataset and repository the columns that are read."""
    taken: defaultdict[tuple[DatasetId, str], set[str]] = defaultdict(set)
    for edge in content.column_edges:
        taken[edge.source.dataset, edge.job.namespace].add(edge.source.column)
    for row_edge in content.row_edges:
        taken[row_edge.source.dataset, row_edge.job.namespace].add(row_edge.source.column)
    return taken


def _near(content: Content, writers: defaultdict[DatasetId, set[str]], readers: defaultdict[DatasetId, set[str]]) -> list[Near]:
    """prod.raw.orders is read in one, raw.orders made in another: an alias may be wanted. Only where just one fits."""
    by_last: defaultdict[str, list[DatasetId]] = defaultdict(list)
    for dataset in content.datasets:
        if writers[dataset.id]:
            by_last[dataset.id.name.rpartition(".")[2]].append(dataset.id)
    found = []
    for dataset in content.datasets:
        if writers[dataset.id] or dataset.kind not in (DatasetKind.EXTERNAL, DatasetKind.SOURCE):
            continue
        fitting = [
            other
            for other in by_last[dataset.id.name.rpartition(".")[2]]
            if writers[other] - readers[dataset.id] and _same_ending(dataset.id.name, other.name)
        ]
        if len(fitting) == 1:
            found.append(Near(dataset.id, fitting[0]))
    return found


def _same_ending(one: str, other: str) -> bool:
    """At least schema and table are the same."""
    return one.split(".")[-2:] == other.split(".")[-2:] and "." in one
