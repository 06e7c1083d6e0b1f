"""All rows of one table becoming those of another: renames, swaps, partitions that change hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.unit import Relation, Star, Write
from sqllineage_scan.parse.names import relation_name

if TYPE_CHECKING:
    from sqlglot import exp

    from sqllineage_scan.domain.dataset import DatasetKind
    from sqllineage_scan.parse.scope import Scope


def moved(source: exp.Table, target: RelationName, scope: Scope, kind: DatasetKind | None = None) -> Write:
    """``target``'s columns are those of ``source``, under the same names. ``kind``: what it is, where it comes to be by this."""
    span = scope.text.node_span(source)
    everything = Relation(inputs=tuple(scope.from_item(source).inputs), projections=(Star(None, span),))
    return Write(target, scope.add(everything), kind, by_name=True, span=span)


def swapped(one: exp.Table, other: exp.Table, scope: Scope) -> tuple[Write, Write]:
    """Both at once: ``alter table a swap with b``."""
    return moved(other, relation_name(one, scope), scope), moved(one, relation_name(other, scope), scope)


def renamed(table: exp.Table, new: RelationName, scope: Scope, kind: DatasetKind) -> Write:
    """``alter table a.t rename to u``: from here on all of a.t is called a.u."""
    old = relation_name(table, scope)
    if len(new.parts) == 1 and new.kind is old.kind is NameKind.TABLE:
        new = RelationName(new.kind, (*old.parts[:-1], *new.parts))
    return moved(table, new, scope, kind)
