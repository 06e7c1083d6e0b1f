"""One unit's references bound to columns, its stars expanded, in the order of its relations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqllineage_scan.domain.bound import BoundColumn, BoundRead, BoundRelation, BoundUse
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.transformation import compose
from sqllineage_scan.domain.unit import (
    AliasRule,
    ArgumentUse,
    FunctionUse,
    HoleUse,
    Projection,
    Reference,
    RowUse,
    Star,
    SubqueryUse,
    Use,
)
from sqllineage_scan.resolve.calls import Calls
from sqllineage_scan.resolve.inputs import DatasetSource, Draft, RelationSource, Source
from sqllineage_scan.resolve.scope import (
    NameScope,
    alias_first,
    alias_of,
    inputs_called,
    lists,
    lookup,
    unqualified,
    whole_row,
)
from sqllineage_scan.resolve.stars import Stars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.names import ColumnId
    from sqllineage_scan.domain.unit import Input, Relation, Unit
    from sqllineage_scan.resolve.catalog import Catalog, Place


@dataclass(slots=True)
class Tally:
    """How many references there were, how many found exactly one column, and which found none."""

    references: int = 0
    resolved: int = 0
    missing: list[Reference] = field(default_factory=list)


class UnitBinder:
    """Binds one unit and stays at hand afterwards: an open star may be asked for more columns by units that read it."""

    def __init__(self, unit: Unit, catalog: Catalog, place: Place) -> None:
        self.unit = unit
        self.catalog = catalog
        self.place = place
        self.relations: list[Relation] = list(unit.relations)
        self.drafts: list[Draft | None] = [None] * len(unit.relations)
        self.demands: list[ColumnId] = []
        self.tally = Tally()
        self.stars = Stars(self)
        self.calls = Calls(self)
        self._surroundings: dict[int, NameScope] = {}

    def bind(self) -> None:
        """Bind all relations, children first. Nested ones wait for the relation that uses them."""
        for number, relation in enumerate(self.unit.relations):
            if not relation.nested:
                self.relation(number)

    def bound_relations(self) -> tuple[BoundRelation, ...]:
        """The result, once nobody will ask for more."""
        return tuple(_frozen(self.relation(number)) for number in range(len(self.drafts)))

    def relation(self, number: int, outer: NameScope | None = None) -> Draft:
        known = self.drafts[number]
        if known is not None:
            return known
        relation = self.relations[number]
        draft = self.drafts[number] = Draft(number, relation)
        if relation.around is not None:
            outer = self._around(relation.around)
        if relation.branches:
            self.stars.bind_set_operation(draft, outer)
        elif relation.arguments is not None:
            scope = outer or NameScope(())
            draft.arguments = tuple(use for item in relation.arguments for use in self.use(item, scope))
            for item in relation.projections:
                assert isinstance(item, Projection)
                draft.append(self.column(item, scope, len(draft.columns) + 1))
        else:
            self._select(draft, relation, outer)
        return draft

    def _around(self, number: int) -> NameScope:
        """What is in sight around a relation: the variables of its script, the arguments of a function."""
        if number not in self._surroundings:
            scope = self._surroundings[number] = NameScope([], variables=True)
            for item in self.relations[number].inputs:
                scope.inputs = [*scope.inputs, self.source(item, scope, number)]
        return self._surroundings[number]

    # SELECT

    def _select(self, draft: Draft, relation: Relation, outer: NameScope | None) -> None:
        scope = NameScope([], outer, relation.aliases)
        for item in relation.inputs:
            source = self.source(item, scope, draft.number)
            scope.inputs = [*scope.inputs, source]
            draft.reads.extend(_reads(source))
        for projection in relation.projections:
            if isinstance(projection, Star):
                self.stars.expand(draft, projection, scope)
            else:
                draft.append(self.column(projection, scope, len(draft.columns) + 1))
                scope.aliases.setdefault(projection.name, projection)
        for influence in relation.influences:
            for use in influence.uses:
                draft.influences.extend(self.use(use, scope, aliases=influence.aliases))
        draft.influences.extend(self._merged_join_keys(scope))
        draft.influences.extend(_multiplied(scope.inputs))

    def source(self, item: Input, scope: NameScope, number: int) -> Source:
        if isinstance(item.source, int):
            function = self.relations[item.source].function
            called = self.calls.rows(function, scope) if function is not None else None
            return RelationSource(item, self.relation(item.source, scope) if called is None else called, self.stars.widen)
        place = self.calls.place(number)
        return DatasetSource(item, self.catalog.meaning(item.source, place), self.catalog, self.demands, place.dialect)

    def column(self, projection: Projection, scope: NameScope, ordinal: int) -> BoundColumn:
        uses = tuple(bound for use in projection.uses for bound in self.use(use, scope, own=projection))
        holes = tuple(
            Evidence(EvidenceKind.HOLE, use.expression, use.span) for use in projection.uses if isinstance(use, HoleUse)
        )
        return BoundColumn(projection.name or f"_col_{ordinal}", uses, projection.expression, projection.span, holes)

    def use(self, use: Use, scope: NameScope, *, own: Projection | None = None, aliases: bool | None = None) -> list[BoundUse]:
        """A use bound: usually to one column; to none when it cannot be found; an alias is seen through to what it stands for.

        ``aliases``: whether items of the SELECT list are in sight; None, inside that list itself: as the dialect has it.
        """
        if isinstance(use, HoleUse):
            return []
        if isinstance(use, SubqueryUse):
            return self._subquery(use, scope)
        if isinstance(use, (FunctionUse, ArgumentUse)):
            return self.calls.value(use, scope) if isinstance(use, FunctionUse) else self.calls.argument(use)
        if isinstance(use, RowUse):
            named = inputs_called(use.input, scope) if use.input else [source for source in scope.inputs if source.spec.visible]
            return _row(named, use)
        self.tally.references += 1
        in_sight = scope.alias_rule is not AliasRule.NEVER if aliases is None else aliases
        alias = alias_of(use, scope.aliases) if in_sight else None
        if alias is not None and alias is not own and (alias_first(use, scope) or not self._is_column(use, scope, alias)):
            self.tally.resolved += 1
            return self._through_alias(use, alias, scope)
        return self._column_use(use, scope)

    def _column_use(self, use: Reference, scope: NameScope) -> list[BoundUse]:
        row = None if use.qualifier else whole_row(use.name, scope)
        if row is not None:
            self.tally.resolved += 1
            subtype = Subtype.TRANSFORMATION if use.subtype is Subtype.IDENTITY else use.subtype
            return _row([row], RowUse(use.name, subtype, use.masking, use.span))
        found = lookup(use, scope)
        if found is None:
            self.tally.missing.append(use)
            return []
        if not any(item.kind is EvidenceKind.CANDIDATE for item in found.evidence):
            self.tally.resolved += 1
        return [BoundUse(found.origins, use.subtype, use.masking, found.evidence, use.span)]

    def _is_column(self, use: Reference, scope: NameScope, alias: Projection) -> bool:
        """Whether a name that is also an alias means a column. Where the inputs' columns are not known, an alias that is
        built from its own name shows that there is one: ``select lower(name) as name, name || '!' as loud from t``.
        """
        if any(lists(source, use.name) for source in scope.inputs):
            return True
        if not any(source.open for source in scope.inputs):
            return False
        return any(isinstance(item, Reference) and item.name == use.name for item in alias.uses)

    def _through_alias(self, use: Reference, alias: Projection, scope: NameScope) -> list[BoundUse]:
        before = scope.before(alias)  # select min(a) as b, max(b) as a: the a inside b is not the a behind it
        found: list[BoundUse] = []
        for item in alias.uses:
            for bound in self.use(item, before, own=alias):
                subtype = compose(bound.subtype, use.subtype)
                found.append(
                    BoundUse(bound.origins, subtype, bound.masking or use.masking, bound.evidence, use.span, bound.rows_of)
                )
        return found

    def _subquery(self, use: SubqueryUse, scope: NameScope) -> list[BoundUse]:
        draft = self.relation(use.relation, scope)
        if use.rows_only:
            return [BoundUse((), use.subtype, rows_of=draft.number)]
        wanted = range(len(draft.columns)) if use.column is None else range(use.column, min(use.column + 1, len(draft.columns)))
        origins = [(draft.number, position) for position in wanted]
        values = [BoundUse((origin,), use.subtype) for origin in origins] or [BoundUse((), use.subtype)]
        first = values[0]
        return [BoundUse(first.origins, first.subtype, rows_of=draft.number), *values[1:]]

    def _merged_join_keys(self, scope: NameScope) -> list[BoundUse]:
        """``join b using (id)`` compares the id of both sides, a NATURAL join all columns of one name."""
        found: list[BoundUse] = []
        for position, source in enumerate(scope.inputs):
            earlier = scope.inputs[:position]
            names = source.spec.using
            if source.spec.natural:
                names = tuple(name for name, _ in source.listed() if any(lists(other, name) for other in earlier))
            for name in names:
                for side in (NameScope(earlier), NameScope([source])):
                    key = unqualified(name, side)
                    if key is not None:
                        found.append(BoundUse(key.origins, Subtype.JOIN, evidence=key.evidence, span=source.spec.span))
        return found


def _row(sources: Sequence[Source], use: RowUse) -> list[BoundUse]:
    """Every column of some inputs that the use takes, for one purpose: what a whole row is made of."""
    star = Evidence(EvidenceKind.STAR, span=use.span)
    return [
        BoundUse(found.origins, use.subtype, use.masking, (star, *found.evidence), use.span)
        for source in sources
        for name, found in source.listed()
        if name not in use.excluded and re.match(use.pattern, name)
    ]


def _multiplied(inputs: Sequence[Source]) -> list[BoundUse]:
    """``from orders o, unnest(o.items)``: there are as many rows as the array has items."""
    return [
        BoundUse(use.origins, Subtype.JOIN, evidence=use.evidence, span=use.span, rows_of=use.rows_of)
        for source in inputs
        if isinstance(source, RelationSource) and source.draft.arguments is not None
        for use in source.draft.arguments
    ]


def _reads(source: Source) -> list[BoundRead]:
    if isinstance(source, DatasetSource):
        datasets = source.meaning.datasets if source.meaning.every else source.meaning.datasets[:1]
        return [BoundRead(dataset, source.meaning.evidence) for dataset in datasets]
    assert isinstance(source, RelationSource)
    return [BoundRead(source.draft.number)]


def _frozen(draft: Draft) -> BoundRelation:
    return BoundRelation(
        tuple(draft.columns),
        tuple(draft.influences),
        tuple(draft.reads),
        draft.relation.branches,
        draft.relation.operator,
        draft.relation.distinct,
    )
