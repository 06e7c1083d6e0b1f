"""LEFT JOINs that bring nothing: no column of theirs is read, and a LEFT JOIN takes no row away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.evidence import EvidenceKind
from sqllineage_scan.domain.facts import IdleJoinFact
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Star
from sqllineage_scan.lineage.unused import has_hole, living

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.bound import BoundRelation, BoundUnit, BoundUse, RelationColumn
    from sqllineage_scan.domain.unit import Relation

Owner = object  # what an origin belongs to: a dataset, or a relation of the statement


def idle_joins(bound: BoundUnit) -> tuple[IdleJoinFact, ...]:
    """select o.id from orders o left join customers c on c.id = o.customer_id

    Whether it multiplies rows depends on its keys: the fact has them.
    """
    if not any(item.side == "left" for relation in bound.unit.relations for item in relation.inputs) or has_hole(bound):
        return ()
    reached, live = living(bound)
    return tuple(
        fact
        for number, written in enumerate(bound.unit.relations)
        if number in reached
        for fact in _of_relation(bound, number, written, live)
    )


def _of_relation(bound: BoundUnit, number: int, written: Relation, live: set[RelationColumn]) -> Iterator[IdleJoinFact]:
    relation = bound.relations[number]
    owners = _owners(relation)
    if any(item.kind is EvidenceKind.CANDIDATE for read in relation.reads for item in read.evidence):
        return
    if len(set(owners.values())) != len(owners) or len(owners) != len(written.inputs):
        return  # a table that is joined to itself: which of the two a column is of, the binding does not say
    uses = [use for position, column in enumerate(relation.columns) if (number, position) in live for use in column.uses]
    uses += [use for use in relation.influences if use.subtype is not Subtype.JOIN]
    read = {_owner(origin) for use in uses for origin in use.origins}
    for position, item in enumerate(written.inputs):
        owner = owners[position]
        starred = any(isinstance(star, Star) and star.input in (None, item.alias) for star in written.projections)
        if item.side != "left" or item.natural or owner in read or starred:
            continue
        keys = _own_keys(relation, written, owners, position)
        if keys:
            origins = dict.fromkeys(origin for use in keys for origin in use.origins)
            columns = tuple(origin for origin in origins if isinstance(origin, ColumnId))
            names = tuple(
                origin.column if isinstance(origin, ColumnId) else bound.relations[origin[0]].columns[origin[1]].name
                for origin in origins
            )
            yield IdleJoinFact(item.span, item.alias, columns, names, _grouped(bound, keys))


def _owners(relation: BoundRelation) -> dict[int, Owner]:
    return {read.item: read.source for read in relation.reads if read.item is not None}


def _owner(origin: ColumnId | RelationColumn) -> Owner:
    return origin.dataset if isinstance(origin, ColumnId) else origin[0]


def _own_keys(relation: BoundRelation, written: Relation, owners: dict[int, Owner], position: int) -> list[BoundUse]:
    """The uses of this input in its own ON; nothing where a later join may read it too."""
    owner = owners[position]
    later = {owners[other] for other in owners if other > position}
    joins = [use for use in relation.influences if use.subtype is Subtype.JOIN]
    mine = [use for use in joins if any(_owner(origin) == owner for origin in use.origins)]
    by_place = {use.span: use for use in joins}
    paired: list[BoundUse] = []
    for influence in written.influences:
        for pair in influence.equal:
            sides = [by_place.get(place) for place in pair]
            if any(side in mine for side in sides if side is not None):
                others = {_owner(origin) for side in sides if side is not None for origin in side.origins}
                if others & later:
                    return []
                paired += [side for side in sides if side is not None and side in mine]
    if written.inputs[position].using:
        paired += [use for use in mine if use.span == written.inputs[position].span]
    rest = [use for use in mine if use not in paired]
    return paired if not rest or not later else []


def _grouped(bound: BoundUnit, keys: list[BoundUse]) -> bool:
    """Whether the joined query has one row for each value of the keys: grouped by just these, or the same made distinct."""
    places = {origin for use in keys for origin in use.origins if not isinstance(origin, ColumnId)}
    numbers = {number for number, _ in places}
    if len(numbers) != 1:
        return False
    relation = bound.relations[numbers.pop()]
    made = {origin for _, position in places for use in relation.columns[position].uses for origin in use.origins}
    grouping = {origin for use in relation.influences if use.subtype is Subtype.GROUP_BY for origin in use.origins}
    if relation.distinct:
        return len(relation.columns) == len(places)
    return bool(grouping) and grouping <= made
