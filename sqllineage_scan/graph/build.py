"""Put a graph together: merge what is equal, keep what was observed, sort everything by value."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqllineage_scan.domain.coverage import Coverage
from sqllineage_scan.domain.dataset import Dataset, DatasetKind, SchemaOrigin
from sqllineage_scan.domain.definition import Definitions
from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
from sqllineage_scan.domain.evidence import confidence_of
from sqllineage_scan.graph import order
from sqllineage_scan.graph.model import COUNTS, LATER, LineageGraph

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from sqllineage_scan.domain.acknowledgement import Acknowledgement
    from sqllineage_scan.domain.dbt import Node
    from sqllineage_scan.domain.definition import Definition
    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.job import Exposure, Job
    from sqllineage_scan.domain.member import Member
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.content import EdgeCounts

Edge = TypeVar("Edge", ColumnEdge, RowEdge, DatasetEdge)
Item = TypeVar("Item")
_ORIGIN_RANK = {origin: rank for rank, origin in enumerate(SchemaOrigin)}


class Later(Protocol):
    """Gives column and row edges when it is called: all of them, or those into certain datasets and some more."""

    def __call__(self, into: AbstractSet[DatasetId] | None = None) -> tuple[Iterable[ColumnEdge], Iterable[RowEdge]]: ...


def build_graph(
    *,
    name: str,
    revision: str | None = None,
    dialects: Mapping[str, int] | None = None,
    datasets: Iterable[Dataset] = (),
    jobs: Iterable[Job] = (),
    column_edges: Iterable[ColumnEdge] = (),
    row_edges: Iterable[RowEdge] = (),
    dataset_edges: Iterable[DatasetEdge] = (),
    exposures: Iterable[Exposure] = (),
    findings: Iterable[Finding] = (),
    definitions: Mapping[DatasetId, Definition] | None = None,
    nodes: Iterable[Node] = (),
    acknowledgements: Iterable[Acknowledgement] = (),
    members: Iterable[Member] = (),
    coverage: Coverage | None = None,
    later: Later | None = None,
    counts: Callable[[], EdgeCounts] | None = None,
    made_of: str = "",
) -> LineageGraph:
    """The graph of everything that was found, in whatever order it was found.

    A dataset that an edge, a job or an exposure names and nobody describes is *external*: it has an entry of its own
    afterwards, so that every id of the graph can be looked up.

    ``later`` gives the column and row edges instead, when somebody asks for the first: reading what was kept of a large
    repository takes longer than finding out that few of its edges are of interest. They name described datasets only.
    ``counts`` says how many there are.
    """
    merged_columns, merged_rows, merged_datasets = merge_all(column_edges, row_edges, dataset_edges)
    ordered_jobs = _jobs(jobs)
    ordered_exposures = _distinct((_sorted_exposure(item) for item in exposures), order.exposure_key)
    described = _datasets(datasets)
    for dataset in _mentioned(merged_columns, merged_rows, merged_datasets, ordered_jobs, ordered_exposures):
        described.setdefault(dataset, Dataset(dataset, DatasetKind.EXTERNAL))
    graph = LineageGraph(
        name=name,
        revision=revision,
        dialects=dict(sorted((dialects or {}).items())),
        datasets=tuple(sorted(described.values(), key=order.dataset_key)),
        jobs=ordered_jobs,
        column_edges=merged_columns,
        row_edges=merged_rows,
        dataset_edges=merged_datasets,
        exposures=ordered_exposures,
        findings=_distinct(findings, order.finding_key),
        definitions=Definitions() if definitions is None else definitions,
        nodes=_distinct(nodes, order.node_key),
        acknowledgements=_distinct(acknowledgements, order.acknowledgement_key),
        members=tuple(sorted(set(members))),
        coverage=_sorted_coverage(coverage or Coverage()),
        made_of=made_of,
    )
    if later is not None:
        del graph.__dict__["column_edges"], graph.__dict__["row_edges"]
        graph.__dict__[LATER] = lambda into=None: merge_all(*later(into), ())[:2]
        graph.__dict__[COUNTS] = counts
    return graph


def with_datasets(graph: LineageGraph, datasets: Iterable[Dataset], made_of: str) -> LineageGraph:
    """The same graph with other entries of the same datasets. Edges that nobody has asked for stay unread."""
    changed = object.__new__(LineageGraph)
    known = {item.name for item in fields(LineageGraph)} | {LATER, COUNTS}
    changed.__dict__.update({name: value for name, value in graph.__dict__.items() if name in known})
    changed.__dict__["datasets"] = tuple(sorted(datasets, key=order.dataset_key))
    changed.__dict__["made_of"] = made_of
    return changed


def merge_all(
    column_edges: Iterable[ColumnEdge], row_edges: Iterable[RowEdge], dataset_edges: Iterable[DatasetEdge]
) -> tuple[tuple[ColumnEdge, ...], tuple[RowEdge, ...], tuple[DatasetEdge, ...]]:
    """Equal edges as one, all sorted."""
    return (
        _merged(column_edges, _column_identity, order.column_edge_key),
        _merged(row_edges, _row_identity, order.row_edge_key),
        _merged(dataset_edges, _dataset_identity, order.dataset_edge_key),
    )


def merge(edges: Iterable[Edge], key: Callable[[Edge], order.Key]) -> Edge:
    """One edge for several that say the same: same source, target, job and subtype, observed more than once.

    The most confident observation decides: what was seen with certainty once is certain, however doubtful it looks
    elsewhere. Equally confident ones pool their evidence, unless the pool would be weaker than each alone. Place and
    expression are those of the first such observation in the source.

        select id from a {% if is_incremental() %} where day > '2024-01-01' {% endif %}
        rendered each way: a.id -> t.id is certain in one and CONDITIONAL_RENDER in the other, so it is certain
    """
    observed = list(edges)
    if len(observed) == 1:
        if len(observed[0].evidence) < 2:  # noqa: PLR2004 -- nearly all edges: nothing to sort
            return observed[0]
        return observed[0]._replace(evidence=_sorted_evidence(observed[0].evidence))
    best = max(edge.confidence for edge in observed)
    strongest = sorted((edge for edge in observed if edge.confidence == best), key=key)
    first = min(strongest, key=lambda edge: order.span_key(getattr(edge, "span", None)))
    return first._replace(evidence=_pooled(first.evidence, (edge.evidence for edge in strongest), best))


def _pooled(evidence: tuple[Evidence, ...], others: Iterable[tuple[Evidence, ...]], best: float) -> tuple[Evidence, ...]:
    for other in others:
        pooled = (*evidence, *other)
        if confidence_of(pooled) == best:
            evidence = pooled
    return _sorted_evidence(evidence)


def _merged(edges: Iterable[Edge], identity: Callable[[Edge], Hashable], key: Callable[[Edge], order.Key]) -> tuple[Edge, ...]:
    same: defaultdict[Hashable, list[Edge]] = defaultdict(list)
    for edge in edges:
        same[identity(edge)].append(edge)
    return tuple(sorted((merge(group, key) for group in same.values()), key=key))


def _column_identity(edge: ColumnEdge) -> Hashable:
    return (edge.source, edge.target, edge.job, edge.transformation.subtype, edge.transformation.masking)


def _row_identity(edge: RowEdge) -> Hashable:
    return (edge.source, edge.target, edge.job, edge.subtype)


def _dataset_identity(edge: DatasetEdge) -> Hashable:
    return (edge.source, edge.target, edge.job)


def _sorted_evidence(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(set(evidence), key=order.evidence_key))


def _datasets(datasets: Iterable[Dataset]) -> dict[DatasetId, Dataset]:
    """One entry an id. Of several the one whose columns are known best, then the one that is defined somewhere."""
    best: dict[DatasetId, Dataset] = {}
    for dataset in datasets:
        known = best.get(dataset.id)
        if known is None or _preference(dataset) < _preference(known):
            best[dataset.id] = dataset
    return best


def _preference(dataset: Dataset) -> order.Key:
    return (_ORIGIN_RANK[dataset.origin], order.span_key(dataset.span), dataset.kind, repr(dataset))


def _jobs(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """One entry an id, with the reads and writes of all that bear it: a file rendered two ways is one job."""
    best: dict[object, Job] = {}
    for job in jobs:
        known = best.get(job.id, job)
        first = min(known, job, key=lambda item: (order.span_key(item.span), item.kind, item.dialect, item.unique_id or ""))
        best[job.id] = replace(
            first, reads=tuple(sorted({*known.reads, *job.reads})), writes=tuple(sorted({*known.writes, *job.writes}))
        )
    return tuple(sorted(best.values(), key=order.job_key))


def _mentioned(
    column_edges: Iterable[ColumnEdge],
    row_edges: Iterable[RowEdge],
    dataset_edges: Iterable[DatasetEdge],
    jobs: Iterable[Job],
    exposures: Iterable[Exposure],
) -> set[DatasetId]:
    mentioned: set[DatasetId] = set()
    for edge in column_edges:
        mentioned |= {edge.source.dataset, edge.target.dataset}
    for row_edge in row_edges:
        mentioned |= {row_edge.source.dataset, row_edge.target}
    for dataset_edge in dataset_edges:
        mentioned |= {dataset_edge.source, dataset_edge.target}
    for job in jobs:
        mentioned.update(job.reads, job.writes)
    for exposure in exposures:
        mentioned.update(exposure.depends_on)
    return mentioned


def _sorted_exposure(exposure: Exposure) -> Exposure:
    return replace(exposure, depends_on=tuple(sorted(set(exposure.depends_on))))


def _distinct(items: Iterable[Item], key: Callable[[Item], order.Key]) -> tuple[Item, ...]:
    return tuple(sorted(set(items), key=key))


def _sorted_coverage(coverage: Coverage) -> Coverage:
    return replace(
        coverage,
        files=tuple(sorted(coverage.files, key=order.file_key)),
        gaps=_distinct(coverage.gaps, order.gap_key),
    )
