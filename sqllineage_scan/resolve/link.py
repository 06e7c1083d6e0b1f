"""All compiled files into bound units: the one pass that sees the whole repository."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
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
from sqllineage_scan.resolve.writes import Target, bind_write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqllineage_scan.domain.dataset import Column
    from sqllineage_scan.domain.dbt import Node
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.names import DatasetId, RelationName
    from sqllineage_scan.domain.source import CompiledFile
    from sqllineage_scan.domain.unit import Reference, Unit


@dataclass(frozen=True, slots=True)
class Linked:
    """The repository with every name bound. ``missing`` and ``ambiguous`` tell what was not, and where."""

    units: tuple[BoundUnit, ...]
    datasets: tuple[Dataset, ...]
    exposures: tuple[Exposure, ...]
    cycles: tuple[tuple[DatasetId, ...], ...]
    references: int
    resolved: int
    missing_columns: tuple[Reference, ...]
    missing_datasets: tuple[tuple[RelationName, str], ...]  # with the path of the file that reads it
    nodes: tuple[Node, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class LinkOptions:
    namespace: str = ""
    default_catalog: str | None = None
    default_schema: str | None = None
    targets: tuple[str, ...] = ()
    schema: Mapping[tuple[str, ...], Sequence[Column]] = field(default_factory=dict)
    by_unique_id: Mapping[str, Sequence[Column]] = field(default_factory=dict)  # columns that dbt's catalog.json lists


class _Item(NamedTuple):
    """A unit with the place its names are read in and the job it is."""

    unit: Unit
    place: Place
    job: JobId
    unique_id: str | None


def link(files: Sequence[CompiledFile], options: LinkOptions) -> Linked:
    """Bind everything. ``files`` in the order of their paths; the result does not depend on who compiled them."""
    catalog = Catalog(options.namespace, options.default_catalog, options.default_schema)
    give(catalog, options.schema)
    places = define_all(catalog, files, options.targets)
    give_listed(catalog, options.by_unique_id)
    items = [item for file in files for item in _items(file, places[file.key], catalog)]
    _define_written(catalog, items)
    ends = [_ends(item, catalog) for item in items]
    binders: list[UnitBinder | None] = [None] * len(items)
    targets: list[list[Target]] = [[] for _ in items]
    circles = cycles(ends)
    circle = frozenset(dataset for group in circles for dataset in group)
    unmade = Counter(dataset for each in ends for dataset in each.writes & circle)
    for position in binding_order(ends):
        item = items[position]
        binder = binders[position] = UnitBinder(item.unit, catalog, item.place)
        unmade.subtract(ends[position].writes & circle)
        binder.early = frozenset(
            each for each in ends[position].reads & circle if unmade[each] and not catalog.schema(each).complete
        )
        for change in item.unit.changes:
            apply_change(catalog, change, item.place)
        binder.bind()
        targets[position] = [bind_write(write, binder, catalog, item.place) for write in item.unit.writes]
    bound = [binder for binder in binders if binder is not None]
    answer_demands(bound, targets, catalog)
    units = tuple(_bound_unit(*each, catalog) for each in zip(items, bound, targets, strict=True))
    return Linked(
        units,
        tuple(sorted((_dataset(catalog, found) for found in catalog.entries), key=lambda dataset: dataset.id)),
        _exposures(files, catalog),
        tuple(circles),
        sum(binder.tally.references for binder in bound),
        sum(binder.tally.resolved for binder in bound),
        tuple(reference for binder in bound for reference in binder.tally.missing),
        tuple(sorted((name, place.path) for name, place in catalog.missing.items())),
        *nodes(files, catalog),
    )


def _items(file: CompiledFile, place: Place, catalog: Catalog) -> list[_Item]:
    """The units of a file. In a plain file every bare SELECT is a dataset of its own: report.sql, report.sql#2."""
    node = file.node
    if node is not None and not node.enabled:
        return []
    found: list[_Item] = []
    queries: dict[int, Place] = {}
    last: DatasetId | None = None
    for unit in file.units:
        job = JobId("", file.key if unit.ordinal == 1 else f"{file.key}#{unit.ordinal}")
        own = place._replace(search_path=unit.search_path or place.search_path, last=last)
        if place.this is None and any(write.target.kind is NameKind.THIS for write in unit.writes):
            if unit.ordinal not in queries:
                name = file.path if not queries else f"{file.path}#{len(queries) + 1}"
                kind = next(write.kind for write in unit.writes if write.kind is not None)
                queries[unit.ordinal] = own._replace(this=catalog.define_query(name, kind, unit.span).id)
            own = queries[unit.ordinal]
            last = own.this
        found.append(_Item(unit, own, job, node.unique_id if node else None))
    return found


def _define_written(catalog: Catalog, items: Iterable[_Item]) -> None:
    """A table that is only ever inserted into is a table of this repository too."""
    for item in items:
        for write in item.unit.writes:
            if write.target.kind is NameKind.TABLE:
                for dataset in catalog.meaning(write.target, item.place).datasets:
                    entry = catalog.entries[dataset]
                    if entry.kind is DatasetKind.EXTERNAL:
                        catalog.define(catalog.placed(write.target.parts, item.place), DatasetKind.TABLE, write.span)


def _ends(item: _Item, catalog: Catalog) -> Ends:
    unit, place = item.unit, item.place

    def datasets(names: Iterable[RelationName]) -> frozenset[DatasetId]:
        return frozenset(dataset for name in names for dataset in catalog.meaning(name, place).datasets)

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
        *script_position(place.path, unit.ordinal),
    )


def _bound_unit(item: _Item, binder: UnitBinder, targets: Sequence[Target], catalog: Catalog) -> BoundUnit:
    reads: list[BoundRead] = []
    for name in item.unit.reads:
        meaning = catalog.meaning(name, item.place)
        reads.extend(BoundRead(dataset, meaning.evidence) for dataset in meaning.datasets)
    forms = NormalForms(binder)
    writes = tuple(target.bound(forms.definition(target)) for target in targets)
    defines = dict.fromkeys(catalog.meaning(change.target, item.place).datasets[0] for change in item.unit.changes)
    return BoundUnit(item.unit, item.job, binder.bound_relations(), writes, tuple(reads), item.unique_id, tuple(defines))


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
