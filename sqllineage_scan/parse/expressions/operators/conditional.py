"""CASE, IF and their relatives: the condition decides which value it is, the branches are the value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.parse.expressions.purpose import Purpose
    from sqllineage_scan.parse.expressions.visitor import Visitor


def _case(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``case a when 1 then b else c end``: a decides, b and c are the value. So too ``decode(a, 1, b, c)``."""
    visitor.visit(node.this, purpose.deciding(Subtype.CONDITIONAL))
    for branch in node.args.get("ifs") or ():
        _if(branch, visitor, purpose)
    visitor.visit(node.args.get("default"), purpose.computed())


def _if(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    if _is_one_function(node, visitor):
        visitor.visit(node.args.get("false"), purpose.computed())
        return
    visitor.visit(node.this, purpose.deciding(Subtype.CONDITIONAL))
    visitor.visit(node.args.get("true"), purpose.computed())
    visitor.visit(node.args.get("false"), purpose.computed())


def _is_one_function(node: exp.Expr, visitor: Visitor) -> bool:
    """``zeroifnull(a)`` and ``nullifzero(a)``, which sqlglot spells as conditions, are to a what COALESCE and NULLIF are."""
    condition, value = node.this, node.args.get("false")
    if not isinstance(condition, (exp.Is, exp.EQ)) or condition.this != value:
        return False
    word = "ZEROIFNULL" if isinstance(condition, exp.Is) else "NULLIFZERO"
    return any(token.text.upper() == word for token in visitor.scope.text.tokens)


def _decode(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``decode(a, b, c, d)``: c where a is b, else d."""
    _decoded(node.expressions, visitor, purpose)


def _decoded(operands: Iterable[exp.Expr], visitor: Visitor, purpose: Purpose) -> None:
    tested, *rest = operands
    visitor.visit(tested, purpose.deciding(Subtype.CONDITIONAL))
    for place, operand in enumerate(rest):
        is_value = place % 2 == 1 or place == len(rest) - 1
        visitor.visit(operand, purpose.computed() if is_value else purpose.deciding(Subtype.CONDITIONAL))


def _multi_if(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """ClickHouse: ``multiIf(a > 0, b, c > 0, d, e)``."""
    *pairs, default = node.expressions
    for place, operand in enumerate(pairs):
        visitor.visit(operand, purpose.computed() if place % 2 else purpose.deciding(Subtype.CONDITIONAL))
    visitor.visit(default, purpose.computed())


def _choose(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``choose(n, a, b)`` and ``elt(n, a, b)``: n decides."""
    number, *values = [node.this, *node.expressions] if isinstance(node, exp.Elt) else node.expressions
    visitor.visit(number, purpose.deciding(Subtype.CONDITIONAL))
    for value in values:
        visitor.visit(value, purpose.computed())


def _nullif(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``nullif(a, b)``: a, unless it is b; never the value of b."""
    visitor.visit(node.this, purpose.computed())
    visitor.visit(node.expression, purpose.deciding(Subtype.CONDITIONAL))


def _nvl2(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``nvl2(a, b, c)``: b where a is not null, else c."""
    _if(node, visitor, purpose)


def _coalesce(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``coalesce(a, b)``: the one or the other, with the fields that it has."""
    visitor.children(node, purpose.computed())


EXPRESSIONS = {
    exp.Case: _case,
    exp.If: _if,
    exp.DecodeCase: _decode,
    exp.Nullif: _nullif,
    exp.Nvl2: _nvl2,
    exp.Elt: _choose,
    exp.Coalesce: _coalesce,
}
FUNCTIONS = {"multiif": _multi_if, "choose": _choose, "elt": _choose}
