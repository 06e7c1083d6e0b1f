"""ClickHouse's ``from t array join a, b as y``: one row for each element; several arrays go side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Input, Projection, Relation
from sqllineage_scan.parse.expressions import uses_of

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope


def array_join(node: exp.Join, scope: Scope) -> Input:
    """Without an alias the element takes the array's name: it is merged with it as a key of USING is, and wins."""
    inner = scope.inner(nested=True, multiplying=[])
    made: list[Projection] = []
    shadowed: list[str] = []
    for item in (node.this, *node.expressions):
        name = scope.alias_name(item.args["alias"] if isinstance(item, exp.Alias) else item.output_name)
        if not isinstance(item, exp.Alias):
            shadowed.append(name)
        made.append(Projection(name, uses_of(item, inner, Subtype.TRANSFORMATION), name, scope.text.node_span(item)))
    every = tuple(dict.fromkeys(use for item in made for use in item.uses))
    index = inner.add(Relation(arguments=every, projections=tuple(made)))
    names = tuple(item.name for item in made)
    return Input("", index, scope.text.node_span(node), names, using=tuple(shadowed), side="right")
