"""The table behind a query that is written through: ``with c as (select a from t) update c set a = 1`` updates t."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Reference, Star
from sqllineage_scan.parse.expressions import influence
from sqllineage_scan.parse.scope import UnsupportedSyntaxError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.unit import Influence, Input, Projection
    from sqllineage_scan.parse.scope import Scope


class Base(NamedTuple):
    table: RelationName
    column: str


def base_of(relation: int, column: str, scope: Scope) -> Base | None:
    """Where a column of a relation is kept; None for one that is computed. Only a column that is passed on as it is can be
    written, and databases insist that it is clear whose it is.
    """
    found = scope.relations[relation]
    item = next((item for item in found.projections if not isinstance(item, Star) and item.name == column), None)
    if item is not None:
        return _behind(item, found.inputs, scope)
    star = next((item for item in found.projections if isinstance(item, Star)), None)
    if star is None or column in star.excluded:
        return None
    inputs = [source for source in found.inputs if star.input in (None, source.alias)]
    return _kept(inputs[0], column, scope) if inputs else None


def target_among(table: exp.Table, inputs: Sequence[Input], scope: Scope) -> Input:
    """The input that is written: in ``update x set … from t as x`` the one called so."""
    alias = scope.table_alias(table.args.get("alias")).name or scope.alias_name(table.this)
    return next((found for found in inputs if found.alias == alias), inputs[0])


def written_to(target: Input, column: str, scope: Scope) -> Base:
    """Where a value for ``column`` of an input goes."""
    if isinstance(target.source, int):
        base = base_of(target.source, column, scope)
        if base is not None:
            return base
    return Base(rows_of(target, scope), column)


def rows_of(target: Input, scope: Scope) -> RelationName:
    """The table whose rows an input's rows are: of a query, the first that it reads."""
    source = target.source
    while isinstance(source, int):
        inputs = scope.relations[source].inputs
        if not inputs:
            raise UnsupportedSyntaxError("a write through a query that reads no table")
        source = inputs[0].source
    return source


def limited(node: exp.Expr, scope: Scope) -> list[Influence]:
    """``delete from t order by day limit 10``: the order decides which rows."""
    order = node.args.get("order")
    if not isinstance(order, exp.Order) or node.args.get("limit") is None:
        return []
    return [influence(key.this, scope, Subtype.SORT) for key in order.expressions]


def _behind(item: Projection, inputs: tuple[Input, ...], scope: Scope) -> Base | None:
    reference = item.uses[0] if len(item.uses) == 1 else None
    if not isinstance(reference, Reference):
        return None
    for source in inputs:
        if not reference.qualifier or source.alias == reference.qualifier[-1]:
            return _kept(source, reference.name, scope)
    return None


def _kept(source: Input, column: str, scope: Scope) -> Base | None:
    if isinstance(source.source, int):
        return base_of(source.source, column, scope)
    return Base(source.source, column)
