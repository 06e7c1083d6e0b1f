"""The edges and jobs of all bound units."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.job import Job, JobKind
from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.domain.transformation import Transformation
from sqllineage_scan.lineage.trace import Tracer, combined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqllineage_scan.domain.bound import BoundRelation, BoundUnit, BoundWrite

_VIEWS = (DatasetKind.VIEW, DatasetKind.MATERIALIZED_VIEW)
Edge = ColumnEdge | RowEdge | DatasetEdge

LONGEST_EXPRESSION = 2_000  # characters of it that an edge tells; its span says where all of it stands


@dataclass(slots=True)
class Lineage:
    jobs: list[Job] = field(default_factory=list)
    column_edges: list[ColumnEdge] = field(default_factory=list)
    row_edges: list[RowEdge] = field(default_factory=list)
    dataset_edges: list[DatasetEdge] = field(default_factory=list)


def trace_all(units: Iterable[BoundUnit]) -> Lineage:
    """The edges of every job."""
    lineage = Lineage()
    for _, group in groupby(units, key=lambda unit: unit.job):
        _extend(lineage, trace_job(list(group)))
    return lineage


def trace_job(ways: Sequence[BoundUnit]) -> Lineage:
    """The edges of one job. The ways of rendering one statement are one job: an edge that only some of them have says under
    which condition it holds.
    """
    traced = [_trace(unit) for unit in ways]
    lineage = Lineage([_job(ways, traced)])
    _add_ways(lineage, ways, traced)
    return lineage


def _extend(lineage: Lineage, more: Lineage) -> None:
    lineage.jobs += more.jobs
    lineage.column_edges += more.column_edges
    lineage.row_edges += more.row_edges
    lineage.dataset_edges += more.dataset_edges


def with_called(jobs: Sequence[Job], called: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]) -> list[Job]:
    """A CALL reads and writes what the body of its procedure does. ``called``: of each job, in whose body it stands and whom
    it runs; a body may run others.
    """
    bodies: dict[str, list[int]] = {}
    for number, (routine, _) in enumerate(called):
        if routine:
            bodies.setdefault(routine[-1], []).append(number)
    found = list(jobs)
    for number, (_, calls) in enumerate(called):
        if not calls:
            continue
        pending, seen = [calls[-1]], {calls[-1]}
        inside: list[Job] = []
        while pending:
            for other in bodies.get(pending.pop(), ()):
                inside.append(jobs[other])
                if called[other][1] and called[other][1][-1] not in seen:
                    seen.add(called[other][1][-1])
                    pending.append(called[other][1][-1])
        reads = sorted({dataset for job in inside for dataset in job.reads})
        writes = sorted({dataset for job in inside for dataset in job.writes})
        found[number] = replace(jobs[number], reads=tuple(reads), writes=tuple(writes))
    return found


def _job(ways: Sequence[BoundUnit], traced: Sequence[Lineage]) -> Job:
    first = ways[0]
    reads = sorted({edge.source for way in traced for edge in way.dataset_edges})
    writes = sorted({target for way in ways for target in (*(write.target for write in way.writes), *way.defines)})
    return Job(first.job, first.unit.kind, first.unit.dialect, first.unit.span, tuple(reads), tuple(writes), first.unique_id)


def _add_ways(lineage: Lineage, ways: Sequence[BoundUnit], traced: Sequence[Lineage]) -> None:
    always = len(ways) == 1 and not ways[0].unit.condition
    for kind in ("column_edges", "row_edges", "dataset_edges"):
        if always:
            getattr(lineage, kind).extend(getattr(traced[0], kind))
            continue
        seen: dict[object, list[int]] = {}
        for number, way in enumerate(traced):
            for edge in getattr(way, kind):
                seen.setdefault(_key(edge), []).append(number)
        into = getattr(lineage, kind)
        for number, way in enumerate(traced):
            for edge in getattr(way, kind):
                among = sorted(set(seen[_key(edge)]))
                if among[0] != number:
                    continue
                in_all = len(among) == len(ways) > 1
                into.append(edge if in_all else _conditional(edge, [ways[other].unit.condition for other in among]))


def _key(edge: Edge) -> object:
    if isinstance(edge, ColumnEdge):
        return (edge.source, edge.target, edge.transformation.subtype, edge.transformation.masking)
    return (edge.source, edge.target, getattr(edge, "subtype", None))


def _conditional(edge: Edge, conditions: Sequence[str]) -> Edge:
    note = "only when " + " or ".join(condition for condition in conditions if condition)
    return edge._replace(evidence=(*edge.evidence, Evidence(EvidenceKind.CONDITIONAL_RENDER, note)))


def _trace(bound: BoundUnit) -> Lineage:
    lineage = Lineage()
    tracer = Tracer(_with_rows(bound))
    for write in bound.writes:
        if write.schema_only:
            continue
        if write.relation is None:
            for read in bound.reads:
                if isinstance(read.source, DatasetId):
                    evidence = combined((), (*bound.unit.evidence, *read.evidence, *write.evidence))
                    lineage.dataset_edges.append(DatasetEdge(read.source, write.target, bound.job, evidence))
        else:
            _trace_write(lineage, bound, write, tracer)
    return lineage


def _with_rows(bound: BoundUnit) -> tuple[BoundRelation, ...]:
    """The relations as far as rows come out of them: ``create table t as select a from s where 1 = 0`` copies the shape of s,
    and nothing flows. A query or a view is asked for what it means, not for what it copies.
    """
    if bound.unit.kind is JobKind.QUERY or any(write.kind in _VIEWS for write in bound.writes):
        return bound.relations
    return tuple(_without_rows(relation) if relation.empty else relation for relation in bound.relations)


def _without_rows(relation: BoundRelation) -> BoundRelation:
    columns = tuple(column._replace(uses=()) for column in relation.columns)
    return replace(relation, columns=columns, influences=(), reads=(), branches=(), operator=None, distinct=False)


def _shown(expression: str) -> str:
    """A CASE of 5,000 branches has an edge a branch, and each of them tells the expression: half a gigabyte if all told all."""
    return expression if len(expression) <= LONGEST_EXPRESSION else f"{expression[:LONGEST_EXPRESSION]} …"


def _trace_write(lineage: Lineage, bound: BoundUnit, write: BoundWrite, tracer: Tracer) -> None:
    assert write.relation is not None
    weight = (*bound.unit.evidence, *write.evidence)
    # insert into t select a from s where b: t gets the rows, whichever of its columns a goes to
    whole = tuple(item for item in weight if item.kind is not EvidenceKind.POSITION_UNKNOWN_TARGET)
    for name, position in write.columns:
        target = ColumnId(write.target, name)
        for key, flow in tracer.column(write.relation, position).items():
            transformation = Transformation(key.subtype, _shown(flow.expression), key.masking)
            evidence = combined(flow.evidence, weight)
            lineage.column_edges.append(ColumnEdge(key.column, target, bound.job, transformation, evidence, flow.span))
    again = tracer.read_again(write.relation, write.target) if write.in_place else frozenset()
    for key, flow in tracer.rows(write.relation).items():
        if write.in_place and key.column.dataset == write.target and key not in again:
            continue  # update t … where t.id = u.id: t's own key makes no rows of t
        evidence = combined(flow.evidence, whole)
        lineage.row_edges.append(RowEdge(key.column, write.target, bound.job, key.subtype, evidence, flow.span))
    for dataset, doubts in tracer.datasets(write.relation).items():
        assert isinstance(dataset, DatasetId)
        if write.in_place and dataset == write.target and not again and not _feeds_itself(lineage, write.target):
            continue
        evidence = combined(doubts, whole) or (Evidence(EvidenceKind.QUALIFIED),)
        lineage.dataset_edges.append(DatasetEdge(dataset, write.target, bound.job, evidence))


def _feeds_itself(lineage: Lineage, target: DatasetId) -> bool:
    """Whether a value of ``target`` comes from another of its columns: ``update t set total = net + tax``."""
    return any(edge.source.dataset == edge.target.dataset == target for edge in lineage.column_edges)
