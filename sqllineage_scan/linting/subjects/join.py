"""Two columns that a join holds equal: ``on o.id = p.order_id``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.finding import Step
from sqllineage_scan.domain.types import type_family
from sqllineage_scan.linting.item import Item
from sqllineage_scan.linting.types import known_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.facts import KeyFact
    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "left": "the column on the left, as far down as it is passed on unchanged",
    "right": "the column on the right",
    "left_type": "its type: declared, or what a cast makes of it",
    "right_type": "the same of the other side",
    "comparable": "whether both types are known and of one family (numbers, texts, times …), or one is not known",
    "evidence": "the kinds of evidence for both sides",
}


def each(material: Material) -> Iterator[Item]:
    for statement in material.known_facts.statements:
        for join in statement.joins:
            types = [_type(material, side) for side in (join.left, join.right)]
            families = [type_family(found) for found in types]
            kinds = tuple(sorted({item.kind.value for item in join.evidence}))
            doubtful = {"candidate", "not_in_schema", "hole", "tokens", "mended"} & set(kinds)
            yield Item(
                join.left.span,
                f"{_name(join.left)} = {_name(join.right)}",
                {
                    "left": _name(join.left),
                    "right": _name(join.right),
                    "left_type": types[0],
                    "right_type": types[1],
                    "comparable": not all(families) or families[0] == families[1],
                    "evidence": kinds,
                },
                tuple(_steps(material, join.left, types[0])) + tuple(_steps(material, join.right, types[1])),
                0.5 if doubtful else 1.0,
                ", ".join(sorted(doubtful)),
                material.made_by(statement),
            )


def _type(material: Material, side: KeyFact) -> str:
    return side.type or (known_type(material, side.column) if side.column is not None else "")


def _name(side: KeyFact) -> str:
    return str(side.column) if side.column is not None else "the expression"


def _steps(material: Material, side: KeyFact, made: str) -> Iterator[Step]:
    if side.column is not None and made:
        yield Step(f"{side.column} is {made}", material.column_place(side.column))
