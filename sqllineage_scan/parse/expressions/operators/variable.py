"""``@v``, ``$v``, ``:v``, ``getvariable('v')``: what the script has put there, if it has; no column ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.unit import Reference

if TYPE_CHECKING:
    from sqllineage_scan.parse.expressions.purpose import Purpose
    from sqllineage_scan.parse.expressions.visitor import Visitor


def _signed(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    scope = visitor.scope
    if scope.dialect.numbered_columns and node.name.isdigit():  # Snowflake: select $1 from @stage
        span = scope.text.node_span(node)
        visitor.uses.append(Reference(f"${node.name}", (), purpose.path, purpose.subtype, purpose.masking, span))
        return
    sign = "" if isinstance(node, exp.Placeholder) else "$" if scope.dialect.name == "snowflake" else "@"
    variable(f"{sign}{scope.dialect.column(node.name)}", node, visitor, purpose)


def _held(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """DuckDB's ``getvariable('v')``."""
    if node.expressions:
        variable(f"${node.expressions[0].name.lower()}", node, visitor, purpose)


def variable(name: str, node: exp.Expr, visitor: Visitor, purpose: Purpose) -> bool:
    """Whether the name is that of a variable; then that is read."""
    scope = visitor.scope
    if name not in scope.variables:
        return False
    visitor.uses.append(Reference(name, (), (), purpose.subtype, purpose.masking, scope.text.node_span(node)))
    return True


EXPRESSIONS = {exp.Parameter: _signed, exp.Placeholder: _signed}
FUNCTIONS = {"getvariable": _held}
