"""Checking again what a change may have changed, and nothing else.

What rules find of a dataset follows from its record, from the edges into it and into all that it is made of, and from its direct
readers. So of what is kept from the last check (``cache/checked.py``) all is found again but that of

  the datasets that changed jobs write, or whose records changed, and of all that is made of them: their ancestors are others now
  the datasets that such jobs read: their readers are others
  where rules ask what an exposure is made of, and one of these feeds one: all that they are made of

and to look at those, the edges into them, into their ancestors and into their readers are enough: the rest need not be unpacked.
What is not that of any dataset (a gap, a test) is found anew each time, and needs no edges. Where anything else differs (rules,
configuration, exposures, which datasets there are), everything is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from sqllineage_scan.linting.material import Focus, Material
from sqllineage_scan.linting.run import Broken, broken
from sqllineage_scan.linting.subjects.doubt import elsewhere
from sqllineage_scan.pipeline.cache.checked import CheckedJob, CheckedState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from sqllineage_scan.domain.edge import ColumnEdge, RowEdge
    from sqllineage_scan.domain.job import Job
    from sqllineage_scan.domain.names import DatasetId, JobId
    from sqllineage_scan.domain.rule import Rule
    from sqllineage_scan.pipeline.linked import Examined

    Graph = Mapping[DatasetId, AbstractSet[DatasetId]]

_MOST = 0.5  # of all datasets: if more edges than of these are needed, everything is as quick
_ENCODER = msgspec.msgpack.Encoder(enc_hook=repr)


def check_again(
    examined: Examined, material: Material, rules: Sequence[Rule], before: CheckedState | None
) -> tuple[list[Broken], CheckedState | None]:
    """What breaks the rules, and what is to be kept of it; None where nothing can be. ``material`` is without facts, since
    getting those of all statements takes as long as half of the rules.
    """
    now = _Now(examined, material, rules)
    plan = now.plan(before) if before is not None else None
    if before is None or plan is None:
        found = broken(rules, replace(material, facts=examined.facts))
        return found, now.state(found, None, ())
    found = now.look(plan, rules)
    kept = [each for each in before.broken() if each.of is not None and not plan.looks_at(each)]
    return [*kept, *found], now.state([*kept, *found], before, plan.changed)


class _Plan(NamedTuple):
    """``compared``: the rules that speak of origins."""

    focus: Focus
    changed: frozenset[JobId]
    compared: frozenset[str]

    def looks_at(self, each: Broken) -> bool:
        wanted = self.focus.origins if each.finding.name in self.compared else self.focus.datasets
        return each.of in wanted


class _Now:
    """The repository as it is: what a check of it hangs on, in digests."""

    def __init__(self, examined: Examined, material: Material, rules: Sequence[Rule]) -> None:
        self._examined, self._material, self._rules = examined, material, rules
        self._graph = examined.graph
        self.jobs = {job.id: job for job in self._graph.jobs}
        self.seals = _seals(examined)
        self.records = _records(material)
        self.world = self._world()

    def _world(self) -> bytes:
        material = self._material
        parts = (
            [repr(rule) for rule in self._rules],
            repr(material.settings),
            repr(material.owners),
            repr(material.contracts),
            repr(self._graph.exposures),
            repr(sorted(material.public.items())),
            repr(sorted(material.guarded)),
            repr(sorted(material.read_through_holes)),
            [(dataset.id, dataset.kind.value) for dataset in self._graph.datasets],
            any(column.tags for dataset in self._graph.datasets for column in dataset.columns or ()),
        )
        return blake2b(_ENCODER.encode(parts), digest_size=32).digest()

    def plan(self, before: CheckedState) -> _Plan | None:
        """What has to be looked at; None: everything."""
        if before.world != self.world or self._material.settings.boundaries:
            return None
        old = {job.id: job for job in before.jobs}
        changed = {job for job in {*old, *self.jobs} if job not in old or old[job].seal != self.seals.get(job, b"")}
        drops = self._drops(changed)
        if drops != before.drops_of(changed):
            return None
        written = {each for each, record in self.records.items() if before.records.get(_key(each)) != record}
        read: set[DatasetId] = set()
        for job in changed:
            sides = [said for said in (old.get(job), self.jobs.get(job)) if said is not None]
            written.update(*(said.writes for said in sides))
            read.update(*(said.reads for said in sides))
        up, down = _neighbours(self._graph.dataset_edges)
        focus = _reach(written, down) | _around(written, up) | read
        guarded = self._material.guarded
        if not guarded.isdisjoint(focus):
            focus |= _reach(written, up)
        focus = self._closed(focus, old, changed)
        origins = focus | _around(focus, up)
        needed = _reach(focus, up) | _around(focus, down) | _around(origins, down)
        needed |= _reach(focus, down) & (_reach(guarded, up) | guarded)
        needed |= _around({drop for drop, _ in before.drops}, down)
        if len(needed) > _MOST * len(self._graph.datasets):
            return None
        compared = frozenset(rule.name for rule in self._rules if _of_origins(rule))
        return _Plan(Focus(frozenset(focus), frozenset(origins), frozenset(needed)), frozenset(changed), compared)

    def _drops(self, changed: AbstractSet[JobId]) -> list[tuple[DatasetId, JobId]]:
        """The columns that changed jobs drop; in the whole repository there are few."""
        return _drops_of(self._examined.facts_about(lambda job: job.id in changed))

    def _closed(self, focus: set[DatasetId], old: Mapping[JobId, CheckedJob], changed: AbstractSet[JobId]) -> set[DatasetId]:
        """With all that is written together with one of them, and all whose edges are doubtful for one and the same reason."""
        paths = {job: set(old[job].elsewhere) if job in old else set() for job in self.jobs}
        fresh = frozenset(target for job in changed if job in self.jobs for target in self.jobs[job].writes)
        for job, found in _elsewhere(self.jobs, *self._graph.edges_into(fresh)).items():
            if job in changed:
                paths[job] |= found
        members: defaultdict[str, set[JobId]] = defaultdict(set)
        for job, places in paths.items():
            for path in places:
                members[path].add(job)
        for job, said in self.jobs.items():
            if said.span.path in members:
                members[said.span.path].add(job)
        of_job: defaultdict[JobId, set[str]] = defaultdict(set)
        for path, sharing in members.items():
            for job in sharing:
                of_job[job].add(path)
        pending = [job for job, said in self.jobs.items() if not focus.isdisjoint(said.writes)]
        writers = _writers(self.jobs.values())
        seen = set(pending)
        while pending:
            job = pending.pop()
            targets = set(self.jobs[job].writes) - focus
            focus |= targets
            near = {other for target in targets for other in writers[target]}
            near.update(other for path in of_job[job] for other in members[path])
            pending += near - seen
            seen |= near
        return focus

    def look(self, plan: _Plan, rules: Sequence[Rule]) -> list[Broken]:
        near = plan.focus.near
        columns, rows = self._graph.edges_into(near)
        graph = replace(self._graph, column_edges=columns, row_edges=rows)
        facts = self._examined.facts_about(lambda job: not job.writes or not near.isdisjoint(job.writes))
        return broken(rules, replace(self._material, graph=graph, facts=facts, focus=plan.focus))

    def state(self, found: Sequence[Broken], before: CheckedState | None, changed: Iterable[JobId]) -> CheckedState | None:
        if not self.seals or self._material.change is not None:
            return None
        known = {job.id: job.elsewhere for job in before.jobs} if before is not None else {}
        again = frozenset(changed) if before is not None else frozenset(self.jobs)
        if before is None:
            places = _elsewhere(self.jobs, self._graph.column_edges, self._graph.row_edges)
            drops = _drops_of(self._examined.facts)
        else:
            fresh = frozenset(target for job in again if job in self.jobs for target in self.jobs[job].writes)
            places = _elsewhere(self.jobs, *self._graph.edges_into(fresh))
            drops = sorted({*before.drops_but(again), *self._drops(again)})
        jobs = [
            CheckedJob(
                job,
                self.seals.get(job, b""),
                list(said.reads),
                list(said.writes),
                sorted(places.get(job, ())) if job in again else known.get(job, []),
            )
            for job, said in self.jobs.items()
        ]
        records = {_key(dataset): record for dataset, record in self.records.items()}
        return CheckedState.of(self.world, jobs, records, drops, found)


def _of_origins(rule: Rule) -> bool:
    from sqllineage_scan.linting.vocabulary import word

    return word(rule.each).of_origins


def _key(dataset: DatasetId) -> str:
    return f"{dataset.namespace}\0{dataset.name}"


def _seals(examined: Examined) -> dict[JobId, bytes]:
    """A digest of each job with its edges and facts; none of one that nobody can tell."""
    found: dict[JobId, bytes] = {}
    digests: defaultdict[JobId, list[bytes]] = defaultdict(list)
    for traced in examined.jobs:
        digests[traced.job.id].append(_ENCODER.encode((traced.job, traced.dataset_edges)))
    for job, said in digests.items():
        packed = examined.seals.get(job, ())
        if len(packed) == len(said):
            found[job] = blake2b(b"".join((*said, *packed)), digest_size=16).digest()
    return found


def _records(material: Material) -> dict[DatasetId, bytes]:
    """A digest of all that is said of a dataset: columns, tags, descriptions, places, its dbt node. Its version says what it is
    made of, which is in the digests of jobs.
    """
    graph = material.graph
    parts: dict[DatasetId, list[Any]] = {dataset.id: [replace(dataset, version=None)] for dataset in graph.datasets}
    for node in graph.nodes:
        if node.dataset is not None and node.dataset in parts:
            parts[node.dataset].append(node)
    for declared in material.known_facts.declared:
        dataset = material.by_unique_id.get(declared.unique_id)
        if dataset is not None:
            parts[dataset.id].append(declared)
    return {dataset: blake2b(_ENCODER.encode(said), digest_size=16).digest() for dataset, said in parts.items()}


def _drops_of(facts: Any) -> list[tuple[DatasetId, JobId]]:
    return sorted({(drop.column.dataset, statement.job) for statement in facts.statements for drop in statement.drops})


def _elsewhere(
    jobs: Mapping[JobId, Job], column_edges: Iterable[ColumnEdge], row_edges: Iterable[RowEdge]
) -> dict[JobId, frozenset[str]]:
    of: defaultdict[JobId, list[ColumnEdge | RowEdge]] = defaultdict(list)
    edges: list[ColumnEdge | RowEdge] = [*column_edges, *row_edges]
    for edge in edges:
        if edge.evidence:
            of[edge.job].append(edge)
    return {job: elsewhere(own, jobs[job].span.path) for job, own in of.items() if job in jobs}


def _writers(jobs: Iterable[Job]) -> defaultdict[DatasetId, list[JobId]]:
    found: defaultdict[DatasetId, list[JobId]] = defaultdict(list)
    for job in jobs:
        for target in job.writes:
            found[target].append(job.id)
    return found


def _neighbours(edges: Iterable[Any]) -> tuple[Graph, Graph]:
    up: defaultdict[DatasetId, set[DatasetId]] = defaultdict(set)
    down: defaultdict[DatasetId, set[DatasetId]] = defaultdict(set)
    for edge in edges:
        up[edge.target].add(edge.source)
        down[edge.source].add(edge.target)
    return up, down


def _around(datasets: Iterable[DatasetId], neighbours: Graph) -> set[DatasetId]:
    return {other for dataset in datasets for other in neighbours.get(dataset, ())}


def _reach(datasets: Iterable[DatasetId], neighbours: Graph) -> set[DatasetId]:
    """All that can be got to, and where it began."""
    seen = set(datasets)
    pending = list(seen)
    while pending:
        fresh = set(neighbours.get(pending.pop(), ())) - seen
        seen |= fresh
        pending += fresh
    return seen
