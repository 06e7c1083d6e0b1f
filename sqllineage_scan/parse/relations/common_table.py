"""``with a as (…), b (x, y) as (…)``: common table expressions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.unit import Relation, SetOperator
from sqllineage_scan.parse.scope import CommonTable

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope


def with_common_tables(node: exp.Expr, scope: Scope) -> Scope:
    """The scope in which ``node``'s CTEs are in sight, each one to those after it."""
    clause = node.args.get("with_")
    if clause is None:
        return scope
    ctes = dict(scope.ctes)
    for cte in clause.expressions:
        name = scope.alias_name(cte.args["alias"])
        columns = tuple(scope.alias_name(column) for column in cte.args["alias"].args.get("columns") or ())
        inner = scope.inner(ctes=ctes)
        first = _first_round(cte.this, columns, inner) if clause.args.get("recursive") else None
        if first is None:
            ctes = {**ctes, name: CommonTable(inner.query(cte.this), columns)}
            continue
        index = inner.inner(ctes={**ctes, name: first}).query(cte.this)
        scope.relations[first.relation] = replace(scope.relations[first.relation], again=(index,))
        ctes = {**ctes, name: CommonTable(index, columns)}
    return scope.inner(ctes=ctes)


def _first_round(query: exp.Expr, columns: tuple[str, ...], scope: Scope) -> CommonTable | None:
    """Inside ``with recursive t as (select 1 as n union all select n + 1 from t)`` the name ``t`` means its first branch,
    and whatever later rounds add to it.
    """
    while isinstance(query, exp.Subquery):
        query = query.this
    if not isinstance(query, exp.SetOperation):
        return None
    anchor: exp.Expr = query
    while isinstance(anchor, exp.SetOperation):
        anchor = anchor.this
    own = with_common_tables(query, scope)
    return CommonTable(scope.add(Relation(branches=(own.query(anchor),), operator=SetOperator.UNION)), columns)
