"""A column of a CTE or subquery that nothing reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "name": "its name",
    "relation": "the alias of the CTE or subquery",
}


def each(material: Material) -> Iterator[Item]:
    for statement in material.known_facts.statements:
        for unused in statement.unused:
            relation = unused.relation or "the subquery"
            values = {"name": unused.name, "relation": relation}
            yield Item(unused.span, f"{relation}.{unused.name}", values, of=material.made_by(statement))
