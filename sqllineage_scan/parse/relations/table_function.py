"""Functions that return rows: UNNEST, FLATTEN, LATERAL VIEW, ``json_each(t.doc)``, VALUES lists of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import FunctionUse, Input, Relation
from sqllineage_scan.parse.expressions import uses_of
from sqllineage_scan.parse.scope import FromItem

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

FROM_ITEMS = (exp.Unnest, exp.Lateral, exp.TableFromRows, exp.Pivot, exp.AtIndex)

_FILE_READERS = ("ReadCSV", "ReadParquet")


def read_from(node: exp.Expr, scope: Scope) -> FromItem:
    """``unnest(o.items) as i``, ``lateral flatten(input => o.items) i``, ``lateral (select …) l``."""
    if isinstance(node, (exp.Pivot, exp.AtIndex)):
        return FromItem([_navigated(node, scope)], [])
    alias = node.args.get("alias")
    inner = node.this if isinstance(node, exp.Lateral) else node
    if isinstance(inner, exp.Subquery):
        span = scope.text.node_span(node)
        name, columns = scope.table_alias(alias)
        return FromItem([Input(name, scope.inner(nested=True).query(inner), span, columns)], [])
    return FromItem([call(inner, alias, scope)], [])


def _navigated(node: exp.Expr, scope: Scope) -> Input:
    """Redshift's ``from t, unpivot t.obj as v at k`` and ``from t, t.arr as a at i``: a value, and its key or its index."""
    if isinstance(node, exp.Pivot):
        node = node.this
    names: list[str] = []
    if isinstance(node, exp.AtIndex):
        names.append(scope.alias_name(node.expression))
        node = node.this
    alias = node.args.get("alias")
    name = scope.alias_name(alias)
    value = node.this if isinstance(node, exp.Alias) else node
    if isinstance(value, exp.Table):  # t.arr looks like a table of the schema t
        value = exp.Column(this=value.this.copy(), table=value.args["db"].copy() if value.args.get("db") else None)
    source = call(value, None, scope)
    return replace(source, alias=name, columns=(name, *names) if names else ())


def call(function: exp.Expr, alias: exp.Expr | None, scope: Scope) -> Input:
    """A table function as an input. Which columns it has is its own secret: whatever is asked of it comes from its arguments."""
    span = scope.text.node_span(function)
    path = _file(function)
    name, columns = scope.table_alias(alias)
    if path is not None:
        return Input(name, RelationName(NameKind.FILE, (path,)), span)
    uses = uses_of(function, scope.inner(nested=True), Subtype.TRANSFORMATION)
    index = scope.inner(nested=True).add(Relation(arguments=uses, function=_call_of(function, scope)))
    if not name:
        return Input(_implied(function, alias, columns, scope), index, span)
    if columns and isinstance(function.args.get("offset"), exp.Identifier):  # with ordinality as u (x, n)
        columns = (*columns, scope.alias_name(function.args["offset"]))
    return Input(name, index, span, columns)


def _call_of(function: exp.Expr, scope: Scope) -> FunctionUse | None:
    """The call of a function that the repository may define: ``from recent_orders(7)``, ``table(recent_orders(7))``."""
    function = function.expression if isinstance(function, exp.Dot) else function  # dbo.recent_orders(7)
    while isinstance(function, exp.TableFromRows) or (
        isinstance(function, exp.Anonymous) and function.name.upper() == "TABLE" and len(function.expressions) == 1
    ):
        function = function.this if isinstance(function, exp.TableFromRows) else function.expressions[0]
        function = function.expression if isinstance(function, exp.Dot) else function
    if not isinstance(function, exp.Anonymous):
        return None
    arguments = tuple(uses_of(argument, scope.inner(nested=True)) for argument in function.expressions)
    return FunctionUse((scope.dialect.relation(function.name),), arguments, Subtype.IDENTITY, masking=False)


def _implied(function: exp.Expr, alias: exp.Expr | None, columns: tuple[str, ...], scope: Scope) -> str:
    """BigQuery's ``unnest(a) as x`` names a column that can be qualified like a table, and sqlglot files it as a column;
    with no alias at all, Postgres calls the result after the function.
    """
    if columns:
        return columns[0]
    return scope.alias_name(function.name) if alias is None and isinstance(function, exp.Anonymous) else ""


def _file(function: exp.Expr) -> str | None:
    """``read_parquet('a.parquet')`` reads a file, not a function."""
    if type(function).__name__ in _FILE_READERS or (
        isinstance(function, exp.Anonymous) and function.name.lower().startswith("read_")
    ):
        arguments = [function.this, *function.expressions] if not isinstance(function, exp.Anonymous) else function.expressions
        for argument in arguments:
            if isinstance(argument, exp.Literal) and argument.is_string:
                return str(argument.this)
    return None
