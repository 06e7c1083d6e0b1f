"""``(select …) as d (a, b)`` in FROM, and ``(a join b on …)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.unit import Input, Relation, Star
from sqllineage_scan.parse.relations.join import with_joins
from sqllineage_scan.parse.relations.pivot import pivoted
from sqllineage_scan.parse.scope import FromItem

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

FROM_ITEMS = (exp.Subquery, exp.Paren)


def read_from(node: exp.Expr, scope: Scope) -> FromItem:
    """A derived table is a relation of its own; a parenthesised join is its tables, under their own names."""
    inner = node.this
    if isinstance(inner, (exp.Table, exp.Paren)) or (isinstance(inner, exp.Subquery) and inner.args.get("joins")):
        item = scope.from_item(inner)
        if node.args.get("alias") is not None:  # (a join b using (id)) as j: only j is seen from outside
            span = scope.text.node_span(node)
            name, columns = scope.table_alias(node.args["alias"])
            joined = Relation(tuple(item.inputs), (Star(None, span),), tuple(item.influences))
            item = FromItem([Input(name, scope.add(joined), span, columns)], [])
    else:
        name, columns = scope.table_alias(node.args.get("alias"))
        lateral = scope.inner(nested=True) if scope.dialect.subqueries_see_siblings else scope
        source = Input(name, lateral.query(inner), scope.text.node_span(node), columns)
        for pivot in node.args.get("pivots") or ():
            source = pivoted(pivot, source, scope)
        item = FromItem([source], [])
    return with_joins(item, node.args.get("joins") or (), scope)
