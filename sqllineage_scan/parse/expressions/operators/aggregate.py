"""Aggregates whose arguments are not all alike: the value, and what chooses or orders the rows that it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.parse.expressions.composite import composite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.parse.expressions.purpose import Purpose
    from sqllineage_scan.parse.expressions.visitor import Visitor


def _count(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``count(*)`` and ``count(t.*)`` count rows and look at no value; ``count(distinct *)`` looks at all of them."""
    counted = node.this
    if isinstance(counted, exp.Distinct):
        visitor.operands(node, purpose)
        return
    if isinstance(counted, exp.Expr) and counted.unnest().is_star:  # but not: count((select count(*) from t))
        return
    visitor.operands(node, purpose)


def _one_value(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``any_value(s)``, ``first(s)``: a value of one of the rows, with its fields."""
    visitor.visit(node.this, purpose.aggregated())
    visitor.operands(node, purpose, skip=("this",))


def _extreme(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``max(struct(day, amount)).amount``: the fields before it decide whose amount that is."""
    made = composite(node.this) if purpose.path and node.this is not None else None
    chosen = made.member(purpose.path[0]) if made is not None else None
    if made is not None and chosen is not None:
        for member in made.members[: made.members.index(chosen)]:
            visitor.visit(member.value, purpose.deciding(Subtype.CONDITIONAL))
    _one_value(node, visitor, purpose)


def _by_another(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``max_by(a, b)``, ``arg_max(a, b)``: the a of the row with the greatest b; b decides whose."""
    visitor.visit(node.this, purpose.aggregated())
    visitor.visit(node.expression, purpose.deciding(Subtype.CONDITIONAL))
    visitor.visit(node.args.get("count"), purpose.deciding(Subtype.CONDITIONAL))


def _by_another_named(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    value, *chosen = node.expressions
    visitor.visit(value, purpose.aggregated())
    for operand in chosen:
        visitor.visit(operand, purpose.deciding(Subtype.CONDITIONAL))


def _having(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``any_value(a having max b)``: as ``max_by(a, b)``."""
    visitor.visit(node.this, purpose)
    visitor.visit(node.expression, purpose.deciding(Subtype.CONDITIONAL))


def _filter(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``sum(a) filter (where b > 0)``: b chooses which values count."""
    visitor.visit(node.this, purpose)
    visitor.visit(node.expression.this, purpose.deciding(Subtype.CONDITIONAL))


def _order(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``array_agg(a order by b)``."""
    visitor.visit(node.this, purpose)
    visitor.children(node, purpose.deciding(Subtype.SORT), skip=("this",))


_PLACES = (exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist)  # the place that a would have among the values of b


def _within_group(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``listagg(a) within group (order by b)`` sorts by b; ``percentile_cont(0.5) within group (order by b)`` is made of b,
    and ``rank(a) within group (order by b)`` of both.
    """
    visitor.visit(node.this, purpose)
    alone = isinstance(node.this, _PLACES) or not any(node.this.find_all(exp.Column))
    made_of = purpose.aggregated() if alone else purpose.deciding(Subtype.SORT)
    visitor.children(node.expression, made_of.whole())


def _cut(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``array_agg(a limit 3)``, ``first(a ignore nulls)``: the same value."""
    visitor.visit(node.this, purpose)


def _distinct(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    for operand in node.expressions:
        visitor.visit(operand, purpose)
    visitor.visit(node.args.get("on"), purpose)


def _combined(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """ClickHouse: ``sumIf(a, c)`` and ``argMaxOrNullIf(a, b, c)``, where the last argument chooses which rows count."""
    _combinators(node.name, list(node.expressions), visitor, purpose)


def _combined_with_parameters(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``quantilesIf(0.5, 0.9)(a, c)``: the parameters are constants."""
    _combinators(node.name, list(node.args.get("params") or ()), visitor, purpose)


_ENDINGS = (
    "state",
    "merge",
    "ornull",
    "ordefault",
    "distinct",
    "array",
    "foreach",
    "resample",
    "simplestate",
    "mergestate",
    "map",
)


def _combinators(name: str, operands: Sequence[exp.Expr], visitor: Visitor, purpose: Purpose) -> None:
    name, conditional = name.lower(), False
    ending: str | None = ""
    while ending is not None:
        if name.endswith("if") and len(operands) > 1:
            name, conditional, ending = name[:-2], True, "if"
            continue
        ending = next((word for word in _ENDINGS if name.endswith(word) and name != word), None)
        name = name.removesuffix(ending or "")
    values = operands[:-1] if conditional else operands
    chosen_by_another = name in ("argmax", "argmin")
    for place, operand in enumerate(values):
        decides = chosen_by_another and place > 0
        visitor.visit(operand, purpose.deciding(Subtype.CONDITIONAL) if decides else purpose.aggregated())
    if conditional:
        visitor.visit(operands[-1], purpose.deciding(Subtype.CONDITIONAL))


def _object(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``object_agg(k, v)``: both become part of the object."""
    visitor.children(node, purpose.aggregated().whole())


EXPRESSIONS = {
    exp.Count: _count,
    exp.AnyValue: _one_value,
    exp.ArrayAgg: _one_value,
    exp.ArrayUniqueAgg: _one_value,
    exp.First: _one_value,
    exp.Last: _one_value,
    exp.FirstValue: _one_value,
    exp.LastValue: _one_value,
    exp.NthValue: _one_value,
    exp.Max: _extreme,
    exp.Min: _extreme,
    exp.ArgMax: _by_another,
    exp.ArgMin: _by_another,
    exp.HavingMax: _having,
    exp.Filter: _filter,
    exp.Order: _order,
    exp.WithinGroup: _within_group,
    exp.Limit: _cut,
    exp.IgnoreNulls: _cut,
    exp.RespectNulls: _cut,
    exp.Distinct: _distinct,
    exp.CombinedAggFunc: _combined,
    exp.CombinedParameterizedAgg: _combined_with_parameters,
    exp.ParameterizedAgg: _combined_with_parameters,
    exp.ObjectAgg: _object,
}
FUNCTIONS = {
    **dict.fromkeys(
        ("max_by", "min_by", "arg_max_null", "arg_min_null", "argmax", "argmin", "max_n_by", "min_n_by"), _by_another_named
    ),
    **dict.fromkeys(("sumif", "avgif", "minif", "maxif", "countif", "anyif", "uniqif", "averageif"), _combined),
}
