"""``with a as (…), b (x, y) as (…)``: common table expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

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
        if cte.args.get("scalar"):  # ClickHouse: with a + 1 as b, (select max(a) from t) as c
            scope = scope.inner(expressions={**scope.expressions, name: cte.this})
            continue
        columns = tuple(scope.alias_name(column) for column in cte.args["alias"].args.get("columns") or ())
        inner = scope.inner(ctes=ctes)
        if clause.args.get("recursive"):
            inner = _with_anchor(cte.this, name, columns, inner)
        ctes = {**ctes, name: CommonTable(inner.query(cte.this), columns)}
    return scope.inner(ctes=ctes)


def _with_anchor(query: exp.Expr, name: str, columns: tuple[str, ...], scope: Scope) -> Scope:
    """Inside ``with recursive t as (select 1 as n union all select n + 1 from t)`` the name ``t`` means its first branch:
    what later rounds add comes from the same columns.
    """
    while isinstance(query, exp.Subquery):
        query = query.this
    if not isinstance(query, exp.SetOperation):
        return scope
    anchor: exp.Expr = query
    while isinstance(anchor, exp.SetOperation):
        anchor = anchor.this
    own = with_common_tables(query, scope)
    return scope.inner(ctes={**scope.ctes, name: CommonTable(own.query(anchor), columns)})
