"""A query in parentheses with clauses of its own: ``(select …) order by a limit 1``, ``with c as (…) (select … from c)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Influence, Input, Projection, Reference, Relation, Star
from sqllineage_scan.parse.expressions import uses_of
from sqllineage_scan.parse.relations.common_table import with_common_tables

if TYPE_CHECKING:
    from sqllineage_scan.domain.unit import Use
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
    count = counted(node, scope)
    if not count and (order is None or all(node.args.get(key) is None for key in ("limit", "offset"))):
        return index
    names = _names(index, scope)
    span = scope.text.node_span(order or node)
    uses: list[Use] = []
    for key in order.expressions if order is not None and not by_all(order) else ():
        number = int(key.this.this) if isinstance(key.this, exp.Literal) and str(key.this.this).isdigit() else 0
        if 0 < number <= len(names):
            uses.append(Reference(names[number - 1], (), (), Subtype.SORT, masking=False, span=span))
        else:
            uses.extend(uses_of(key.this, scope, Subtype.SORT))
    whole = Input("", index, span)
    return scope.add(
        Relation(
            inputs=(whole,),
            projections=(Star(None, span),),
            influences=(Influence(Subtype.SORT, tuple(uses)), *count),
            sorted_by_all=by_all(order),
        )
    )


def counted(node: exp.Expr, scope: Scope) -> list[Influence]:
    """``limit (select max(n) from settings)``: how many rows there are is read from somewhere."""
    clauses = (node.args.get(key) for key in ("limit", "offset"))
    counts = (clause.args.get("expression") or clause.args.get("count") for clause in clauses if clause is not None)
    found = (Influence(Subtype.FILTER, uses_of(count, scope, Subtype.FILTER)) for count in counts if count is not None)
    return [influence for influence in found if influence.uses]


def by_all(order: exp.Expr | None) -> bool:
    """``order by all desc``: by every column that is listed, which says nothing of a column called ``all``."""
    keys = order.expressions if order is not None else ()
    return len(keys) == 1 and isinstance(keys[0].this, exp.Var) and str(keys[0].this.this).upper() == "ALL"


def _names(index: int, scope: Scope) -> list[str]:
    """The columns that an ordinal may mean: those before the first star."""
    relation = scope.relations[index]
    while relation.branches:
        relation = scope.relations[relation.branches[0]]
    names: list[str] = []
    for projection in relation.projections:
        if not isinstance(projection, Projection):
            break
        names.append(projection.name)
    return names
