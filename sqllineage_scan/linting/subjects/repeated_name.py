"""A name that a result has twice: ``select a.id, b.id from …``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "name": "the name",
    "target": "the dataset that is made",
    "kind": "its kind: table, view, model, query …",
}


def each(material: Material) -> Iterator[Item]:
    for statement in material.known_facts.statements:
        for repeat in statement.repeats:
            dataset = material.index.datasets.get(repeat.target)
            kind = dataset.kind if dataset is not None else repeat.kind
            values = {"name": repeat.name, "target": repeat.target, "kind": kind.value}
            yield Item(repeat.span, f"{repeat.target}.{repeat.name}", values, of=material.made_by(statement))
