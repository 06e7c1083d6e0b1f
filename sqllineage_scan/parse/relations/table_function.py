"""Functions that return rows: UNNEST, FLATTEN, LATERAL VIEW, ``json_each(t.doc)``, VALUES lists of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Input, Relation
from sqllineage_scan.parse.expressions import uses_of
from sqllineage_scan.parse.scope import FromItem

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

FROM_ITEMS = (exp.Unnest, exp.Lateral, exp.TableFromRows)

_FILE_READERS = ("ReadCSV", "ReadParquet")


def read_from(node: exp.Expr, scope: Scope) -> FromItem:
    """``unnest(o.items) as i``, ``lateral flatten(input => o.items) i``, ``lateral (select …) l``."""
    alias = node.args.get("alias")
    inner = node.this if isinstance(node, exp.Lateral) else node
    if isinstance(inner, exp.Subquery):
        span = scope.text.node_span(node)
        name = scope.alias_name(alias) if alias is not None else ""
        columns = tuple(scope.alias_name(column) for column in (alias.args.get("columns") if alias else None) or ())
        return FromItem([Input(name, scope.inner(nested=True).query(inner), span, columns)], [])
    return FromItem([call(inner, alias, scope)], [])


def call(function: exp.Expr, alias: exp.Expr | None, scope: Scope) -> Input:
    """A table function as an input. Which columns it has is its own secret: whatever is asked of it comes from its arguments."""
    span = scope.text.node_span(function)
    path = _file(function)
    if path is not None:
        name = scope.alias_name(alias) if alias is not None and alias.this is not None else ""
        return Input(name, RelationName(NameKind.FILE, (path,)), span)
    uses = uses_of(function, scope.inner(nested=True), Subtype.TRANSFORMATION)
    index = scope.inner(nested=True).add(Relation(arguments=uses))
    columns = list(alias.args.get("columns") or ()) if alias is not None and alias.this is not None else []
    if columns and isinstance(function.args.get("offset"), exp.Identifier):  # with ordinality as u (x, n)
        columns.append(function.args["offset"])
    return Input(_alias(function, alias, scope), index, span, tuple(scope.alias_name(column) for column in columns))


def _alias(function: exp.Expr, alias: exp.Expr | None, scope: Scope) -> str:
    """BigQuery's ``unnest(a) as x`` names a column that can be qualified like a table, and sqlglot files it as a column."""
    if alias is None:
        return scope.alias_name(function.name) if isinstance(function, exp.Anonymous) else ""
    if alias.this is not None:
        return scope.alias_name(alias)
    columns = alias.args.get("columns") or ()
    return scope.alias_name(columns[0]) if columns else ""


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
