"""What runs reported, laid over what the repository says: which edges were seen, which never were, which nobody expected.

A run may tell of A -> C where the repository has A -> B -> C, since B is temporary or ephemeral and no dataset to it: then
both hops were seen.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.graph.build import build_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqllineage_scan.domain.job import Job
    from sqllineage_scan.graph.model import LineageGraph

Pair = tuple[ColumnId, ColumnId]
Edge = TypeVar("Edge", ColumnEdge, RowEdge, DatasetEdge)


class Standing(NamedTuple):
    """Column edges of the repository: ``observed``; ``never``, though their target was reported with columns; ``not_covered``,
    since no run told of their target's columns. ``unexpected`` are reported and in no file.
    """

    observed: tuple[ColumnEdge, ...]
    never: tuple[ColumnEdge, ...]
    not_covered: tuple[ColumnEdge, ...]
    unexpected: tuple[ColumnEdge, ...]


@dataclass(frozen=True, slots=True)
class Overlay:
    """``graph``: the repository's, its observed edges with evidence ``observed``, the unexpected ones added.

    ``unmatched``: datasets that runs reported and the repository does not know by any ending of their name.
    """

    graph: LineageGraph
    standing: Standing
    unmatched: tuple[DatasetId, ...]


def overlay(static: LineageGraph, seen: LineageGraph, known_as: Mapping[tuple[str, str], DatasetId] | None = None) -> Overlay:
    """``known_as``: what datasets of the repository are called outside, by namespace and name."""
    meaning = _meanings(static, seen, known_as or {})
    columns = _spellings(static)

    def column(found: ColumnId) -> ColumnId:
        dataset = meaning.get(found.dataset, found.dataset)
        return columns.get((dataset, found.column.casefold()), ColumnId(dataset, found.column))

    def whole(found: DatasetId) -> DatasetId:
        return meaning.get(found, found)

    reported = {(column(edge.source), column(edge.target)): edge for edge in seen.column_edges}
    covered = {target.dataset for _, target in reported}
    told_of = {*covered, *(source.dataset for source, _ in reported)}
    direct = {(edge.source, edge.target) for edge in static.column_edges}
    by_pair, through = _seen_pairs(static, reported, direct, told_of)
    standing = _standing(static, by_pair, covered, tuple(reported[pair] for pair in reported if pair not in direct | through))
    rows = {(column(edge.source), whole(edge.target)) for edge in seen.row_edges}
    links = {(whole(edge.source), whole(edge.target)) for edge in seen.dataset_edges}
    graph = build_graph(
        name=static.name,
        revision=static.revision,
        dialects=static.dialects,
        datasets=(*static.datasets, *(replace(item, id=whole(item.id)) for item in seen.datasets if item.id not in meaning)),
        jobs=(*static.jobs, *(_job_as_known(job, whole) for job in seen.jobs)),
        column_edges=(
            *(_witnessed(edge, by_pair.get((edge.source, edge.target))) for edge in static.column_edges),
            *(edge._replace(source=column(edge.source), target=column(edge.target)) for edge in standing.unexpected),
        ),
        row_edges=tuple(_witnessed(edge, "" if (edge.source, edge.target) in rows else None) for edge in static.row_edges),
        dataset_edges=tuple(
            _witnessed(edge, "" if (edge.source, edge.target) in links else None) for edge in static.dataset_edges
        ),
        exposures=static.exposures,
        findings=static.findings,
        nodes=static.nodes,
        members=static.members,
        coverage=static.coverage,
    )
    unmatched = tuple(dataset.id for dataset in seen.datasets if dataset.id not in meaning)
    return Overlay(graph, standing, unmatched)


def _job_as_known(job: Job, whole: Callable[[DatasetId], DatasetId]) -> Job:
    return replace(job, reads=tuple(map(whole, job.reads)), writes=tuple(map(whole, job.writes)))


def _witnessed(edge: Edge, job: str | None) -> Edge:
    """With the evidence that a run reported it; ``job``: whose run, None: nobody's."""
    return edge if job is None else edge._replace(evidence=(*edge.evidence, Evidence(EvidenceKind.OBSERVED, job)))


def _meanings(
    static: LineageGraph, seen: LineageGraph, known_as: Mapping[tuple[str, str], DatasetId]
) -> dict[DatasetId, DatasetId]:
    """The dataset of the repository that a reported one is: by what it is called outside, its id, or the only one that has the
    longer or shorter of the two names. Capitals make no difference: Snowflake's runs shout.
    """
    outside = {(namespace.casefold(), name.casefold()): dataset for (namespace, name), dataset in known_as.items()}
    by_last: defaultdict[str, list[DatasetId]] = defaultdict(list)
    for dataset in static.datasets:
        by_last[_parts(dataset.id.name)[-1]].append(dataset.id)
    found: dict[DatasetId, DatasetId] = {}
    for dataset in seen.datasets:
        name = dataset.id
        exact = outside.get((name.namespace.casefold(), name.name.casefold()))
        if exact is not None:
            found[name] = exact
            continue
        fitting = [other for other in by_last[_parts(name.name)[-1]] if _same_ending(name.name, other.name)]
        same = [other for other in fitting if other == name or other.name.casefold() == name.name.casefold()]
        if len(same or fitting) == 1:
            found[name] = (same or fitting)[0]
    return found


def _parts(name: str) -> list[str]:
    return name.casefold().replace('"', "").split(".")


def _same_ending(one: str, other: str) -> bool:
    """shop.analytics.orders and analytics.orders: the shorter is the end of the longer."""
    first, second = _parts(one), _parts(other)
    shorter = min(len(first), len(second))
    return first[-shorter:] == second[-shorter:]


def _spellings(static: LineageGraph) -> dict[tuple[DatasetId, str], ColumnId]:
    return {
        (dataset, name.casefold()): ColumnId(dataset, name) for dataset, names in static.index.columns.items() for name in names
    }


def _seen_pairs(
    static: LineageGraph, reported: Mapping[Pair, ColumnEdge], direct: set[Pair], told_of: set[DatasetId]
) -> tuple[dict[Pair, str], set[Pair]]:
    """The repository's pairs that were seen, each with the job that ran; and the reported ones that go through other datasets."""
    seen: dict[Pair, str] = {}
    through: set[Pair] = set()
    for pair, edge in reported.items():
        if pair in direct:
            seen.setdefault(pair, str(edge.job))
            continue
        hidden = _hidden_way(static, pair, told_of)
        if hidden:
            through.add(pair)
            for hop in hidden:
                seen.setdefault(hop, str(edge.job))
    return seen, through


def _hidden_way(static: LineageGraph, pair: Pair, told_of: set[DatasetId]) -> list[Pair]:
    """The shortest way between the two through datasets that no run tells of; empty where there is none."""
    source, target = pair
    came_from: dict[ColumnId, ColumnId] = {}
    level = [source]
    while level and target not in came_from:
        following = []
        for column in level:
            for edge in static.index.column_edges_from.get(column, ()):
                fresh = edge.target not in came_from and edge.target != source
                if fresh and (edge.target == target or edge.target.dataset not in told_of):
                    came_from[edge.target] = column
                    following.append(edge.target)
        level = following
    way: list[Pair] = []
    here = target
    while here in came_from:
        way.append((came_from[here], here))
        here = came_from[here]
    return way[::-1]


def _standing(
    static: LineageGraph, seen: Mapping[Pair, str], covered: Iterable[DatasetId], unexpected: tuple[ColumnEdge, ...]
) -> Standing:
    observed, never, not_covered = [], [], []
    known = set(covered)
    for edge in static.column_edges:
        if (edge.source, edge.target) in seen:
            observed.append(edge)
        elif edge.target.dataset in known:
            never.append(edge)
        else:
            not_covered.append(edge)
    return Standing(tuple(observed), tuple(never), tuple(not_covered), unexpected)
