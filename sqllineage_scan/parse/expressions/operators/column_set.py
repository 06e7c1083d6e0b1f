"""Expressions over a star, one column each: DuckDB's ``* like '%_id'``, ClickHouse's ``* apply(sum)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import RowUse
from sqllineage_scan.parse.column_patterns import COMPARISONS, comparison, taken
from sqllineage_scan.parse.masking import masks

if TYPE_CHECKING:
    from sqllineage_scan.parse.expressions.purpose import Purpose
    from sqllineage_scan.parse.expressions.visitor import Visitor


def _compared(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``* like '%_id'`` takes columns by their names; ``a like '%_id'`` compares a value."""
    if isinstance(node.this, exp.Star):
        excluded, _ = taken(node.this, visitor.scope)
        span = visitor.scope.text.node_span(node)
        pattern = comparison(node, visitor.scope)
        visitor.uses.append(RowUse(None, Subtype.IDENTITY, purpose.masking, span, excluded, pattern))
    else:
        visitor.operands(node, purpose)


def _applied(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``* apply(sum)`` and ``* apply(x -> x + 1)``."""
    dialect = visitor.scope.dialect.name or None
    function = exp.maybe_parse(node.expression.name, dialect=dialect)
    while isinstance(function, (exp.Lambda, exp.Paren)):
        function = function.this
    if isinstance(function, (exp.Column, exp.Var)):
        function = exp.maybe_parse(f"{function.name}(x)", dialect=dialect)
    purpose = purpose.computed().whole()
    if next(function.find_all(exp.AggFunc), None) is not None:
        purpose = purpose.aggregated()
    if any(masks(call) for call in function.find_all(exp.Func)):
        purpose = purpose.masked()
    visitor.visit(node.this, purpose)


EXPRESSIONS: dict[type[exp.Expr], object] = {exp.Apply: _applied, **dict.fromkeys(COMPARISONS, _compared)}
