"""One unit's references bound to columns, its stars expanded, in the order of its relations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqllineage_scan.domain.bound import ITEM, BoundColumn, BoundRead, BoundRelation, BoundUse
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.transformation import compose
from sqllineage_scan.domain.unit import (
    AliasRule,
    ArgumentUse,
    FunctionUse,
    HoleUse,
    ItemUse,
    Projection,
    Reference,
    Relation,
    RowUse,
    Star,
    SubqueryUse,
    Use,
)
from sqllineage_scan.resolve.aliases import alias_of
from sqllineage_scan.resolve.calls import Calls
from sqllineage_scan.resolve.fields import Fields
from sqllineage_scan.resolve.inputs import DatasetSource, Draft, RelationSource, Source
from sqllineage_scan.resolve.scope import NameScope, inputs_called, lists, lookup, plain_lookup, unqualified, whole_row
from sqllineage_scan.resolve.stars import Stars

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqllineage_scan.domain.dataset import Column
    from sqllineage_scan.domain.names import ColumnId, DatasetId
    from sqllineage_scan.domain.unit import Input, Unit
    from sqllineage_scan.resolve.inputs import Found
    from sqllineage_scan.resolve.view import View


CYCLE = Evidence(EvidenceKind.CYCLE, "made from each other: its columns were taken as they were known so far")


@dataclass(slots=True)
class Tally:
    """How many references there were, how many found exactly one column, and which found none."""

    references: int = 0
    resolved: int = 0
    missing: list[Reference] = field(default_factory=list)


class UnitBinder:
    """Binds one unit and stays at hand afterwards: an open star may be asked for more columns by units that read it."""

    def __init__(self, unit: Unit, view: View) -> None:
        self.unit = unit
        self.view = view
        self.place = view.place
        self.relations: list[Relation] = list(unit.relations)
        self.drafts: list[Draft | None] = [None] * len(unit.relations)
        self.demands: list[ColumnId] = []
        self.tally = Tally()
        self.fields = Fields(self)
        self.stars = Stars(self, self.fields)
        self.calls = Calls(self)
        self.early: frozenset[DatasetId] = frozenset()  # read here, made later: they are part of a circle
        self._surroundings: dict[int, NameScope] = {}
        self._finished = 0

    def bind(self) -> None:
        """Bind all relations, children first. Nested ones wait for the relation that uses them."""
        for number, relation in enumerate(self.unit.relations):
            if not relation.nested:
                self.relation(number)

    def finish(self) -> None:
        """Bind what is left, once nobody will ask for more."""
        self._finished = len(self.drafts)
        for number in range(self._finished):
            if self.drafts[number] is None:
                self._unused(number)

    def bound_relations(self) -> tuple[BoundRelation, ...]:
        """The result, after ``finish``."""
        return tuple((self.drafts[number] or self._unused(number)).frozen() for number in range(self._finished))

    def release(self) -> None:
        """Let go of all that it was bound with: the parts know each other in circles, which nobody collects meanwhile."""
        self.drafts, self.relations = [], []
        self._surroundings = {}
        self.fields.forget()
        del self.fields, self.stars, self.calls

    def _unused(self, number: int) -> Draft:
        """A subquery inside a field that nobody asked for is bound nowhere."""
        relation = self.relations[number]
        return Draft(number, Relation()) if relation.nested else self.relation(number)

    def relation(self, number: int, outer: NameScope | None = None) -> Draft:
        known = self.drafts[number]
        if known is not None:
            return known
        relation = self.relations[number]
        draft = self.drafts[number] = Draft(number, relation)
        if relation.around is not None:
            outer = self._around(relation.around)
            draft.reads.extend(read for source in outer.inputs if source.spec.alias for read in _looped(source))
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
        if relation.anchor is not None:
            self._recursion(draft, relation.anchor)
            return
        scope = NameScope([], outer, relation.aliases, left_wins=relation.left_wins)
        for number, item in enumerate(relation.inputs):
            source = self.source(item, scope, draft.number)
            scope.inputs = [*scope.inputs, source]
            draft.reads.extend(read._replace(item=number) for read in _reads(source))
        draft.sources = scope.inputs
        for projection in relation.projections:
            if isinstance(projection, Star):
                self.stars.expand(draft, projection, scope)
            else:
                self.append(draft, projection, scope)
                scope.aliases.setdefault(projection.name, projection)
        for influence in relation.influences:
            if influence.unless is not None and self.stars.is_struct(influence.unless, scope):
                continue
            for use in influence.uses:
                if isinstance(use, ItemUse):
                    meant = _items(draft, use)
                    self.tally.references += len(meant)
                    self.tally.resolved += len(meant)
                    draft.influences.extend(meant)
                else:
                    draft.influences.extend(self.use(use, scope, aliases=influence.aliases))
        draft.influences.extend(self._merged_join_keys(scope))
        draft.influences.extend(_multiplied(scope.inputs))

    def _recursion(self, draft: Draft, anchor: int) -> None:
        """``with recursive r as (select … union all select … from r)``: the first arm says which columns r has, before the
        other, which reads them, is bound.
        """
        (whole,) = draft.relation.inputs
        assert isinstance(whole.source, int)
        for position, column in enumerate(self.relation(anchor).columns):
            use = BoundUse(((whole.source, position),), Subtype.IDENTITY)
            draft.append(BoundColumn(column.name, (use,), column.expression, column.span))
        draft.reads.append(BoundRead(whole.source))
        self.relation(whole.source)

    def append(self, draft: Draft, projection: Projection, scope: NameScope) -> None:
        """One more column of a relation; several, where it spreads a struct."""
        if projection.spread is not None and self.stars.spread(draft, projection.spread, scope):
            return
        position = draft.append(self.column(projection, scope, len(draft.columns) + 1))
        self.fields.remember(draft, position, projection, scope)

    def aside(self, fields: Sequence[Projection | Star], scope: NameScope) -> Draft:
        """A relation made of the fields of one value. Its names are those of the value: they count once."""
        draft = Draft(len(self.drafts), Relation())
        self.drafts.append(draft)
        self.relations.append(draft.relation)
        counted, self.tally = self.tally, Tally()
        for field_ in fields:
            if isinstance(field_, Star):
                self.stars.expand(draft, field_, scope)
            else:
                self.append(draft, field_, scope)
        self.tally = counted
        return draft

    def widen(self, draft: Draft, name: str) -> int | None:
        return self.stars.widen(draft, name)

    def schema(self, dataset: DatasetId) -> Mapping[str, Column]:
        return self.view.schema(dataset).columns

    def source(self, item: Input, scope: NameScope, number: int) -> Source:
        if isinstance(item.source, int):
            function = self.relations[item.source].function
            called = self.calls.rows(function, scope) if function is not None else None
            draft = self.relation(item.source, scope) if called is None else called
            return RelationSource(self._named_after(item, draft, number), draft, self.stars.widen)
        place = self.calls.place(number)
        meaning = self.view.meaning(item.source, place)
        if not self.early.isdisjoint(meaning.datasets):
            meaning = meaning._replace(evidence=(*meaning.evidence, CYCLE))
        return DatasetSource(item, meaning, self.view, self.demands, place.dialect)

    def _named_after(self, item: Input, draft: Draft, number: int) -> Input:
        """``insert into t select x …``: what is inserted has t's names, where those and the order of the values are known."""
        if item.named_after is None or item.columns or draft.open:
            return item
        schema = self.view.schema(self.view.meaning(item.named_after, self.calls.place(number)).datasets[0])
        return item._replace(columns=tuple(schema.columns)[: len(draft.columns)]) if schema.complete else item

    def column(self, projection: Projection, scope: NameScope, ordinal: int) -> BoundColumn:
        uses: list[BoundUse] = []
        holes: list[Evidence] = []
        for use in projection.uses:
            if type(use) is Reference:  # nearly always
                uses += self._reference(use, scope, projection, None)
                continue
            uses += self.use(use, scope, own=projection)
            if isinstance(use, HoleUse):
                holes.append(Evidence(EvidenceKind.HOLE, use.expression, use.span))
        name = projection.name or f"_col_{ordinal}"
        return BoundColumn(name, tuple(uses), projection.expression, projection.span, tuple(holes), projection.normal)

    def use(
        self, use: Use, scope: NameScope, *, own: Projection | None = None, aliases: AliasRule | None = None
    ) -> list[BoundUse]:
        """A use bound: usually to one column; to none when it cannot be found; an alias is seen through to what it stands for.

        ``aliases``: whether items of the SELECT list are in sight; None, inside that list itself: as the dialect has it.
        """
        if isinstance(use, Reference):
            return self._reference(use, scope, own, aliases)
        if isinstance(use, (HoleUse, ItemUse)):
            return []
        if isinstance(use, SubqueryUse):
            return self._subquery(use, scope)
        if isinstance(use, (FunctionUse, ArgumentUse)):
            return self.calls.value(use, scope) if isinstance(use, FunctionUse) else self.calls.argument(use)
        named = inputs_called(use.input, scope) if use.input else []
        return _row(named or [source for source in scope.inputs if source.spec.visible], use, (use.input or "", "*"))

    def _reference(self, use: Reference, scope: NameScope, own: Projection | None, aliases: AliasRule | None) -> list[BoundUse]:
        self.tally.references += 1
        rule = scope.alias_rule if aliases is None else aliases
        plain = plain_lookup(use, scope, rule)
        if plain is not None:
            return self._plain_use(use, *plain)
        alias = alias_of(use, scope, rule, own)
        if alias is not None:
            self.tally.resolved += 1
            return self._through_alias(use, *alias)
        return self._column_use(use, scope, condition=aliases is not None)

    def _plain_use(self, use: Reference, found: Found, kind: EvidenceKind) -> list[BoundUse]:
        self.tally.resolved += not found.chosen
        own = Evidence(kind, "", use.span)
        evidence = (own, *found.evidence) if found.evidence else (own,)
        if use.path:
            followed = self.fields.of_reference(found._replace(evidence=evidence), use.path, use)
            if followed is not None:
                return [bound._replace(written=(*use.qualifier, use.name)) for bound in followed]
        return [BoundUse(found.origins, use.subtype, use.masking, evidence, use.span, written=(*use.qualifier, use.name))]

    def _column_use(self, use: Reference, scope: NameScope, *, condition: bool) -> list[BoundUse]:
        written = (*use.qualifier, use.name)
        row = None if use.qualifier else whole_row(use.name, scope)
        if row is not None:
            self.tally.resolved += 1
            field_ = row.find(use.path[0]) if use.path else None
            if field_ is None:
                subtype = Subtype.TRANSFORMATION if use.subtype is Subtype.IDENTITY else use.subtype
                return _row([row], RowUse(use.name, subtype, use.masking, use.span), written)
            use, found = use._replace(path=use.path[1:]), field_
        else:
            found_ = lookup(use, scope, condition=condition)
            if found_ is None:
                self.tally.missing.append(use)
                return []
            found = found_
            self.tally.resolved += not found.chosen
        path = (*found.path, *use.path)
        followed = self.fields.of_reference(found, path, use) if path else None
        if followed is not None:
            return [bound._replace(written=written) for bound in followed]
        return [BoundUse(found.origins, use.subtype, use.masking, found.evidence, use.span, written=written)]

    def _through_alias(self, use: Reference, alias: Projection, scope: NameScope) -> list[BoundUse]:
        before = scope.before(alias)  # select min(a) as b, max(b) as a: the a inside b is not the a behind it
        found: list[BoundUse] = []
        for item in _uses_at(alias, (*use.qualifier, use.name, *use.path)[1:]):
            for bound in self.use(item, before, own=alias):
                subtype = compose(bound.subtype, use.subtype)
                masking = bound.masking or use.masking
                found.append(BoundUse(bound.origins, subtype, masking, bound.evidence, use.span, bound.rows_of, (ITEM,)))
        return found

    def _subquery(self, use: SubqueryUse, scope: NameScope) -> list[BoundUse]:
        draft = self.relation(use.relation, scope)
        if use.rows_only:
            return [BoundUse((), use.subtype, rows_of=draft.number)]
        followed = self.fields.of_subquery(use, draft)
        if followed:
            return [followed[0]._replace(rows_of=draft.number), *followed[1:]]
        wanted = range(len(draft.columns)) if use.column is None else range(use.column, min(use.column + 1, len(draft.columns)))
        origins = [(draft.number, position) for position in wanted]
        values = [BoundUse((origin,), use.subtype, use.masking) for origin in origins] or [BoundUse((), use.subtype)]
        first = values[0]
        return [first._replace(rows_of=draft.number), *values[1:]]

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


def _looped(source: Source) -> list[BoundRead]:
    """``for r in (select id from s where day > 1) loop insert into t values (r.id)``: what decides the rows of s decides t's."""
    return _reads(source) if isinstance(source, RelationSource) else []


def _uses_at(item: Projection, path: Sequence[str]) -> tuple[Use, ...]:
    """What a field of an item is made of: ``doc.total`` behind ``struct(a as total, b as tax) as doc``."""
    for step in path:
        inner = next((part for part in item.fields if isinstance(part, Projection) and part.name == step), None)
        if inner is None:
            break
        item = inner
    return item.uses


def _items(draft: Draft, use: ItemUse) -> list[BoundUse]:
    """``order by 2``, ``group by all``: what the items of the list are made of."""
    if use.number is None:
        chosen = [column for column in draft.columns if use.subtype is not Subtype.GROUP_BY or not _aggregated(column)]
    else:
        chosen = draft.columns[use.number - 1 : use.number] if use.number > 0 else []
    return [
        item._replace(subtype=use.subtype, masking=False, span=use.span if item.span is None else item.span)
        for column in chosen
        for item in column.uses
    ]


def _aggregated(column: BoundColumn) -> bool:
    return any(use.subtype is Subtype.AGGREGATION for use in column.uses)


def _row(sources: Sequence[Source], use: RowUse, written: tuple[str, ...]) -> list[BoundUse]:
    """Every column of some inputs that the use takes, for one purpose: what a whole row is made of."""
    star = Evidence(EvidenceKind.STAR, span=use.span)
    return [
        BoundUse(found.origins, use.subtype, use.masking, (star, *found.evidence), use.span, written=written)
        for source in sources
        for name, found in source.listed()
        if name not in use.excluded and re.match(use.pattern, name)
    ]


def _multiplied(inputs: Sequence[Source]) -> list[BoundUse]:
    """``from orders o, unnest(o.items)``: there are as many rows as the array has items."""
    return [
        use._replace(subtype=Subtype.JOIN, masking=False)
        for source in inputs
        if isinstance(source, RelationSource) and source.draft.arguments is not None
        for use in source.draft.arguments
    ]


def _reads(source: Source) -> list[BoundRead]:
    if isinstance(source, DatasetSource):
        return [BoundRead(dataset, source.meaning.evidence) for dataset in source.meaning.datasets]
    assert isinstance(source, RelationSource)
    return [BoundRead(source.draft.number)]
