"""The questions that are more than a walk: what a change reaches, where a wrong number comes from, which ways there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.evidence import Band, band_of
from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.chain import End, EndKind, end_of
from sqllineage_scan.graph.risk import Affected, Risk, risk_of
from sqllineage_scan.graph.traverse import Direction, Path, Reach, reach, shortest_paths
from sqllineage_scan.graph.tree import Branch, tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.edge import RowEdge
    from sqllineage_scan.domain.job import Exposure, Job
    from sqllineage_scan.graph.index import Index
    from sqllineage_scan.graph.traverse import Edge, Network, Node


@dataclass(frozen=True, slots=True)
class Reached:
    """What ``impact`` answers."""

    subject: Node
    affected: tuple[Affected, ...]  # nearest first
    jobs: tuple[Job, ...]
    exposures: tuple[Exposure, ...]
    owners: tuple[str, ...]
    branches: tuple[Branch, ...]
    risk: Risk


@dataclass(frozen=True, slots=True)
class Suspect:
    """One place where a wrong value may come from: the end of a chain. ``path`` runs from it down to the subject."""

    node: Node
    end: End
    path: tuple[Edge, ...]
    confidence: float

    @property
    def band(self) -> Band:
        return band_of(self.confidence)


@dataclass(frozen=True, slots=True)
class Traced:
    """What ``trace`` answers: the surest sources first. ``row_edges`` are what decides the rows of its dataset."""

    subject: Node
    suspects: tuple[Suspect, ...]
    row_edges: tuple[RowEdge, ...]
    with_rows: bool
    end: End | None = None  # of the subject itself, where nothing leads into it

    @property
    def gaps(self) -> tuple[Suspect, ...]:
        return tuple(suspect for suspect in self.suspects if suspect.end.kind is EndKind.GAP)


@dataclass(frozen=True, slots=True)
class Ways:
    """What ``paths`` answers: every way as one tree, and the shortest as paths."""

    source: Node
    target: Node
    branches: tuple[Branch, ...]
    shortest: tuple[Path, ...]


def impact(index: Index, network: Network, start: Node, depth: int | None = None) -> Reached:
    """Of a column: all whose value or rows it has a part in. Of a dataset: all that is made from it."""
    reached = reach(network, start, Direction.DOWNSTREAM, depth)
    affected = _affected(index, start, reached)
    datasets = {item.dataset.id for item in affected}
    own = start.dataset if isinstance(start, ColumnId) else start
    exposures = tuple(dict.fromkeys(item for dataset in (own, *sorted(datasets)) for item in index.exposures_of.get(dataset, ())))
    nodes = {start, *(item.id for item in reached)}
    jobs = {edge.job for item in reached for edge in item.path} | {edge.job for edge in _between(index, nodes)}
    owners = {item.dataset.owner for item in affected} | {exposure.owner for exposure in exposures}
    graph = network.columns if isinstance(start, ColumnId) else network.datasets
    return Reached(
        subject=start,
        affected=affected,
        jobs=tuple(index.jobs[job] for job in sorted(jobs, key=str) if job in index.jobs),
        exposures=exposures,
        owners=tuple(sorted(owner for owner in owners if owner is not None)),
        branches=tree(graph, start, depth=depth),
        risk=risk_of(index, start, affected, exposures),
    )


def _between(index: Index, nodes: set[Node]) -> Iterable[Edge]:
    for node in nodes:
        if isinstance(node, ColumnId):
            yield from (edge for edge in index.column_edges_from.get(node, ()) if edge.target in nodes)
        else:
            yield from (edge for edge in index.dataset_edges_from.get(node, ()) if edge.target in nodes)


def _affected(index: Index, start: Node, reached: Iterable[Reach]) -> tuple[Affected, ...]:
    columns: dict[DatasetId, list[Reach]] = {}
    wholes: dict[DatasetId, Reach] = {}
    for item in reached:
        if isinstance(item.id, ColumnId):
            columns.setdefault(item.id.dataset, []).append(item)
        else:
            wholes[item.id] = item
    own = start.dataset if isinstance(start, ColumnId) else start
    found = []
    for dataset in {*columns, *wholes} - {own}:
        ways = [*columns.get(dataset, ()), *([wholes[dataset]] if dataset in wholes else [])]
        found.append(
            Affected(
                index.datasets[dataset],
                tuple(sorted(item.id.column for item in columns.get(dataset, ()) if isinstance(item.id, ColumnId))),
                rows=dataset in wholes and isinstance(start, ColumnId),
                distance=min(item.distance for item in ways),
                confidence=max(item.confidence for item in ways),
            )
        )
    return tuple(sorted(found, key=lambda item: (item.distance, str(item.dataset.id))))


def trace(index: Index, network: Network, start: Node, *, rows: bool) -> Traced:
    """The ends of all chains into ``start``, those first that it comes from most surely. No chain is left out: one that ends
    where something is missing ends in a gap, and a circle ends where it is entered.
    """
    reached = reach(network, start, Direction.UPSTREAM)
    suspects = [
        Suspect(item.id, end, item.path, item.confidence)
        for item in reached
        if (end := end_of(index, item.id)) is not None
        and not (rows and isinstance(item.id, DatasetId) != isinstance(start, DatasetId))
    ]
    suspects.sort(key=lambda item: (-item.confidence, len(item.path), str(item.node)))
    dataset = start.dataset if isinstance(start, ColumnId) else start
    edges = index.row_edges_into.get(dataset, ()) if isinstance(start, ColumnId) else ()
    return Traced(start, tuple(suspects), edges, rows, end_of(index, start))


def ways(network: Network, source: Node, target: Node) -> Ways:
    """Everything that lies between the two, on any way, however long."""
    import networkx as nx

    if type(source) is not type(target):
        raise UsageError(f"a path runs between two columns or between two datasets, not from {source} to {target}")
    graph: Any = network.columns if isinstance(source, ColumnId) else network.datasets
    between = ({*nx.descendants(graph, source), source} & {*nx.ancestors(graph, target), target}) if source != target else set()
    branches = tree(graph, source, only=between) if between else ()
    return Ways(source, target, branches, shortest_paths(network, source, target) if between else ())
