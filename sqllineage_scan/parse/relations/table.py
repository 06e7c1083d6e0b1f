"""A table, a CTE or a table function in FROM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.names import NameKind
from sqllineage_scan.domain.unit import Input
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.relations.join import with_joins
from sqllineage_scan.parse.relations.pivot import pivoted
from sqllineage_scan.parse.relations.table_function import call, rows_from
from sqllineage_scan.parse.scope import FromItem

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

FROM_ITEMS = (exp.Table, exp.Final, exp.Stream, exp.TableAlias)


def read_from(node: exp.Expr, scope: Scope) -> FromItem:
    """``raw.orders as o (id, amount)``; with joins of its own, inside parentheses, it gives several inputs."""
    if isinstance(node, (exp.Final, exp.Stream)):  # ClickHouse: from t final; Databricks: from stream(live.t)
        inner = node.this.this if isinstance(node.this, exp.Subquery) else node.this
        item = scope.from_item(inner)
        alias = node.args.get("alias") or node.this.args.get("alias")
        given = scope.table_alias(alias).name
        return FromItem([item.inputs[0]._replace(alias=given or item.inputs[0].alias)], item.influences)
    if isinstance(node, exp.TableAlias):  # of pipe syntax: from t |> as a |> where a.x > 1
        common = scope.ctes[scope.alias_name(node)]
        return FromItem([Input(scope.alias_name(node), common.relation, scope.text.node_span(node))], [])
    assert isinstance(node, exp.Table)
    alias = node.args.get("alias")
    if node.args.get("rows_from"):
        source = rows_from(node, scope)
    else:
        named = isinstance(node.this, (exp.Identifier, exp.Parameter)) or _server(node.this)
        source = _named(node, scope) if named else call(node.this, alias, scope)
    for pivot in node.args.get("pivots") or ():
        source = pivoted(pivot, source, scope)
    return with_joins(FromItem([source], []), node.args.get("joins") or (), scope)


def _server(node: exp.Expr) -> bool:
    """Whether a Dot is the end of ``server.database.schema.table``, and no call."""
    return isinstance(node, exp.Dot) and isinstance(node.expression, exp.Identifier)


def _named(node: exp.Table, scope: Scope) -> Input:
    span = scope.text.node_span(node)
    alias = node.args.get("alias")
    array = node.args.get("db")
    if array is not None and not node.args.get("catalog") and scope.alias_name(array) in scope.aliases:
        # inside a subquery of BigQuery's: (select … from o.items), where o is an alias of the query around
        return call(exp.Column(this=node.this.copy(), table=array.copy()), alias, scope)
    given, columns = scope.table_alias(alias)
    if not node.args.get("db") and not node.args.get("catalog"):
        own = scope.alias_name(node.this)
        common = scope.ctes.get(own)
        if common is not None:
            return Input(given or own, common.relation, span, columns or common.columns)
        stand_in = scope.stand_ins.get(own)
        if stand_in is not None:
            return Input(given or own, stand_in, span, columns)
    name = relation_name(node, scope)
    if name.kind is NameKind.TABLE:
        implicit = name.last if isinstance(node.this, (exp.Parameter, exp.Dot)) else scope.alias_name(node.this)
    elif name.kind in (NameKind.FILE, NameKind.HOLE, NameKind.FAMILY):
        implicit = ""
    else:
        implicit = scope.alias_name(name.last)
    return Input(given or implicit, name, span, columns)
