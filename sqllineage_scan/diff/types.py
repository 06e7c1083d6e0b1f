"""Whether a column that has another type meets one of a type that it does not go with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.change import Effect
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.domain.types import type_family

if TYPE_CHECKING:
    from sqllineage_scan.diff.side import Side
    from sqllineage_scan.domain.change import Step


class Collision(NamedTuple):
    effect: Effect
    why: str


def family(type_: str) -> str:
    """``number`` of ``decimal(18, 2)``; the first word of a type that is of no family."""
    found = re.match(r"[a-z_]+", type_.lower().strip())
    return type_family(type_) or (found[0] if found is not None else type_)


def collides(side: Side, step: Step, type_: str) -> Collision | None:
    """The other side of a JOIN, the other arms of a UNION: breaking where its type is known and of another family; to be
    looked at where nothing says what it is.
    """
    if step.subtype == "JOIN" and not isinstance(step.target, ColumnId):
        others = _joined_with(side, step)
        how = "joins on it"
    elif step.subtype == "IDENTITY" and isinstance(step.target, ColumnId):
        others = [edge.source for edge in side.index.column_edges_into.get(step.target, ()) if edge.source != step.source]
        how = "unites it with others"
        if not others:
            return None
    else:
        return None
    for other in others:
        known = side.column(other)
        if known is not None and known.type is not None and family(known.type) != family(type_):
            return Collision(Effect.BREAKING, f"{how}: {other} is {known.type.lower()}")
    if others and all(found is not None and found.type is not None for found in map(side.column, others)):
        return None if how != "joins on it" else Collision(Effect.PASS_THROUGH, how)
    return Collision(Effect.REVIEW, f"{how}, and nothing says which type the other side has")


def _joined_with(side: Side, step: Step) -> list[ColumnId]:
    """The columns that a dataset is joined on at the same place."""
    found = []
    for edge in side.index.row_edges_into.get(step.target, ()):  # type: ignore[arg-type]
        near = (
            edge.span is None
            or step.span is None
            or (edge.span.path == step.span.path and abs(edge.span.line - step.span.line) <= 1)
        )
        if edge.subtype == "JOIN" and step.source not in (edge.source, edge.source.dataset) and near:
            found.append(edge.source)
    return found
