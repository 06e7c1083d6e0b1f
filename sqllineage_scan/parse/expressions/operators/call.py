"""A function that sqlglot does not know; perhaps the repository does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.unit import FunctionUse
from sqllineage_scan.parse.expressions.aggregates import aggregates
from sqllineage_scan.parse.expressions.operators.variable import variable
from sqllineage_scan.parse.expressions.visitor import uses_of
from sqllineage_scan.parse.masking import masks
from sqllineage_scan.parse.names import called

if TYPE_CHECKING:
    from sqllineage_scan.parse.expressions.purpose import Purpose
    from sqllineage_scan.parse.expressions.visitor import Visitor


def _call(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    scope = visitor.scope
    name = scope.dialect.relation(node.name)
    if variable(name, node, visitor, purpose):
        return
    if aggregates(node, scope.dialect.name):
        visitor.operands(node, purpose)
        return
    masking = purpose.masking or masks(node)  # type: ignore[arg-type]
    arguments = tuple(uses_of(argument, scope) for argument in node.expressions if isinstance(argument, exp.Expr))
    visitor.uses.append(FunctionUse(called(node, scope), arguments, purpose.subtype, masking))


EXPRESSIONS = {exp.Anonymous: _call}
