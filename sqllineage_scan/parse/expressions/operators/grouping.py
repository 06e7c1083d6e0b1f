"""``grouping(a)``, ``grouping_id(a, b)``: whether a row is a total over ``a``, whatever ``a`` is. No value flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from sqllineage_scan.parse.expressions.purpose import Purpose
    from sqllineage_scan.parse.expressions.visitor import Visitor


def _grouping(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """Nothing is read."""


EXPRESSIONS = {getattr(exp, name): _grouping for name in ("Grouping", "GroupingId") if hasattr(exp, name)}
FUNCTIONS = {"grouping": _grouping, "grouping_id": _grouping}
