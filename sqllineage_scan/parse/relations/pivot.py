"""``t pivot (sum(amount) for quarter in ('q1', 'q2'))`` and ``t unpivot (amount for quarter in (q1, q2))``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Input, Projection, Reference, Relation, Star, Use
from sqllineage_scan.parse.expressions import uses_of

if TYPE_CHECKING:
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.parse.scope import Scope


def pivoted(pivot: exp.Pivot, source: Input, scope: Scope) -> Input:
    """The input that a pivot makes of another: what is neither aggregated nor spread stays, the rest becomes new columns."""
    span = scope.text.node_span(pivot)
    items = _unpivot(pivot, scope, span) if pivot.args.get("unpivot") else _pivot(pivot, scope, span)
    index = scope.add(Relation(inputs=(source,), projections=tuple(items)))
    name, columns = scope.table_alias(pivot.args.get("alias"))
    return Input(name or source.alias, index, source.span, columns)


def _pivot(pivot: exp.Pivot, scope: Scope, span: Span) -> list[Projection | Star]:
    """Every new column is an aggregate of the values, chosen by the key."""
    values = tuple(use for part in pivot.expressions for use in uses_of(part, scope))
    keys: tuple[Use, ...] = tuple(
        use for field in pivot.args.get("fields") or () for use in uses_of(field.this, scope, Subtype.CONDITIONAL)
    )
    spread = tuple(use.name for use in (*values, *keys) if isinstance(use, Reference))
    names = [scope.alias_name(column) for column in pivot.args.get("columns") or ()]
    text = ", ".join(part.sql() for part in pivot.expressions)
    return [Star(None, span, excluded=spread), *(Projection(name, (*values, *keys), text, span) for name in names)]


def _unpivot(pivot: exp.Pivot, scope: Scope, span: Span) -> list[Projection | Star]:
    """The value column holds what any of the folded columns held; the name column holds a constant."""
    folded: list[Use] = []
    names: list[str] = []
    for field in pivot.args.get("fields") or ():
        names.append(scope.alias_name(field.this.this if isinstance(field.this, exp.Column) else field.this))
        for part in field.expressions:
            folded.extend(uses_of(part.this if isinstance(part, exp.PivotAlias) else part, scope))
    gone = tuple(use.name for use in folded if isinstance(use, Reference))
    values = [scope.alias_name(part.this if isinstance(part, exp.Column) else part) for part in pivot.expressions]
    return [
        Star(None, span, excluded=gone),
        *(Projection(name, (), name, span) for name in names),
        *(Projection(name, tuple(folded), name, span) for name in values),
    ]
