"""Whose columns contracts promise: ODCS' by name, dbt's by the model that enforces one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.contract import PromisedColumn, PromisedDataset
from sqllineage_scan.graph.meant import Names
from sqllineage_scan.linting.types import known_type, made_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.names import ColumnId
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.linting.material import Material

ODCS, DBT = "odcs", "dbt"


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
            found = names.meant(promised.names)
            only = material.index.datasets[found[0]] if len(found) == 1 else None
            last = promised.names[0].rpartition(".")[2].casefold()
            similar = () if found else tuple(get_close_matches(last, names.last_parts, n=2))
            yield Promise(ODCS, f"the contract {contract.label}", promised.span, promised, only, tuple(map(str, found)), similar)


def type_in_sql(material: Material, column: ColumnId) -> str:
    """What statements make of it; else what is declared of it, which for a table is what it is."""
    return made_type(material, column) or known_type(material, column)
