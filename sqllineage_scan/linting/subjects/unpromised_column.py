"""A column that the SQL produces of a dataset under contract, and that the contract does not list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.finding import Step
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.linting.item import Item
from sqllineage_scan.linting.promises import find_promises, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "name": "its name",
    "dataset": "its dataset",
    "contract": "the contract by name: the contract orders, dbt's contract",
    "by": "whose contract it is: dbt or odcs",
    "listed": "how many columns the contract lists",
}


def each(material: Material) -> Iterator[Item]:
    for promise in material.once(find_promises):
        dataset = promise.dataset
        if dataset is None or not material.looks_at(dataset.id):
            continue
        listed = {plain(column.name) for column in promise.promised.columns}
        for column in dataset.columns or ():
            key = ColumnId(dataset.id, column.name)
            if "." in column.name or (not material.index.column_edges_into.get(key) and not dataset.origin.complete):
                continue  # a field of a struct; a name that is only read
            if plain(column.name) not in listed:
                yield Item(
                    material.column_place(key),
                    str(key),
                    {
                        "name": column.name,
                        "dataset": dataset.id,
                        "contract": promise.contract,
                        "by": promise.by,
                        "listed": len(listed),
                    },
                    (Step(f"{promise.contract} describes {dataset.id} here", promise.place),),
                    of=dataset.id,
                )
