"""Functions over whole tables: Trino's ``table(f(input => table(t)))``, Snowflake's and others' ``f(table(select …))``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Input, Relation, RowUse, Star

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope


def takes_table(function: exp.Expr) -> bool:
    return isinstance(function, exp.Anonymous) and any(_table(argument) is not None for argument in function.expressions)


def read_table_argument(function: exp.Expr, scope: Scope) -> Input:
    """What the function makes may come from any column of the table, and only the function knows what it makes: a family of
    columns called ``*``. ``exclude_columns`` only leaves some out.
    """
    span = scope.text.node_span(function)
    arguments = function.expressions
    tables = [found for argument in arguments if (found := _table(argument)) is not None]
    inputs = [source for table in tables for source in scope.from_item(table).inputs]
    if function.name.lower() == "exclude_columns":
        gone = [column for argument in arguments for column in argument.find_all(exp.Anonymous) if column.name == "descriptor"]
        excluded = tuple(scope.alias_name(part.this) for column in gone for part in column.expressions)
        return Input("", scope.add(Relation(tuple(inputs), (Star(None, span, excluded=excluded),))), span)
    row = RowUse(None, Subtype.TRANSFORMATION, masking=False, span=span)
    return Input("", scope.add(Relation(tuple(inputs), (Star("", span, uses=(row,), family="*"),))), span)


def _table(argument: exp.Expr) -> exp.Expr | None:
    """The ``table(t)`` of an argument, as an item of FROM."""
    inner = argument.expression if isinstance(argument, (exp.Kwarg, exp.PropertyEQ)) else argument
    if not (isinstance(inner, exp.Anonymous) and inner.name.lower() == "table" and len(inner.expressions) == 1):
        return None
    found = inner.expressions[0]
    if isinstance(found, exp.Column):
        parts = list(found.parts)
        return exp.Table(**dict(zip(("this", "db", "catalog"), reversed(parts), strict=False)))
    if isinstance(found, exp.Query):
        return exp.Subquery(this=found)
    return found if isinstance(found, exp.Subquery) else None
