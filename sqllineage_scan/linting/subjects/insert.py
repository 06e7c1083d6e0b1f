"""An INSERT whose values meet the target's columns by position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import SchemaOrigin
from sqllineage_scan.domain.finding import Step
from sqllineage_scan.linting.item import Item
from sqllineage_scan.linting.positions import misplaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "target": "the table",
    "listed": "whether the statement lists the table's columns",
    "count": "how many values there are",
    "wanted": "how many columns take them",
    "too_many": "whether there are more values than columns",
    "too_few": "whether a list of columns has more than there are values",
    "misplaced": "values whose names are those of other columns of the table",
    "from_query": "whether the values are columns with names, not a list of values",
}


def each(material: Material) -> Iterator[Item]:
    for statement in material.known_facts.statements:
        for insert in statement.inserts:
            dataset = material.index.datasets.get(insert.target)
            wanted, count = len(insert.columns), len(insert.names)
            known = dataset is not None and dataset.origin is SchemaOrigin.DDL
            named = tuple("" if name.startswith("column") and name[6:].isdigit() else name for name in insert.names)
            span = dataset.span if dataset is not None else None
            yield Item(
                insert.span,
                str(insert.target),
                {
                    "target": insert.target,
                    "listed": insert.listed,
                    "count": count,
                    "wanted": wanted,
                    "too_many": count > wanted and (insert.listed or known),
                    "too_few": insert.listed and count < wanted,
                    "misplaced": misplaced(insert.columns, named[:wanted]) if known or insert.listed else (),
                    "from_query": any(named),
                },
                (Step(f"{insert.target} is defined here", span),) if span is not None else (),
                of=material.made_by(statement),
            )
