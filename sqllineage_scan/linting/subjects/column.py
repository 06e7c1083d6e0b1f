"""A column of a dataset that the repository makes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.dataset import Column, Dataset
    from sqllineage_scan.domain.edge import ColumnEdge
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
    for dataset in material.graph.datasets:
        if dataset.kind in (DatasetKind.TEST, DatasetKind.EXTERNAL):
            continue
        readers = material.readers.get(dataset.id, frozenset()) - material.tests
        unsure = _unsure(material, dataset)
        for column in dataset.columns or ():
            yield _item(material, dataset, column, len(readers), unsure)


def _unsure(material: Material, dataset: Dataset) -> bool:
    """Whether a reader has an open star, a hole, or is known by its tables alone: then nobody knows which columns it reads."""
    by_column = _column_readers(material, dataset)
    for edge in material.index.dataset_edges_from.get(dataset.id, ()):
        if edge.target == dataset.id:
            continue
        reader = material.index.datasets.get(edge.target)
        if reader is not None and reader.kind is not DatasetKind.TEST and edge.target not in by_column:
            return True
    return dataset.id in material.read_through_holes


def _column_readers(material: Material, dataset: Dataset) -> set[object]:
    found: set[object] = set()
    for name in material.index.columns.get(dataset.id, ()):
        column = ColumnId(dataset.id, name)
        found.update(edge.target.dataset for edge in material.index.column_edges_from.get(column, ()))
        found.update(edge.target for edge in material.index.row_edges_from.get(column, ()))
    return found


def _item(material: Material, dataset: Dataset, column: Column, dataset_readers: int, unsure: bool) -> Item:  # noqa: FBT001
    key = ColumnId(dataset.id, column.name)
    from_here = material.index.column_edges_from.get(key, ())
    rows = material.index.row_edges_from.get(key, ())
    readers = {edge.target for edge in from_here if edge.target.dataset != dataset.id}
    tested = {edge.target for edge in rows if edge.target in material.tests} | {
        edge.target.dataset for edge in from_here if edge.target.dataset in material.tests
    }
    return Item(
        material.column_place(key),
        str(key),
        {
            "id": key,
            "name": column.name,
            "dataset": dataset.id,
            "kind": dataset.kind.value,
            "origin": dataset.origin.value,
            "tags": column.tags,
            "tests": column.tests,
            "described": bool(column.description),
            "type": column.type or "",
            "readers": len({reader for reader in readers if reader.dataset not in material.tests}),
            "row_readers": len({edge.target for edge in rows if edge.target not in material.tests and edge.target != dataset.id}),
            "read_by_tests": bool(tested or column.tests),
            "dataset_readers": dataset_readers,
            "exposed": dataset.id in material.exposed,
            "public": dataset.id in material.public,
            "reaches_exposure": key in material.feeds_protected,
            "tested_on_the_way": partial(_tested, material, key),
            "renamed": lambda: max(len(_names(material, key)) - 1, 0),
            "names": lambda: _names(material, key),
            "made": bool(material.index.column_edges_into.get(key)),
            "unsure_readers": unsure,
        },
    )


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
