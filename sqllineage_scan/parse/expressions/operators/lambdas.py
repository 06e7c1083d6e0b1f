"""Functions of functions: ``transform(xs, x -> x + y)``, ``[x * 2 for x in xs if x > y]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.parse.expressions.purpose import Purpose
    from sqllineage_scan.parse.expressions.visitor import Visitor


def _lambda(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``x -> x + y``: x is no column, whatever columns there are; y is."""
    _bound((name for name in node.expressions if isinstance(name, exp.Identifier)), [(node.this, purpose)], visitor)


def _bound(names: Iterable[exp.Identifier], parts: list[tuple[exp.Expr | None, Purpose]], visitor: Visitor) -> None:
    outer = visitor.scope
    visitor.scope = outer.inner(parameters=outer.parameters | {outer.alias_name(name) for name in names})
    for part, purpose in parts:
        visitor.visit(part, purpose)
    visitor.scope = outer


def _filter(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``filter(xs, x -> x > y)``: y decides which items stay."""
    _chosen([node.this, node.expression], visitor, purpose)


def _filter_by_name(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    _chosen(node.expressions, visitor, purpose)


def _chosen(operands: Iterable[exp.Expr | None], visitor: Visitor, purpose: Purpose) -> None:
    for operand in operands:
        decides = isinstance(operand, exp.Lambda)
        visitor.visit(operand, purpose.deciding(Subtype.CONDITIONAL) if decides else purpose.computed())


def _comprehension(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """DuckDB's ``[x * y for x in xs if x > z]``: made of xs and y, chosen by z."""
    visitor.visit(node.args.get("iterator"), purpose.computed().whole())
    names = [part for key in ("expression", "position") if isinstance(part := node.args.get(key), exp.Identifier)]
    parts = [(node.this, purpose.computed()), (node.args.get("condition"), purpose.deciding(Subtype.CONDITIONAL))]
    _bound(names, parts, visitor)


EXPRESSIONS = {exp.Lambda: _lambda, exp.ArrayFilter: _filter, exp.Comprehension: _comprehension}
FUNCTIONS = dict.fromkeys(
    "arrayfilter array_filter list_filter filter arrayfirst arraylast array_find map_filter mapfilter arraysplit "
    "arrayreversesplit arrayfirstornull arraylastornull arrayfill arrayreversefill list_where".split(),
    _filter_by_name,
)
