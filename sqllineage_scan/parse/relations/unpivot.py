"""``t unpivot (amount for quarter in (q1, q2))``, and DuckDB's statement ``unpivot t on q1, q2 into name n value v``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Influence, Projection, Reference, Relation, RowUse, Star, Use
from sqllineage_scan.parse.expressions import uses_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.unit import Input
    from sqllineage_scan.parse.scope import Scope


def unpivoted(pivot: exp.Pivot, source: Input, scope: Scope) -> int:
    """The value columns hold what the folded columns held, by position; the name columns hold constants.

    A row is left out where its value is NULL, so the folded columns are FILTERs too, unless NULLs are asked for.
    """
    span = scope.text.node_span(pivot)
    names, values, folded = _parts(pivot, scope)
    uses = [[use for item in folded for use in _part(item, position, scope)] for position in range(max(len(values), 1))]
    everything = [use for position in uses for use in position]
    gone = tuple(dict.fromkeys(use.name for use in everything if isinstance(use, Reference)))
    rows: Sequence[Use] = () if _includes_nulls(pivot, scope) else everything
    left_out = tuple(dict.fromkeys(_filter(use) for use in rows if isinstance(use, (Reference, RowUse))))
    return scope.add(
        Relation(
            (source,),
            (
                Star(None, span, excluded=gone, pattern="".join(_rest(use) for use in everything if isinstance(use, RowUse))),
                *(Projection(name, (), name, span) for name in names),
                *(Projection(name, tuple(found), name, span) for name, found in zip(values, uses, strict=False)),
            ),
            (Influence(Subtype.FILTER, left_out),),
        )
    )


def _includes_nulls(pivot: exp.Pivot, scope: Scope) -> bool:
    """Whether NULLs make rows too. Of the statement ``unpivot t include nulls on a, b`` the tree does not know."""
    if pivot.args.get("fields"):
        return bool(pivot.args.get("include_nulls"))
    words = [token.text.upper() for token in scope.text.tokens]
    return any(words[index : index + 3] == ["INCLUDE", "NULLS", "ON"] for index in range(len(words)))


def _parts(pivot: exp.Pivot, scope: Scope) -> tuple[list[str], list[str], list[exp.Expr]]:
    """The names of the name columns and of the value columns, and what is folded into them."""
    fields = pivot.args.get("fields")
    if fields:
        values = [part for value in pivot.expressions for part in _several(value)]
        return (
            [_name(field.this, scope) for field in fields],
            [_name(value, scope) for value in values],
            [part for field in fields for part in field.expressions],
        )
    into = pivot.args.get("into")
    if into is None:
        return ["name"], ["value"], list(pivot.expressions)
    return [_name(into.this, scope)], [_name(value, scope) for value in into.expressions], list(pivot.expressions)


def _several(node: exp.Expr) -> list[exp.Expr]:
    return list(node.expressions) if isinstance(node, exp.Tuple) else [node]


def _name(node: exp.Expr, scope: Scope) -> str:
    return scope.alias_name(node.this if isinstance(node, exp.Column) else node)


def _part(item: exp.Expr, position: int, scope: Scope) -> tuple[Use, ...]:
    """What goes into the value column at ``position``: of ``(a, b) as x`` the first is a, the second b."""
    bare = item.this if isinstance(item, (exp.PivotAlias, exp.Alias)) else item
    parts = _several(bare)
    return uses_of(parts[position], scope) if position < len(parts) else ()


def _filter(use: Reference | RowUse) -> Use:
    return use._replace(subtype=Subtype.FILTER)


def _rest(use: RowUse) -> str:
    """The pattern of the columns that ``columns(* exclude (id))`` does not take."""
    but = f"(?!(?:{'|'.join(re.escape(name) for name in use.excluded)})$)" if use.excluded else ""
    return f"(?!{but}{use.pattern})"
