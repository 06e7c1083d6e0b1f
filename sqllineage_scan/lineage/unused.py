"""Columns of CTEs and subqueries that nothing in their statement reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.facts import UnusedFact
from sqllineage_scan.domain.names import ColumnId, NameKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import (
    FunctionUse,
    HoleUse,
    Projection,
    Reference,
    Relation,
    SetOperator,
    Star,
    Use,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqllineage_scan.domain.bound import BoundColumn, BoundRelation, BoundUnit, BoundUse, RelationColumn

_ORDERING = (Subtype.GROUP_BY, Subtype.SORT)


def unused_columns(bound: BoundUnit) -> tuple[UnusedFact, ...]:
    """with c as (select id, amount from t) select id from c      c's amount

    A statement with a hole has none: what stands in the hole may read anything.
    """
    unit = bound.unit
    if has_hole(bound) or unit.functions or any(relation.around is not None for relation in unit.relations):
        return ()
    reached, live = living(bound)
    results = {write.relation for write in bound.writes}
    aliases = {item.source: item.alias for relation in unit.relations for item in relation.inputs if isinstance(item.source, int)}
    found = []
    for number in sorted(reached - results):
        if number >= len(unit.relations) or number not in aliases:
            continue
        relation, written = bound.relations[number], unit.relations[number]
        items = {item.span: item for item in written.projections if isinstance(item, Projection)}
        for position, column in enumerate(relation.columns):
            item = items.get(column.span)
            if (number, position) in live or item is None or item.name != column.name or _needed(column, relation, written):
                continue
            found.append(UnusedFact(column.name, aliases[number], column.span))
    return tuple(dict.fromkeys(found))


def living(bound: BoundUnit) -> tuple[set[int], set[RelationColumn]]:
    """The relations that a statement's result is made of, and those of their columns that it is made of."""
    reached: set[int] = set()
    live: set[RelationColumn] = set()
    relations = [write.relation for write in bound.writes if write.relation is not None]
    columns = [
        (write.relation, position)
        for write in bound.writes
        if write.relation is not None
        for position in ([position for _, position in write.columns] or range(len(bound.relations[write.relation].columns)))
    ]

    def take(uses: Iterable[BoundUse]) -> None:
        for use in uses:
            if use.rows_of is not None:
                relations.append(use.rows_of)
            columns.extend(origin for origin in use.origins if not isinstance(origin, ColumnId))

    while relations or columns:
        while relations:
            number = relations.pop()
            if number in reached:
                continue
            reached.add(number)
            relation = bound.relations[number]
            relations.extend(relation.branches)
            relations.extend(read.source for read in relation.reads if isinstance(read.source, int))
            take(relation.influences)
            compared = relation.operator in (SetOperator.EXCEPT, SetOperator.INTERSECT)
            for each in (number, *relation.branches) if relation.distinct or compared else ():
                columns.extend((each, position) for position in range(len(bound.relations[each].columns)))
        while columns:
            key = columns.pop()
            if key in live or key[1] >= len(bound.relations[key[0]].columns):
                continue
            live.add(key)
            relations.append(key[0])
            take(bound.relations[key[0]].columns[key[1]].uses)
    return reached, live


def _needed(column: BoundColumn, relation: BoundRelation, written: Relation) -> bool:
    """Whether its own query needs it: as a key of GROUP BY or ORDER BY, or under its alias in another item."""
    origins = {origin for use in column.uses for origin in use.origins}
    if any(use.subtype in _ORDERING and origins & set(use.origins) for use in relation.influences):
        return True
    uses = (use for item in written.projections for use in item.uses)
    conditions = (use for influence in written.influences for use in influence.uses)
    return any(
        (isinstance(use, Reference) and use.name == column.name and use.span != column.span and not use.qualifier)
        for use in _flat((*(use for use in uses), *conditions))
        if not (isinstance(use, Reference) and _inside(use, column))
    )


def _inside(use: Reference, column: BoundColumn) -> bool:
    first, last = (column.span.line, column.span.column), (column.span.end_line, column.span.end_column)
    return first <= (use.span.line, use.span.column) < last


def has_hole(bound: BoundUnit) -> bool:
    for relation in bound.unit.relations:
        if any(not isinstance(item.source, int) and item.source.kind is NameKind.HOLE for item in relation.inputs):
            return True
        if any(isinstance(item, Star) and item.hole for item in relation.projections):
            return True
        uses = (
            *(use for item in relation.projections for use in item.uses),
            *(use for each in relation.influences for use in each.uses),
        )
        if any(isinstance(use, HoleUse) for use in _flat(uses)):
            return True
    return False


def _flat(uses: Iterable[Use]) -> Iterator[Use]:
    for use in uses:
        yield use
        if isinstance(use, FunctionUse):
            for argument in use.arguments:
                yield from _flat(argument)
