"""A column that a dbt test names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.span import whole_file
from sqllineage_scan.linting.item import Item
from sqllineage_scan.linting.subjects.declared_column import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "name": "its name",
    "test": "the test's name",
    "datasets": "what the test reads: one of them should have the column",
    "missing": "whether all columns of all of them are known and none has that name",
}


def each(material: Material) -> Iterator[Item]:
    places: dict[tuple[str, str], Span] = {}
    for declared in material.known_facts.declared:
        for column, place in zip(declared.columns, declared.places, strict=False):
            places[declared.unique_id, plain(column.name)] = place
    columns: dict[DatasetId, frozenset[str]] = {}
    for node in material.graph.nodes:
        if node.resource_type != "test" or not node.enabled:
            continue
        parents = [material.by_unique_id[parent] for parent in node.depends_on if parent in material.by_unique_id]
        if not parents or len(parents) != len(node.depends_on):
            continue
        for name in node.columns:
            where = next((places[key] for parent in node.depends_on if (key := (parent, plain(name))) in places), None)
            yield Item(
                where or whole_file(node.path),
                f"{parents[0].id}.{name}",
                {
                    "name": name,
                    "test": node.name,
                    "datasets": tuple(dataset.id for dataset in parents),
                    "missing": all(dataset.origin.complete for dataset in parents)
                    and name.isidentifier()
                    and all(plain(name) not in _names(columns, dataset) for dataset in parents),
                },
            )


def _names(known: dict[DatasetId, frozenset[str]], dataset: Dataset) -> frozenset[str]:
    if dataset.id not in known:
        known[dataset.id] = frozenset(plain(column.name) for column in dataset.columns or ())
    return known[dataset.id]
