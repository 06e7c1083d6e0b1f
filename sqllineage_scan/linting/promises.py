"""Whose columns contracts promise: ODCS' by name, dbt's by the model that enforces one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.contract import PromisedColumn, PromisedDataset
from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.domain.span import Span
from sqllineage_scan.domain.types import logical_type
from sqllineage_scan.graph.meant import Names
from sqllineage_scan.linting.personal import find_personal
from sqllineage_scan.linting.types import known_type, made_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.linting.material import Material

_FOREIGN = (DatasetKind.EXTERNAL, DatasetKind.SOURCE)
ODCS, DBT = "odcs", "dbt"
NOWHERE = Span("", 1, 1, 1, 1)


class Promise(NamedTuple):
    """What one contract says of one dataset. ``dataset`` is None where it is not sure which, or that there is one."""

    by: str  # odcs, dbt
    contract: str  # as a sentence calls it
    place: Span
    promised: PromisedDataset
    dataset: Dataset | None
    candidates: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()


def plain(name: str) -> str:
    """As columns are compared: databases fold case one way or the other, contracts are written by people."""
    return name.strip('"`[]').casefold()


def find_promises(material: Material) -> tuple[Promise, ...]:
    return (*_of_dbt(material), *_of_odcs(material))


def _of_dbt(material: Material) -> Iterator[Promise]:
    for declared in material.known_facts.declared:
        dataset = material.by_unique_id.get(declared.unique_id)
        node = material.nodes.get(dataset.id) if dataset is not None else None
        if dataset is None or node is None or not node.contract or declared.unique_id.startswith("source."):
            continue
        columns = tuple(
            PromisedColumn(column.name, place, column.type or "", tags=column.tags, description=column.description)
            for column, place in zip(declared.columns, declared.places, strict=False)
        )
        promised = PromisedDataset(node.name, (str(dataset.id),), declared.span, columns)
        yield Promise(DBT, "dbt's contract", declared.span, promised, dataset)


def _of_odcs(material: Material) -> Iterator[Promise]:
    if not material.contracts.contracts:
        return
    from difflib import get_close_matches

    names = Names(material.graph.datasets)
    for contract in material.contracts.contracts:
        for promised in contract.datasets:
            found = _made(material, names.meant(promised.names))
            only = material.index.datasets[found[0]] if len(found) == 1 else None
            last = promised.names[0].rpartition(".")[2].casefold()
            similar = () if found else tuple(get_close_matches(last, names.last_parts, n=2))
            yield Promise(ODCS, f"the contract {contract.label}", promised.span, promised, only, tuple(map(str, found)), similar)


def _made(material: Material, found: tuple[DatasetId, ...]) -> tuple[DatasetId, ...]:
    """Of several, those that the repository makes: whoever promises ``orders`` means ``shop.orders``, not the ``raw.orders``
    that it reads.
    """
    made = tuple(each for each in found if material.index.datasets[each].kind not in _FOREIGN)
    return made if len(found) > 1 and made else found


def type_in_sql(material: Material, column: ColumnId) -> str:
    """What statements make of it; else what is declared of it, which for a table is what it is."""
    return made_type(material, column) or known_type(material, column)


def tags_in_repository(material: Material, column: ColumnId) -> tuple[str, ...]:
    """Its own, and that of the personal data whose values reach it with nothing masking them."""
    personal = material.once(find_personal)
    described = material.columns.get(column)
    tags = {tag.casefold(): tag for tag in (described.tags if described is not None else ())}
    if column in personal.declared and column in personal.into:
        tag = personal.tagged.get(personal.begin(column), "")
        tags.setdefault(tag.casefold(), tag)
    return tuple(sorted(tag for tag in tags.values() if tag))


def promised_by_sql(material: Material, dataset: Dataset) -> PromisedDataset:
    """What the SQL makes of a dataset, as a promise: its columns with their types, tags and dbt tests."""
    columns = []
    for name in made_columns(material, dataset):
        key = ColumnId(dataset.id, name)
        described = material.columns.get(key)
        kind = type_in_sql(material, key)
        tests = described.tests if described is not None else ()
        columns.append(
            PromisedColumn(
                name=name.strip('"`'),
                span=NOWHERE,
                type=kind,
                logical_type=logical_type(kind),
                tags=tags_in_repository(material, key),
                required=True if "not_null" in tests else None,
                unique=True if "unique" in tests else None,
                description=described.description if described is not None else "",
            )
        )
    node = material.nodes.get(dataset.id)
    name = node.name if node is not None else dataset.id.name.rpartition(".")[2].strip('"`')
    return PromisedDataset(name, (dataset.id.name,), NOWHERE, tuple(columns), dataset.tags, dataset.description)


def made_columns(material: Material, dataset: Dataset) -> tuple[str, ...]:
    """In their order; of an open list those that a statement gives. Fields of structs are left out."""
    names = (
        column.name
        for column in dataset.columns or ()
        if dataset.origin.complete or material.index.column_edges_into.get(ColumnId(dataset.id, column.name))
    )
    return tuple(dict.fromkeys(name.partition(".")[0] for name in names))
