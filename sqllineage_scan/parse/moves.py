"""All rows of one table becoming those of another: renames, swaps, partitions that change hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Projection, Reference, Relation, SchemaAction, Star, Write
from sqllineage_scan.parse.names import relation_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import exp

    from sqllineage_scan.domain.dataset import DatasetKind
    from sqllineage_scan.domain.unit import SchemaChange
    from sqllineage_scan.parse.scope import Scope


Pairs = tuple[tuple[str, str], ...]
"""Names of columns: the old one and the new one."""


def moved(source: exp.Table, target: RelationName, scope: Scope, kind: DatasetKind | None = None, columns: Pairs = ()) -> Write:
    """``target``'s columns are those of ``source``, under the same names, or new ones. ``kind``: what it is, where it comes to be
    by this.
    """
    span = scope.text.node_span(source)
    everything = Relation(inputs=tuple(scope.from_item(source).inputs), projections=(Star(None, span, renamed=columns),))
    return Write(target, scope.add(everything), kind, by_name=True, span=span)


def renamed_columns(table: exp.Table, changes: Sequence[SchemaChange], scope: Scope) -> tuple[Write, ...]:
    """``alter table t rename column a to b``: what was in a is in b from here on."""
    found = [change for change in changes if change.action is SchemaAction.RENAME_COLUMN]
    if not found:
        return ()
    source = scope.from_item(table).inputs[0]
    items = []
    for change in found:
        reference = Reference(change.renamed_from, (source.alias,), (), Subtype.IDENTITY, masking=False, span=change.span)
        items.append(Projection(change.columns[0].name, (reference,), change.renamed_from, change.span))
    index = scope.add(Relation(inputs=(source,), projections=tuple(items)))
    names = tuple(item.name for item in items)
    return (Write(relation_name(table, scope), index, None, names, in_place=True, span=source.span),)


def swapped(one: exp.Table, other: exp.Table, scope: Scope) -> tuple[Write, Write]:
    """Both at once: ``alter table a swap with b``."""
    return moved(other, relation_name(one, scope), scope), moved(one, relation_name(other, scope), scope)


def renamed(table: exp.Table, new: RelationName, scope: Scope, kind: DatasetKind, changes: Sequence[SchemaChange] = ()) -> Write:
    """``alter table a.t rename to u``: from here on all of a.t is called a.u; in MySQL columns may change their names with it."""
    columns = tuple((each.renamed_from, each.columns[0].name) for each in changes if each.action is SchemaAction.RENAME_COLUMN)
    old = relation_name(table, scope)
    if len(new.parts) == 1 and new.kind is old.kind is NameKind.TABLE:
        new = RelationName(new.kind, (*old.parts[:-1], *new.parts))
    return moved(table, new, scope, kind, columns)
