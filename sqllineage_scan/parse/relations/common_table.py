"""``with a as (…), b (x, y) as (…)``: common table expressions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.unit import Input, Relation, Star
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
    own = with_common_tables(query, scope)
    anchor = own.query(_anchor(query))
    if _has_star(anchor, scope):
        return scope.inner(ctes={**scope.ctes, name: CommonTable(anchor, columns)}).query(query)
    index = scope.add(Relation())
    whole = scope.inner(ctes={**scope.ctes, name: CommonTable(index, columns)}).query(query)
    span = scope.text.node_span(query)
    scope.relations[index] = replace(scope.relations[index], inputs=(Input("", whole, span),), anchor=anchor)
    return index


def _recurs(query: exp.SetOperation, name: str, scope: Scope) -> bool:
    """Whether the query reads itself though nothing says RECURSIVE: its first arm must not, since that may be a table.

    with r as (select id from t union all select r.id from r join t on …)   -- SQL Server, Oracle, Snowflake
    """
    if not scope.dialect.implied_recursion:
        return False
    anchor = _anchor(query)
    return _reads(query, name, scope) and not _reads(anchor, name, scope)


def _reads(node: exp.Expr, name: str, scope: Scope) -> bool:
    tables = node.find_all(exp.Table)
    return any(not table.args.get("db") and table.this and scope.alias_name(table.this) == name for table in tables)


def _anchor(query: exp.SetOperation) -> exp.Expr:
    anchor: exp.Expr = query
    while isinstance(anchor, exp.SetOperation):
        anchor = _inside(anchor.this)
    return anchor


def _inside(query: exp.Expr) -> exp.Expr:
    while isinstance(query, exp.Subquery) and not query.args.get("with_"):
        query = query.this
    return query


def _has_star(index: int, scope: Scope) -> bool:
    return any(isinstance(item, Star) for item in scope.relations[index].projections)
