"""``values (1, 'a'), (2, 'b')`` as a query and in FROM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.unit import Input, Projection, Relation, SetOperator, Use
from sqllineage_scan.parse.clauses import of_values
from sqllineage_scan.parse.expressions import uses_of
from sqllineage_scan.parse.relations.select_list import select_list
from sqllineage_scan.parse.scope import FromItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.parse.scope import Scope

QUERIES = (exp.Values,)
FROM_ITEMS = (exp.Values,)


def build(node: exp.Values, scope: Scope) -> int:
    """Constants have no source, but a row may hold a subquery; each column uses what any of its rows uses."""
    rows = [row.expressions if isinstance(row, exp.Tuple) else [row.unnest()] for row in node.expressions]
    rows = [[record(row[0], scope)] if len(row) == 1 else row for row in rows]
    if any(value.is_star for row in rows for value in row):
        return _spread(rows, scope)
    width = max((len(row) for row in rows), default=0)
    span = scope.text.node_span(node)
    used: list[list[Use]] = [[] for _ in range(width)]
    for row in rows:
        for position, value in enumerate(row):
            if not isinstance(value, (exp.Literal, exp.Null, exp.Boolean)):
                used[position].extend(uses_of(value, scope))
    projections = tuple(
        Projection(f"column{position + 1}", tuple(dict.fromkeys(uses)), "values", span) for position, uses in enumerate(used)
    )
    return scope.add(Relation(projections=projections, clauses=of_values(node, scope)))


def record(value: exp.Expr, scope: Scope) -> exp.Expr:
    """Oracle: ``insert into t values r``, ``… values rs(i)`` and ``update t set row = r`` mean all fields of a record."""
    name = value.name if isinstance(value, (exp.Column, exp.Anonymous)) else ""
    if scope.dialect.name != "oracle" or scope.alias_name(name) not in scope.inputs:
        return value
    return exp.Column(this=exp.Star(), table=exp.to_identifier(name))


def _spread(rows: Sequence[Sequence[exp.Expr]], scope: Scope) -> int:
    """``values (new.*)``: how many columns a row has is not known before names are."""
    made = [scope.add(Relation(projections=tuple(select_list(exp.Select(expressions=list(row)), scope)))) for row in rows]
    return made[0] if len(made) == 1 else scope.add(Relation(branches=tuple(made), operator=SetOperator.UNION))


def read_from(node: exp.Values, scope: Scope) -> FromItem:
    """``(values (1, 'a')) as v (id, name)``."""
    name, columns = scope.table_alias(node.args.get("alias"))
    return FromItem([Input(name, build(node, scope), scope.text.node_span(node), columns)], [])
