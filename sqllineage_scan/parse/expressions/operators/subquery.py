"""Subqueries that are asked whether there is a row, not for a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from sqllineage_scan.parse.expressions.purpose import Purpose
    from sqllineage_scan.parse.expressions.visitor import Visitor


def _exists(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``exists (select a from t)``: a itself does not matter. Spark's ``exists(xs, x -> x > 0)`` is another thing."""
    if isinstance(node.this, (exp.Query, exp.Subquery)):
        visitor.subquery(node.this, purpose.computed().whole(), rows_only=True)
    else:
        visitor.operands(node, purpose)


EXPRESSIONS = {exp.Exists: _exists}
