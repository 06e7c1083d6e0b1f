"""The columns of functions that say them, or that always have the same: JSON_TABLE, OPENJSON, XMLTABLE, ``jsonb_each``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

_ALWAYS = {
    "json_each": ("key", "value"),
    "json_each_text": ("key", "value"),
    "jsonb_each": ("key", "value"),
    "jsonb_each_text": ("key", "value"),
    "json_array_elements": ("value",),
    "jsonb_array_elements": ("value",),
    "string_split": ("value",),
    "openjson": ("key", "value", "type"),
    "variant_explode": ("pos", "key", "value"),
    "split_to_table": ("seq", "index", "value"),
}
_OF_SQLITE = ("key", "value", "type", "atom", "id", "parent", "fullkey", "path")


def columns_of(function: exp.Expr, scope: Scope) -> tuple[str, ...]:
    """In their order; () where nobody can say."""
    if isinstance(function, exp.JSONTable):
        return tuple(_json_columns(function.args.get("schema"), scope))
    if isinstance(function, exp.OpenJSON) and function.expressions:
        return tuple(scope.alias_name(column.this) for column in function.expressions)
    if isinstance(function, exp.XMLTable):
        return tuple(scope.alias_name(column.this) for column in function.args.get("columns") or ())
    name = function.name.lower() if isinstance(function, exp.Anonymous) else _named(function)
    if name in ("json_each", "json_tree") and scope.dialect.name in ("sqlite", "duckdb"):
        return _OF_SQLITE
    return _ALWAYS.get(name, ())


def _named(function: exp.Expr) -> str:
    return function.sql_name().lower() if isinstance(function, exp.Func) else ""


def _json_columns(schema: exp.Expr | None, scope: Scope) -> list[str]:
    found: list[str] = []
    for column in schema.expressions if schema is not None else ():
        if column.args.get("nested_schema") is not None:  # nested path '$.k[*]' columns (z int path '$.z')
            found.extend(_json_columns(column.args["nested_schema"], scope))
        elif column.this is not None:
            found.append(scope.alias_name(column.this))
    return found
