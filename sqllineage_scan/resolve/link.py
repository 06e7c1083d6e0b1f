"""All compiled files into bound units: the one pass that sees the whole repository."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count, islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.dialects import ANSI
from sqllineage_scan.domain.bound import BoundRead, BoundUnit
from sqllineage_scan.domain.dataset import Dataset, DatasetKind
from sqllineage_scan.domain.job import Exposure
from sqllineage_scan.domain.names import JobId, NameKind
from sqllineage_scan.domain.unit import SchemaAction
from sqllineage_scan.resolve.bind import UnitBinder
from sqllineage_scan.resolve.catalog import Catalog, Place
from sqllineage_scan.resolve.definitions import apply_change, define_all, give, give_listed
from sqllineage_scan.resolve.demands import answer_demands
from sqllineage_scan.resolve.nodes import nodes
from sqllineage_scan.resolve.normal_form import NormalForms
from sqllineage_scan.resolve.order import Ends, binding_order, cycles, script_position
from sqllineage_scan.resolve.participant import BoundParticipant, KeptParticipant
from sqllineage_scan.resolve.schema import Schema
from sqllineage_scan.resolve.view import View
from sqllineage_scan.resolve.writes import bind_write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqllineage_scan.domain.dataset import Column
    from sqllineage_scan.domain.dbt import Node
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.linked import UnitTrace
    from sqllineage_scan.domain.names import DatasetId, RelationName
    from sqllineage_scan.domain.source import CompiledFile
    from sqllineage_scan.domain.unit import Reference, Unit


class LinkedUnit(NamedTuple):
    """A unit with the datasets that it writes and whose columns it defines. ``bound`` gives it bound, once: what it was bound
    with is let go then, so that not all units are in memory in full. None: it would be bound as it was when ``trace`` was
    kept, so that its edges are those that were kept. ``trace`` None: it has to be bound anew each time.
    """

    unit: Unit
    job: JobId
    unique_id: str | None
    key: UnitKey | None
    writes: tuple[DatasetId, ...]
    defines: tuple[DatasetId, ...]
    bound: Callable[[], BoundUnit] | None
    trace: UnitTrace | None


@dataclass(frozen=True, slots=True)
class Linked:
    """The repository with every name bound. ``missing`` and ``ambiguous`` tell what was not, and where."""

    units: tuple[LinkedUnit, ...]
    datasets: tuple[Dataset, ...]
    exposures: tuple[Exposure, ...]
    cycles: tuple[tuple[DatasetId, ...], ...]
    references: int
    resolved: int
    missing_columns: tuple[Reference, ...]
    missing_datasets: tuple[tuple[RelationName, str], ...]  # with the path of the file that reads it
    nodes: tuple[Node, ...]
    findings: tuple[Finding, ...]

    @property
    def bound(self) -> tuple[BoundUnit, ...]:
        """The units that were bound: all of them, where nothing was kept. To be asked for once, as each of them is."""
        return tuple(unit.bound() for unit in self.units if unit.bound is not None)


_ATTEMPTS = 8  # to link with what is kept; then without


@dataclass(frozen=True, slots=True)
class LinkOptions:
    namespace: str = ""
    default_catalog: str | None = None
    default_schema: str | None = None
    targets: tuple[str, ...] = ()
    schema: Mapping[tuple[str, ...], Sequence[Column]] = field(default_factory=dict)
    by_unique_id: Mapping[str, Sequence[Column]] = field(default_factory=dict)  # columns that dbt's catalog.json lists


class _Item(NamedTuple):
    """A unit with what it sees from its place, and the job it is. ``file`` and ``number`` say where it stands."""

    file: CompiledFile
    number: int
    unit: Unit
    view: View
    job: JobId
    unique_id: str | None
    key: UnitKey | None


UnitKey = tuple[bytes, int]
"""The digest of what a file was compiled from, and the number of one of its units."""


class Kept(NamedTuple):
    """What other scans have left. ``digests``: of what each file was compiled from, in the order of the files; None for a file
    that nothing is kept of. ``traces`` of their units. ``whole``: a file with the insides of its statements, which it may be
    given without.
    """

    digests: Sequence[bytes | None]
    traces: Mapping[UnitKey, UnitTrace]
    whole: Callable[[CompiledFile], CompiledFile]


def link(files: Sequence[CompiledFile], options: LinkOptions, kept: Kept | None = None) -> Linked:
    """Bind everything. ``files`` in the order of their paths; the result does not depend on who compiled them, nor on what is
    kept: units that would be bound as they were are not bound.
    """
    catalog = Catalog(options.namespace, options.default_catalog, options.default_schema)
    give(catalog, options.schema)
    places = define_all(catalog, files, options.targets)
    give_listed(catalog, options.by_unique_id)
    digests = kept.digests if kept is not None else [None] * len(files)
    items = [
        item for file, digest in zip(files, digests, strict=True) for item in _items(file, places[file.key], catalog, digest)
    ]
    _define_written(catalog, items)
    order = _Order(items)
    traces = dict(kept.traces) if kept is not None else {}
    whole = kept.whole if kept is not None else _as_it_is
    participants = _participants(items, order, catalog, traces, whole)
    return Linked(
        tuple(_linked_unit(*each) for each in zip(items, participants, strict=True)),
        tuple(sorted((_dataset(catalog, found) for found in catalog.entries), key=lambda dataset: dataset.id)),
        _exposures(files, catalog),
        tuple(order.circles),
        *_tally(participants),
        tuple(sorted((name, place.path) for name, place in catalog.missing.items())),
        *nodes(files, catalog),
    )


class _Order:
    """In which order units are bound, and what is special about those that are made from each other."""

    def __init__(self, items: Sequence[_Item]) -> None:
        self._ends = [_ends(item) for item in items]
        self.circles = cycles(self._ends)
        self._circle = frozenset(dataset for group in self.circles for dataset in group)
        self.positions = binding_order(self._ends)

    def unmade(self) -> Counter[DatasetId]:
        """How many units have still to be bound that make each dataset of a circle."""
        return Counter(dataset for each in self._ends for dataset in each.writes & self._circle)

    def early(self, position: int, unmade: Counter[DatasetId], catalog: Catalog) -> tuple[DatasetId, ...]:
        """What the next unit reads before it is made."""
        if not self._circle:
            return ()
        ends = self._ends[position]
        unmade.subtract(ends.writes & self._circle)
        return tuple(sorted(each for each in ends.reads & self._circle if unmade[each] and not catalog.schema(each).complete))


def _participants(
    items: Sequence[_Item],
    order: _Order,
    catalog: Catalog,
    traces: dict[UnitKey, UnitTrace],
    whole: Callable[[CompiledFile], CompiledFile],
) -> Sequence[BoundParticipant | KeptParticipant]:
    """All units, bound or kept, with every question answered. Where a kept one turns out to be stale it is bound, and all begins
    again from the same schemas: what it says then may make others stale.
    """
    before = {dataset: entry.schema.copy() for dataset, entry in catalog.entries.items()} if traces else {}
    for attempt in count():
        found, torn = _bound_or_kept(items, order, catalog, traces, whole)
        stale = answer_demands(found, catalog) | torn
        undone = [number for number, each in enumerate(found) if isinstance(each, KeptParticipant) and not each.is_done()]
        if not stale and not undone:
            return found
        doubtful = range(len(items)) if attempt == _ATTEMPTS else stale or undone
        for number in doubtful:
            for item in _ways(items, number):
                if item.key is not None:
                    traces.pop(item.key, None)
        for dataset, entry in catalog.entries.items():
            entry.schema = before[dataset].copy() if dataset in before else Schema()
    raise AssertionError


def _bound_or_kept(
    items: Sequence[_Item],
    order: _Order,
    catalog: Catalog,
    traces: Mapping[UnitKey, UnitTrace],
    whole: Callable[[CompiledFile], CompiledFile],
) -> tuple[list[BoundParticipant | KeptParticipant], set[int]]:
    """Also the numbers of kept units that are ways of a statement another way of which had to be bound."""
    found: list[BoundParticipant | KeptParticipant | None] = [None] * len(items)
    unmade = order.unmade()
    kept_jobs: dict[JobId, int] = {}
    bound_jobs: set[JobId] = set()
    for position in order.positions:
        item = items[position]
        early = order.early(position, unmade, catalog)
        trace = traces.get(item.key) if item.key is not None else None
        unit = KeptParticipant.of(trace, item.view, item.unique_id, early) if trace and item.job not in bound_jobs else None
        if unit is not None:
            kept_jobs[item.job] = position
        else:
            bound_jobs.add(item.job)
        found[position] = unit or _bind(item, whole(item.file).units[item.number], early)
    return [each for each in found if each is not None], {kept_jobs[job] for job in kept_jobs.keys() & bound_jobs}


def _as_it_is(file: CompiledFile) -> CompiledFile:
    return file


def _bind(item: _Item, unit: Unit, early: tuple[DatasetId, ...]) -> BoundParticipant:
    item.view.begin(recording=item.key is not None)
    binder = UnitBinder(unit, item.view)
    binder.early = frozenset(early)
    for change in unit.changes:
        apply_change(item.view, change)
    binder.bind()
    participant = BoundParticipant(binder, [bind_write(write, binder) for write in unit.writes], early)
    participant.bound()
    return participant


def _ways(items: Sequence[_Item], number: int) -> Iterator[_Item]:
    """The ways of rendering the statement that one of them is."""
    job = items[number].job
    first = number
    while first and items[first - 1].job == job:
        first -= 1
    return takewhile(lambda item: item.job == job, islice(items, first, None))


def _tally(participants: Iterable[BoundParticipant | KeptParticipant]) -> tuple[int, int, tuple[Reference, ...]]:
    """How many references there are, how many of them found one column, and which found none."""
    references = resolved = 0
    missing: list[Reference] = []
    for each in participants:
        tally = each.kept if isinstance(each, KeptParticipant) else each.binder.tally
        references += tally.references
        resolved += tally.resolved
        missing += tally.missing
    return references, resolved, tuple(missing)


def _items(file: CompiledFile, place: Place, catalog: Catalog, digest: bytes | None) -> list[_Item]:
    """The units of a file. In a plain file every bare SELECT is a dataset of its own: report.sql, report.sql#2."""
    node = file.node
    if node is not None and not node.enabled:
        return []
    found: list[_Item] = []
    queries: dict[int, Place] = {}
    last: DatasetId | None = None
    for number, unit in enumerate(file.units):
        job = JobId("", file.key if unit.ordinal == 1 else f"{file.key}#{unit.ordinal}")
        own = place._replace(search_path=unit.search_path or place.search_path, last=last)
        if place.this is None and any(write.target.kind is NameKind.THIS for write in unit.writes):
            if unit.ordinal not in queries:
                name = file.path if not queries else f"{file.path}#{len(queries) + 1}"
                kind = next(write.kind for write in unit.writes if write.kind is not None)
                queries[unit.ordinal] = own._replace(this=catalog.define_query(name, kind, unit.span).id)
            own = queries[unit.ordinal]
            last = own.this
        key = None if digest is None else (digest, number)
        found.append(_Item(file, number, unit, View(catalog, own), job, node.unique_id if node else None, key))
    return found


def _define_written(catalog: Catalog, items: Iterable[_Item]) -> None:
    """A table that is only ever inserted into is a table of this repository too."""
    for item in items:
        for write in item.unit.writes:
            if write.target.kind is NameKind.TABLE:
                for dataset in catalog.meaning(write.target, item.view.place).datasets:
                    entry = catalog.entries[dataset]
                    if entry.kind is DatasetKind.EXTERNAL:
                        catalog.define(catalog.placed(write.target.parts, item.view.place), DatasetKind.TABLE, write.span)


def _ends(item: _Item) -> Ends:
    unit, view = item.unit, item.view

    def datasets(names: Iterable[RelationName]) -> frozenset[DatasetId]:
        return frozenset(dataset for name in names for dataset in view.meaning(name).datasets)

    sources = [source.source for relation in unit.relations for source in relation.inputs if not isinstance(source.source, int)]
    created = [change.target for change in unit.changes if change.action is SchemaAction.CREATE]
    changed = [change.target for change in unit.changes if change.action is not SchemaAction.CREATE]
    added = [write.target for write in unit.writes if write.kind is None]
    likes = [change.like for change in unit.changes if change.like is not None]
    own = datasets(created) if unit.relations else frozenset()  # of a table with computed columns, which reads itself
    return Ends(
        datasets((*sources, *unit.reads, *likes)) - own,
        datasets((*(write.target for write in unit.writes), *created, *changed)),
        datasets((*(write.target for write in unit.writes if write.kind is not None), *created, *changed)),
        datasets((*added, *changed)),
        *script_position(view.place.path, unit.ordinal),
    )


def _linked_unit(item: _Item, participant: BoundParticipant | KeptParticipant) -> LinkedUnit:
    writes = tuple(participant.targets())
    defines = tuple(dict.fromkeys(item.view.dataset(change.target) for change in item.unit.changes))
    if isinstance(participant, KeptParticipant):
        return LinkedUnit(item.unit, item.job, item.unique_id, item.key, writes, defines, None, participant.kept)
    unit = participant.binder.unit
    reads: list[BoundRead] = []
    for name in unit.reads:
        meaning = item.view.meaning(name)
        reads.extend(BoundRead(dataset, meaning.evidence) for dataset in meaning.datasets)
    participant.binder.finish()
    bound = BoundUnit(unit, item.job, (), (), tuple(reads), item.unique_id, defines)
    trace = participant.trace(item.unique_id)
    return LinkedUnit(
        unit, item.job, item.unique_id, item.key, writes, defines, partial(_with_relations, bound, participant), trace
    )


def _with_relations(bound: BoundUnit, participant: BoundParticipant) -> BoundUnit:
    forms = NormalForms(participant.binder)
    made = tuple(target.bound(forms.definition(target)) for target in participant.made)
    relations = participant.binder.bound_relations()
    participant.release()
    return replace(bound, relations=relations, writes=made)


def _dataset(catalog: Catalog, found: DatasetId) -> Dataset:
    entry = catalog.entries[found]
    columns = tuple(entry.schema.columns.values())
    return Dataset(
        found,
        entry.kind,
        columns or None,
        entry.schema.origin,
        entry.span,
        entry.owner,
        entry.tags,
        entry.description,
        entry.unique_id,
    )


def _exposures(files: Sequence[CompiledFile], catalog: Catalog) -> tuple[Exposure, ...]:
    found = []
    for file in files:
        for exposure in file.declarations.exposures if file.declarations else ():
            place = Place(file.path, ANSI, None, exposure.sight)
            depends_on = sorted({dataset for name in exposure.depends_on for dataset in catalog.meaning(name, place).datasets})
            found.append(
                Exposure(
                    exposure.name,
                    exposure.kind,
                    exposure.owner,
                    exposure.url,
                    tuple(depends_on),
                    exposure.span,
                    exposure.description,
                    exposure.unique_id or None,
                )
            )
    return tuple(sorted(found, key=lambda exposure: (exposure.name, exposure.span)))
