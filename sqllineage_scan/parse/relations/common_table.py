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
        if cte.args.get("scalar"):  # ClickHouse: with a + 1 as b, (select max(a) from t) as c
            scope = scope.inner(expressions={**scope.expressions, name: cte.this})
            continue
        columns = tuple(scope.alias_name(column) for column in cte.args["alias"].args.get("columns") or ())
        inner = scope.inner(ctes=ctes, ordered=False)
        query = _inside(cte.this)
        if isinstance(query, exp.SetOperation) and (clause.args.get("recursive") or _recurs(query, name, scope)):
            index = _recursive(query, name, columns, inner)
        else:
            index = inner.query(cte.this)
        ctes = {**ctes, name: CommonTable(index, columns)}
    return scope.inner(ctes=ctes)


def _recursive(query: exp.SetOperation, name: str, columns: tuple[str, ...], scope: Scope) -> int:
    """``t`` in ``with recursive t as (select 1 as n union all select n + 1 from t)``: a relation that is there before the
    query that it stands for, so that the query can read it.

    Where a star of the first arm hides which columns there are, the name means that arm: what later rounds add comes from
    the same columns.
    """
    own = with_common_tables(query, scope)
    anchor = own.query(_anchor(query))
    if _has_star(anchor, scope):
        return scope.inner(ctes={**scope.ctes, name: CommonTable(anchor, columns)}).query(query)
    index = scope.add(Relation(clauses=()))
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
