"""``set a = x, (b, c) = (select …)``: the assignments of UPDATE and MERGE."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Projection, SubqueryUse
from sqllineage_scan.parse.expressions import uses_of
from sqllineage_scan.parse.scope import UnsupportedSyntaxError
from sqllineage_scan.parse.text import extent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqllineage_scan.parse.scope import Scope


class Assignment(NamedTuple):
    """``t.a = u.b + 1``: column ``a`` of the input called ``t`` ("" where it is not said) gets the value."""

    input: str
    value: Projection


def assignments(expressions: Iterable[exp.Expr], scope: Scope) -> list[Assignment]:
    """One assignment a column, in the order written."""
    found: list[Assignment] = []
    for node in expressions:
        if not isinstance(node, exp.EQ):
            raise UnsupportedSyntaxError(f"SET {node.key.upper()}")
        found.extend(_row(node, scope) if isinstance(node.this, exp.Tuple) else [_single(node.this, node.expression, scope)])
    return found


def _single(target: exp.Expr, value: exp.Expr, scope: Scope) -> Assignment:
    column = _column(target)
    uses = () if _is_default(value) else uses_of(value, scope)
    found = extent(value) or extent(target)
    start, end = found or scope.text.bounds()
    projection = Projection(scope.alias_name(column.this), uses, scope.text.written(start, end), scope.text.span(start, end))
    return Assignment(scope.alias_name(column.args.get("table")), projection)


def _row(node: exp.EQ, scope: Scope) -> Iterator[Assignment]:
    """``(a, b) = (x, y)`` by position, and ``(a, b) = (select x, y …)`` by the subquery's columns."""
    targets, value = node.this.expressions, node.expression
    if isinstance(value, exp.Tuple):
        for target, part in zip(targets, value.expressions, strict=False):
            yield _single(target, part, scope)
        return
    relation = scope.inner(nested=True).query(value)
    span, (start, end) = scope.text.node_span(value), extent(value) or scope.text.bounds()
    for position, target in enumerate(targets):
        column = _column(target)
        use = SubqueryUse(relation, Subtype.IDENTITY, column=position)
        name = scope.alias_name(column.this)
        yield Assignment(
            scope.alias_name(column.args.get("table")), Projection(name, (use,), scope.text.written(start, end), span)
        )


def _column(target: exp.Expr) -> exp.Column:
    """The assigned column; of ``a.b = 1`` on a struct and ``a[1] = 2`` on an array, sqlglot gives the column around it."""
    column = target if isinstance(target, exp.Column) else target.find(exp.Column)
    if column is None:
        raise UnsupportedSyntaxError(f"SET {target.key.upper()} =")
    return column


def _is_default(value: exp.Expr) -> bool:
    return isinstance(value, exp.Column) and not value.args.get("table") and value.name.lower() == "default"
