"""A column of a dataset that the repository makes."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqllineage_scan.domain.dataset import Column, Dataset
    from sqllineage_scan.domain.edge import ColumnEdge
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.linting.material import Material

ATTRIBUTES = {
    "id": "its id: analytics.orders.amount",
    "name": "its name",
    "dataset": "the id of its dataset",
    "kind": "the kind of its dataset: table, view, model …",
    "origin": "how its dataset's columns are known: ddl, inferred …",
    "tags": "its tags",
    "tests": "the dbt tests on it: unique, not_null …",
    "described": "whether it has a description",
    "type": "its type, as declared",
    "readers": "how many columns of other datasets have a value from it",
    "row_readers": "how many datasets have rows that it decides: joins, filters, grouping",
    "read_by_tests": "whether a dbt test reads it, or is declared on it",
    "dataset_readers": "how many datasets read its dataset, tests left out",
    "exposed": "whether an exposure uses its dataset",
    "public": "whether somebody outside looks at its dataset: an exposure, dbt's access, the configuration",
    "reaches_exposure": "whether a value of an exposed dataset is made of it",
    "tested_on_the_way": "whether it, or a column that only passes on what it is made of, has a test",
    "renamed": "how often it was renamed on its way here, unchanged all along",
    "names": "the names that it had on its way, the first first",
    "made": "whether a statement of the repository gives it its value",
    "unsure_readers": "whether something reads its dataset in a way that may read it too",
}


def each(material: Material) -> Iterator[Item]:
    uses = _Uses(material)
    for dataset in material.datasets:
        if dataset.kind not in (DatasetKind.TEST, DatasetKind.EXTERNAL):
            owner = _Owner(material, dataset, uses)
            for column in dataset.columns or ():
                yield _ColumnItem(owner, column)


class _Uses:
    """Who reads which column: counted in one walk over all edges, since there are more columns than anything else."""

    def __init__(self, material: Material) -> None:
        tests = material.tests
        self.values: defaultdict[ColumnId, set[ColumnId]] = defaultdict(set)
        self.rows: defaultdict[ColumnId, set[DatasetId]] = defaultdict(set)
        self.tested: set[ColumnId] = set()
        self.read_by: defaultdict[DatasetId, set[DatasetId]] = defaultdict(set)  # who reads any column of a dataset
        for edge in material.graph.column_edges:
            source, target = edge.source, edge.target
            self.read_by[source.dataset].add(target.dataset)
            if target.dataset in tests:
                self.tested.add(source)
            elif target.dataset != source.dataset:
                self.values[source].add(target)
        for row in material.graph.row_edges:
            self.read_by[row.source.dataset].add(row.target)
            if row.target in tests:
                self.tested.add(row.source)
            elif row.target != row.source.dataset:
                self.rows[row.source].add(row.target)


class _Owner:
    """What all columns of a dataset share."""

    def __init__(self, material: Material, dataset: Dataset, uses: _Uses) -> None:
        self.material, self.dataset, self.uses = material, dataset, uses
        self.readers = len(material.readers.get(dataset.id, frozenset()) - material.tests)

    @cached_property
    def unsure(self) -> bool:
        """Whether a reader has an open star, a hole, or is known by its tables alone: nobody knows which columns it reads."""
        by_column = self.uses.read_by.get(self.dataset.id, set())
        tests = self.material.tests
        return self.dataset.id in self.material.read_through_holes or any(
            edge.target != self.dataset.id and edge.target not in by_column and edge.target not in tests
            for edge in self.material.index.dataset_edges_from.get(self.dataset.id, ())
        )


class _ColumnItem(Item):
    """Every word is worked out when a rule asks for it: nearly all columns are passed over after the first."""

    __slots__ = ("_column", "_key", "_owner")

    def __init__(self, owner: _Owner, column: Column) -> None:
        self._owner, self._column = owner, column
        self._key = ColumnId(owner.dataset.id, column.name)
        self.steps, self.confidence, self.weakest, self.severity = (), 1.0, "", None
        self.of = owner.dataset.id

    @property
    def span(self) -> Span | None:  # type: ignore[override]
        return self._owner.material.column_place(self._key)

    @property
    def subject(self) -> str:  # type: ignore[override]
        return str(self._key)

    def value(self, name: str) -> Any:
        return _WORDS[name](self._owner, self._key, self._column)


_WORDS: dict[str, Callable[[_Owner, ColumnId, Column], Any]] = {
    "id": lambda _, key, __: key,
    "name": lambda _, key, __: key.column,
    "dataset": lambda _, key, __: key.dataset,
    "kind": lambda owner, _, __: owner.dataset.kind.value,
    "origin": lambda owner, _, __: owner.dataset.origin.value,
    "tags": lambda _, __, column: column.tags,
    "tests": lambda _, __, column: column.tests,
    "described": lambda _, __, column: bool(column.description),
    "type": lambda _, __, column: column.type or "",
    "readers": lambda owner, key, _: len(owner.uses.values.get(key, ())),
    "row_readers": lambda owner, key, _: len(owner.uses.rows.get(key, ())),
    "read_by_tests": lambda owner, key, column: bool(column.tests) or key in owner.uses.tested,
    "dataset_readers": lambda owner, _, __: owner.readers,
    "exposed": lambda owner, key, _: key.dataset in owner.material.exposed,
    "public": lambda owner, key, _: key.dataset in owner.material.public,
    "reaches_exposure": lambda owner, key, _: key in owner.material.feeds_protected,
    "tested_on_the_way": lambda owner, key, _: _tested(owner.material, key),
    "renamed": lambda owner, key, _: max(len(_names(owner.material, key)) - 1, 0),
    "names": lambda owner, key, _: _names(owner.material, key),
    "made": lambda owner, key, _: bool(owner.material.index.column_edges_into.get(key)),
    "unsure_readers": lambda owner, _, __: owner.unsure,
}


def _passed_on(material: Material, column: ColumnId) -> ColumnEdge | None:
    """The edge by which a column is another one, unchanged."""
    into = [edge for edge in material.index.column_edges_into.get(column, ()) if edge.source != column]
    only = into[0] if len(into) == 1 else None
    return (
        only if only is not None and only.transformation.subtype is Subtype.IDENTITY and not only.transformation.masking else None
    )


def _names(material: Material, column: ColumnId) -> tuple[str, ...]:
    """raw.orders.amt -> stg.amount -> mart.total: (amt, amount, total)"""
    names, seen = [column.column], {column}
    edge = _passed_on(material, column)
    while edge is not None and edge.source not in seen:
        seen.add(edge.source)
        if edge.source.column != names[-1]:
            names.append(edge.source.column)
        edge = _passed_on(material, edge.source)
    return tuple(reversed(names))


def _tested(material: Material, column: ColumnId) -> bool:
    edge, seen = _passed_on(material, column), {column}
    while True:
        described = material.columns.get(column)
        if described is not None and described.tests:
            return True
        if edge is None or edge.source in seen:
            return False
        column = edge.source
        seen.add(column)
        edge = _passed_on(material, column)
