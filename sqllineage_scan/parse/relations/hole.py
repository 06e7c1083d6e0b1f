"""A whole query that a template would have written: ``with days as ({{ dbt_date.get_base_dates() }})``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.unit import Relation, Star
from sqllineage_scan.parse.scope import UnsupportedSyntaxError

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

QUERIES = (exp.Column, exp.Identifier)


def build(node: exp.Expr, scope: Scope) -> int:
    """A relation of which nothing is known but that it is there: any column may be asked of it."""
    hole = scope.text.holes.get(node.name.lower())
    if hole is None:
        raise UnsupportedSyntaxError("a name in place of a query")
    return scope.add(Relation(projections=(Star(None, scope.text.node_span(node), hole=hole.expression),)))
