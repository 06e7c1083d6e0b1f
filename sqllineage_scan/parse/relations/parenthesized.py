"""A query in parentheses with clauses of its own: ``(select …) order by a limit 1``, ``with c as (…) (select … from c)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.unit import Input, Relation, Star
from sqllineage_scan.parse.clauses import of_cut
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.relations.keys import counted, order_of
from sqllineage_scan.parse.relations.no_rows import has_no_rows

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

QUERIES = (exp.Subquery,)


def build(node: exp.Subquery, scope: Scope) -> int:
    """The query inside, seen from outside: its clauses behind the parenthesis name its columns."""
    scope = with_common_tables(node, scope)
    return cut_off(node, scope.query(node.this), scope)


def cut_off(node: exp.Expr, index: int, scope: Scope) -> int:
    """Relation ``index`` under the ORDER BY and LIMIT of ``node``: where both stand, the order decides which rows are left.

    select a from t union all select b from u order by a limit 5
    """
    order = node.args.get("order")
    count = list(counted(node, scope))
    cuts = order is not None and (scope.ordered or any(node.args.get(key) is not None for key in ("limit", "offset")))
    empty = has_no_rows(node)
    clauses = of_cut(node, scope, ordered=scope.ordered)
    if not count and not cuts and not empty and not clauses:
        return index
    span = scope.text.node_span(order or node)
    if order is not None and cuts:
        count.extend(order_of(order, scope))
    whole = (Input("", index, span),)
    star = (Star(None, span),)
    return scope.add(Relation(inputs=whole, projections=star, influences=tuple(count), empty=empty, clauses=clauses))
