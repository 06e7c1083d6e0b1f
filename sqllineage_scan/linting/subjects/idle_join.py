"""A LEFT JOIN that brings nothing: none of its columns is read, and it takes no row away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "alias": "what the joined table or query is called",
    "keys": "the names of its columns that rows are matched by",
    "unique": "whether it is known to have one row for each of them: grouped by them, or tested to be unique",
}
_UNIQUE = ("unique", "primary_key", "dbt_constraints.primary_key", "dbt_constraints.unique_key")


def each(material: Material) -> Iterator[Item]:
    for statement in material.known_facts.statements:
        for join in statement.idle_joins:
            tested = any(test in _UNIQUE for key in join.keys for test in material.columns.tests(key))
            values = {"alias": join.alias, "keys": join.names, "unique": tested or join.grouped}
            yield Item(join.span, join.alias, values, of=material.made_by(statement))
