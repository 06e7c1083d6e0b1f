"""Functions over whole tables: Trino's ``table(f(input => table(t)))``, Snowflake's and others' ``f(table(select …))``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Input, Projection, Relation, RowUse, Star

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope


_PASSING = frozenset({"exclude_columns", "appends", "changes"})  # what they show are the table's own columns


def takes_table(function: exp.Expr) -> bool:
    return isinstance(function, exp.Func) and any(_table(argument) is not None for argument in _arguments(function))


def read_table_argument(function: exp.Expr, columns: tuple[str, ...], scope: Scope) -> Input:
    """What the function makes may come from any column of the table, and only the function knows what it makes: a family of
    columns called ``*``, unless its alias says: ``as p (a, b)``. ``exclude_columns`` only leaves some out,
    BigQuery's ``appends`` and ``changes`` show rows as they were written.
    """
    span = scope.text.node_span(function)
    arguments = _arguments(function)
    tables = [found for argument in arguments if (found := _table(argument)) is not None]
    inputs = [source for table in tables for source in scope.from_item(table).inputs]
    if function.name.lower() in _PASSING:
        calls = [call for argument in arguments for call in argument.find_all(exp.Anonymous)]
        gone = [call for call in calls if call.name.lower() == "descriptor"]
        excluded = tuple(scope.alias_name(part.this) for column in gone for part in column.expressions)
        return Input("", scope.add(Relation(tuple(inputs), (Star(None, span, excluded=excluded),))), span)
    row = RowUse(None, Subtype.TRANSFORMATION, masking=False, span=span)
    made = tuple(Projection(name, (row,), name, span) for name in columns) or (Star("", span, uses=(row,), family="*"),)
    return Input("", scope.add(Relation(tuple(inputs), made)), span)


def _arguments(function: exp.Expr) -> list[exp.Expr]:
    """In BigQuery's ``gap_fill(table t, …)`` and others that sqlglot knows each has a name of its own."""
    return function.expressions or [value for value in function.args.values() if isinstance(value, exp.Expr)]


def _table(argument: exp.Expr) -> exp.Expr | None:
    """The ``table(t)`` of an argument, as an item of FROM."""
    inner = argument.expression if isinstance(argument, (exp.Kwarg, exp.PropertyEQ)) else argument
    if isinstance(inner, exp.Table):
        return inner
    if not (isinstance(inner, exp.Anonymous) and inner.name.lower() == "table" and len(inner.expressions) == 1):
        return None
    found = inner.expressions[0]
    if isinstance(found, exp.Column):
        parts = list(found.parts)
        return exp.Table(**dict(zip(("this", "db", "catalog"), reversed(parts), strict=False)))
    if isinstance(found, exp.Query):
        return exp.Subquery(this=found)
    return found if isinstance(found, exp.Subquery) else None
