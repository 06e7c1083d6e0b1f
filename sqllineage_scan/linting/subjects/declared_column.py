"""A column that YAML lists of a dbt model, seed or snapshot."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from sqllineage_scan.domain.finding import Step
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.domain.types import type_family
from sqllineage_scan.linting.item import Item
from sqllineage_scan.linting.types import made_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.dataset import Column, Dataset
    from sqllineage_scan.domain.facts import DeclaredDataset
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "name": "its name",
    "dataset": "what it is listed of",
    "resource_type": "model, seed or snapshot",
    "produced": "whether the SQL, or the seed's header, has a column of that name",
    "all_known": "whether all columns of the SQL are known",
    "contract": "whether dbt enforces what YAML says",
    "tests": "the dbt tests on it",
    "type": "the type that YAML declares",
    "made_type": "the type that the SQL makes it: by a cast, or as that of what it passes on",
    "type_agrees": "whether the two are of one family (numbers, texts, times …), or one is not known",
    "similar": "columns that the SQL does have under nearly that name",
}


def each(material: Material) -> Iterator[Item]:
    for declared in material.known_facts.declared:
        dataset = material.by_unique_id.get(declared.unique_id)
        if dataset is None or declared.unique_id.startswith("source.") or not material.looks_at(dataset.id):
            continue
        names = {plain(column.name): column.name for column in dataset.columns or ()}
        for column, place in zip(declared.columns, declared.places, strict=False):
            yield _item(material, declared, dataset, column, place=place, names=names)


def plain(name: str) -> str:
    return name.strip('"`').casefold()


def _item(
    material: Material, declared: DeclaredDataset, dataset: Dataset, column: Column, *, place: Span, names: dict[str, str]
) -> Item:
    node = material.nodes.get(dataset.id)
    known = names.get(plain(column.name))
    made = made_type(material, ColumnId(dataset.id, known)) if known is not None else ""
    families = type_family(column.type or ""), type_family(made)
    return Item(
        place,
        f"{dataset.id}.{column.name}",
        {
            "name": column.name,
            "dataset": dataset.id,
            "resource_type": declared.unique_id.partition(".")[0],
            "produced": known is not None,
            "all_known": dataset.origin.complete,
            "contract": bool(node and node.contract),
            "tests": column.tests,
            "type": column.type or "",
            "made_type": made,
            "type_agrees": not all(families) or families[0] == families[1],
            "similar": lambda: tuple(get_close_matches(column.name, list(names.values()), n=2, cutoff=0.7)),
        },
        (Step(f"{dataset.id} is made here", dataset.span),) if dataset.span is not None else (),
        of=dataset.id,
    )
