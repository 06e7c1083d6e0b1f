"""``f(a) over (partition by b order by c)``: b and c choose the rows that a value is computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.parse.expressions.aggregates import ROW_FUNCTION_NAMES, ROW_FUNCTIONS

if TYPE_CHECKING:
    from sqllineage_scan.parse.expressions.purpose import Purpose
    from sqllineage_scan.parse.expressions.visitor import Visitor


def _window(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    function = node.this
    if isinstance(function, exp.IgnoreNulls | exp.RespectNulls):
        function = function.this
    if isinstance(function, ROW_FUNCTIONS) or (
        isinstance(function, exp.Anonymous) and function.name.lower() in ROW_FUNCTION_NAMES
    ):
        visitor.children(function, purpose.computed())
    else:
        visitor.visit(function, purpose)
    if node.args.get("over") == "KEEP":  # max(a) keep (dense_rank first order by b)
        _order(node, visitor, purpose.deciding(Subtype.SORT))
        return
    over = purpose.deciding(Subtype.WINDOW)
    _over(node, visitor, over)
    _named(node, visitor, over)


def _named(window: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``over w``, ``over (w order by b)``, and ``window w2 as (w order by b)``."""
    scope = visitor.scope
    seen: set[str] = set()
    reference = window.args.get("alias")
    while reference is not None:
        name = scope.alias_name(reference)
        found = scope.windows.get(name)
        if found is None or name in seen:
            return
        seen.add(name)
        _over(found, visitor, purpose)
        reference = found.args.get("alias")


def _over(window: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    for part in window.args.get("partition_by") or ():
        visitor.visit(part, purpose)
    _order(window, visitor, purpose)
    frame = window.args.get("spec")
    if frame is not None:  # rows between n preceding and current row
        visitor.children(frame, purpose)


def _order(window: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    if window.args.get("order") is not None:
        visitor.children(window.args["order"], purpose)


EXPRESSIONS = {exp.Window: _window}
