"""An operand of UNION, INTERSECT or EXCEPT, beside the first one, whose names the result has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.linting.item import Item
from sqllineage_scan.linting.positions import misplaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "operator": "union, intersect or except",
    "number": "which operand it is, from 2",
    "count": "how many columns it has",
    "wanted": "how many columns the first one has",
    "same_count": "whether that is the same",
    "misplaced": "columns that stand where the first operand has another, which it has too, elsewhere",
}


def each(material: Material) -> Iterator[Item]:
    for statement in material.known_facts.statements:
        for operand in statement.operands:
            wrong = misplaced(operand.first, operand.names) if len(operand.first) == len(operand.names) else ()
            yield Item(
                operand.span,
                f"{operand.operator} {operand.number}",
                {
                    "operator": operand.operator.upper(),
                    "number": operand.number,
                    "count": len(operand.names),
                    "wanted": len(operand.first),
                    "same_count": len(operand.first) == len(operand.names),
                    "misplaced": wrong,
                },
                of=material.made_by(statement),
            )
