"""``cast(a as t)``: the type names no column, though it may name the fields of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.parse.expressions.purpose import EVERY_FIELD
from sqllineage_scan.parse.expressions.shape import names_of_type

if TYPE_CHECKING:
    from sqllineage_scan.parse.expressions.purpose import Purpose
    from sqllineage_scan.parse.expressions.visitor import Visitor


def _cast(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``cast(row(a, b) as row(x int, y int)).x`` is a."""
    purpose = purpose.computed()
    if purpose.path and purpose.path[0] != EVERY_FIELD:
        names = [name.lower() for name in names_of_type(node.args.get("to"))]
        wanted = purpose.path[0].lower()
        if wanted in names and isinstance(node.this, (exp.Struct, exp.Tuple, exp.Anonymous, exp.Paren)):
            purpose = purpose.next().inside(str(names.index(wanted) + 1))
    visitor.visit(node.this, purpose)


def _named(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``f(input => a)``, ``struct(a as b)``: the name is no column; the key of ``object_construct(k, a)`` is."""
    if isinstance(node, exp.PropertyEQ) and not isinstance(node.this, exp.Identifier):
        visitor.visit(node.this, purpose)
    visitor.visit(node.expression, purpose)


EXPRESSIONS = {exp.Cast: _cast, exp.TryCast: _cast, exp.Kwarg: _named, exp.PropertyEQ: _named}
