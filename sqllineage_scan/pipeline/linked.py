"""From compiled files to the graph, with the help of what other scans have left."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sqllineage_scan.domain.evidence import Band
from sqllineage_scan.domain.linked import JobEdges
from sqllineage_scan.graph.build import build_graph
from sqllineage_scan.graph.content import EdgeCounts
from sqllineage_scan.lineage.coverage import coverage_of, doubts_of
from sqllineage_scan.lineage.definition import definitions_of
from sqllineage_scan.lineage.edges import trace_job, with_called
from sqllineage_scan.lineage.facts import facts_of, statement_facts
from sqllineage_scan.lineage.version import Statement, with_versions
from sqllineage_scan.parse.room import with_room
from sqllineage_scan.resolve.link import Kept, link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from sqllineage_scan.domain.dbt import Node
    from sqllineage_scan.domain.definition import Definition
    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.domain.facts import Facts, StatementFacts
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.job import Job
    from sqllineage_scan.domain.linked import Doubts, UnitTrace
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.source import CompiledFile
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.resolve.link import LinkedUnit, LinkOptions, UnitKey


class TracedJob(Protocol):
    """A job with its edges, as in ``JobEdges``; those of a kept one may be unpacked when they are asked for."""

    @property
    def job(self) -> Job: ...
    @property
    def column_edges(self) -> tuple[ColumnEdge, ...]: ...
    @property
    def row_edges(self) -> tuple[RowEdge, ...]: ...
    @property
    def dataset_edges(self) -> tuple[DatasetEdge, ...]: ...
    @property
    def doubts(self) -> Doubts: ...
    @property
    def facts(self) -> StatementFacts: ...
    @property
    def definitions(self) -> tuple[tuple[DatasetId, Definition], ...]: ...
    @property
    def counts(self) -> tuple[int, ...] | None: ...


class Left(Protocol):
    """What other scans have left of units and jobs. A job is kept under the key of the first way of its statement."""

    def digests(self, files: Sequence[CompiledFile]) -> Sequence[bytes | None]:
        """Of what each file was compiled from; None where nothing is to be kept of it."""

    def traces(self) -> Mapping[UnitKey, UnitTrace]:
        """Of every unit whose job is kept too."""

    def made_of(self, name: str, files: Sequence[CompiledFile], findings: Sequence[Finding]) -> str:
        """A digest of all that a graph is made of; "" where nobody can say."""

    def whole(self, file: CompiledFile) -> CompiledFile:
        """The compiled file with the insides of its statements, where ``file`` may be without."""

    def job(self, key: UnitKey) -> TracedJob:
        """A job that is kept."""

    def keep(self, files: Sequence[CompiledFile], traces: Mapping[UnitKey, UnitTrace], jobs: Mapping[UnitKey, JobEdges]) -> None:
        """What was bound anew this time, of all files."""


class Nothing:
    """Nothing is left, and nothing is to be."""

    def digests(self, files: Sequence[CompiledFile]) -> Sequence[bytes | None]:
        return [None] * len(files)

    def traces(self) -> Mapping[UnitKey, UnitTrace]:
        return {}

    def made_of(self, name: str, files: Sequence[CompiledFile], findings: Sequence[Finding]) -> str:  # noqa: ARG002
        return ""

    def whole(self, file: CompiledFile) -> CompiledFile:
        return file

    def job(self, key: UnitKey) -> TracedJob:
        raise KeyError(key)

    def keep(self, files: Sequence[CompiledFile], traces: Mapping[UnitKey, UnitTrace], jobs: Mapping[UnitKey, JobEdges]) -> None:
        pass


class Examined(NamedTuple):
    """A repository for those who judge it: the graph, and what the graph does not say."""

    graph: LineageGraph
    facts: Facts


def link_all(
    name: str, files: Sequence[CompiledFile], findings: Sequence[Finding], options: LinkOptions, left: Left
) -> LineageGraph:
    """Bind, trace, build. What is left of other scans saves work and changes nothing."""
    return _with_jobs(name, files, findings, options, left)[0]


def examine_all(
    name: str, files: Sequence[CompiledFile], findings: Sequence[Finding], options: LinkOptions, left: Left
) -> Examined:
    """The same, with the facts."""
    graph, jobs = _with_jobs(name, files, findings, options, left)
    return Examined(graph, facts_of(files, [job.facts for job in jobs]))


def _with_jobs(
    name: str, files: Sequence[CompiledFile], findings: Sequence[Finding], options: LinkOptions, left: Left
) -> tuple[LineageGraph, Sequence[TracedJob]]:
    try:
        return _linked(name, files, findings, options, left)
    except RecursionError:  # select * from (select * from (… a thousand times
        return with_room(partial(_linked, name, files, findings, options, left))


def _linked(
    name: str, files: Sequence[CompiledFile], findings: Sequence[Finding], options: LinkOptions, left: Left
) -> tuple[LineageGraph, Sequence[TracedJob]]:
    linked = link(files, options, Kept(left.digests(files), left.traces(), left.whole))
    jobs, traces, traced = _jobs(linked.units, left)
    left.keep(files, traces, traced)
    coverage = coverage_of(
        files,
        linked.datasets,
        [job.doubts for job in jobs],
        references=linked.references,
        resolved=linked.resolved,
        missing_columns=linked.missing_columns,
        missing_datasets=linked.missing_datasets,
        cycles=linked.cycles,
    )
    contents = _contents(files, linked.nodes)
    statements = [Statement(unit.unit.fingerprint, (*unit.writes, *unit.defines)) for unit in linked.units]
    statements += [Statement(content, (dataset,)) for dataset, content in contents.items()]
    dataset_edges = [edge for job in jobs for edge in job.dataset_edges]
    graph = build_graph(
        name=name,
        revision=None,
        dialects=_dialects(files),
        datasets=with_versions(linked.datasets, statements, dataset_edges, linked.cycles),
        definitions=definitions_of(jobs, contents),
        jobs=with_called([job.job for job in jobs], _called(linked.units)),
        dataset_edges=dataset_edges,
        exposures=linked.exposures,
        nodes=linked.nodes,
        acknowledgements=[item for file in files for item in file.acknowledgements],
        findings=(*findings, *(finding for file in files for finding in file.findings), *linked.findings),
        coverage=coverage,
        later=_Later(jobs),
        counts=_counted(jobs),
        made_of=left.made_of(name, files, findings),
    )
    return graph, jobs


class _Later:
    """The column and row edges of jobs, when somebody asks for them; of those that write certain datasets, or all."""

    def __init__(self, jobs: Sequence[TracedJob]) -> None:
        self._jobs = jobs

    def __call__(self, into: AbstractSet[DatasetId] | None = None) -> tuple[list[ColumnEdge], list[RowEdge]]:
        jobs = self._jobs if into is None else [job for job in self._jobs if not into.isdisjoint(job.job.writes)]
        return [edge for job in jobs for edge in job.column_edges], [edge for job in jobs for edge in job.row_edges]


def _jobs(units: Iterable[LinkedUnit], left: Left) -> tuple[list[TracedJob], dict[UnitKey, UnitTrace], dict[UnitKey, JobEdges]]:
    """The edges of every job: traced, where its units were bound, or those that were kept; and what can be kept of the former."""
    found: list[TracedJob] = []
    traces: dict[UnitKey, UnitTrace] = {}
    traced: dict[UnitKey, JobEdges] = {}
    for _, group in groupby(units, key=lambda unit: unit.job):
        ways = list(group)
        bound = [way.bound() for way in ways if way.bound is not None]
        if not bound:
            assert ways[0].key is not None
            found.append(left.job(ways[0].key))
            continue
        lineage = trace_job(bound)
        doubts = doubts_of((*lineage.column_edges, *lineage.row_edges))
        edges = (tuple(lineage.column_edges), tuple(lineage.row_edges), tuple(lineage.dataset_edges))
        writes = (write for way in bound for write in way.writes)
        definitions = tuple((write.target, write.definition) for write in writes if write.definition is not None)
        job = JobEdges(lineage.jobs[0], *edges, doubts, statement_facts(bound), definitions)
        found.append(job)
        known = {way.key: way.trace for way in ways if way.key is not None and way.trace is not None}
        if len(known) == len(ways):
            traces |= known
            traced[next(iter(known))] = job
    return found, traces, traced


def _contents(files: Iterable[CompiledFile], nodes: Iterable[Node]) -> dict[DatasetId, str]:
    """What stands for the rows of datasets that no SQL makes: of seeds and Python models."""
    made = {node.unique_id: node.dataset for node in nodes if node.dataset is not None and node.enabled}
    found = {}
    for file in files:
        dataset = made.get(file.node.unique_id) if file.content and file.node is not None else None
        if dataset is not None:
            found[dataset] = file.content
    return found


def _counted(jobs: Sequence[TracedJob]) -> Callable[[], EdgeCounts] | None:
    """How many edges there are, where all jobs say it. Only edges of one job can be equal."""
    counts = [job.counts for job in jobs]
    if not (counts and all(counts)) or len({job.job.id for job in jobs}) < len(jobs):
        return None
    *bands, rows = [sum(column) for column in zip(*(each for each in counts if each), strict=True)]
    return lambda: EdgeCounts(dict(zip(Band, bands, strict=True)), rows)


def _called(units: Iterable[LinkedUnit]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Of each job, in whose body it stands and whom it runs."""
    return [
        (first.unit.routine, first.unit.calls)
        for first in (next(group) for _, group in groupby(units, key=lambda unit: unit.job))
    ]


def _dialects(files: Sequence[CompiledFile]) -> dict[str, int]:
    """How many files with statements speak each dialect; the generic one is called ansi."""
    counts: dict[str, int] = {}
    for file in files:
        if file.statements:
            name = file.dialect or "ansi"
            counts[name] = counts.get(name, 0) + 1
    return counts
