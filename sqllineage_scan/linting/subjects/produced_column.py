"""A column that the SQL of a dbt model or snapshot has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.finding import Step
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.linting.item import Item
from sqllineage_scan.linting.subjects.declared_column import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "name": "its name",
    "dataset": "the model",
    "documented": "whether YAML lists it",
    "listed": "how many columns YAML lists of the model",
    "contract": "whether dbt enforces what YAML says",
    "public": "whether somebody outside looks at the model",
}


def each(material: Material) -> Iterator[Item]:
    for declared in material.known_facts.declared:
        dataset = material.by_unique_id.get(declared.unique_id)
        if dataset is None or declared.unique_id.partition(".")[0] not in ("model", "snapshot"):
            continue
        if not material.looks_at(dataset.id):
            continue
        node = material.nodes.get(dataset.id)
        listed = {plain(column.name) for column in declared.columns}
        for column in dataset.columns or ():
            key = ColumnId(dataset.id, column.name)
            if "." in column.name or (not material.index.column_edges_into.get(key) and not dataset.origin.complete):
                continue  # a field of a struct; a name that is only read
            yield Item(
                material.column_place(key),
                str(key),
                {
                    "name": column.name,
                    "dataset": dataset.id,
                    "documented": plain(column.name) in listed,
                    "listed": len(listed),
                    "contract": bool(node and node.contract),
                    "public": dataset.id in material.public,
                },
                (Step(f"{dataset.id} is described here", declared.span),),
                of=dataset.id,
            )
