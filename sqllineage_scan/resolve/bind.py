"""One unit's references bound to columns, its stars expanded, in the order of its relations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqllineage_scan.domain.bound import BoundColumn, BoundRead, BoundRelation, BoundUse
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.transformation import compose
from sqllineage_scan.domain.unit import AliasRule, HoleUse, Projection, Reference, RowUse, SetOperator, Star, SubqueryUse, Use
from sqllineage_scan.resolve.inputs import OPEN_STAR, DatasetSource, Draft, Found, OpenStar, RelationSource, Source
from sqllineage_scan.resolve.scope import (
    NameScope,
    alias_first,
    alias_of,
    inputs_called,
    lists,
    lookup,
    merged,
    unqualified,
    whole_row,
)

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
        self.drafts: list[Draft | None] = [None] * len(unit.relations)
        self.demands: list[ColumnId] = []
        self.tally = Tally()
        self._refreshed: set[int] = set()

    def bind(self) -> None:
        """Bind all relations, children first. Nested ones wait for the relation that uses them."""
        for number, relation in enumerate(self.unit.relations):
            if not relation.nested:
                self._relation(number, None)

    def bound_relations(self) -> tuple[BoundRelation, ...]:
        """The result, once nobody will ask for more."""
        return tuple(_frozen(self._draft(number)) for number in range(len(self.drafts)))

    def _draft(self, number: int) -> Draft:
        return self.drafts[number] or self._relation(number, None)

    def _relation(self, number: int, outer: NameScope | None) -> Draft:
        known = self.drafts[number]
        if known is not None:
            return known
        relation = self.unit.relations[number]
        draft = self.drafts[number] = Draft(number, relation)
        if relation.branches:
            self._set_operation(draft, relation, outer)
        elif relation.arguments is not None:
            draft.arguments = tuple(use for item in relation.arguments for use in self._use(item, outer or NameScope(())))
        else:
            self._select(draft, relation, outer)
        return draft

    # SELECT

    def _select(self, draft: Draft, relation: Relation, outer: NameScope | None) -> None:
        scope = NameScope([], outer, relation.aliases)
        for item in relation.inputs:
            source = self._source(item, scope)
            scope.inputs = [*scope.inputs, source]
            draft.reads.append(_read(source))
        for projection in relation.projections:
            if isinstance(projection, Star):
                self._star(draft, projection, scope)
            else:
                draft.append(self._column(projection, scope, len(draft.columns) + 1))
                scope.aliases.setdefault(projection.name, projection)
        for influence in relation.influences:
            for use in influence.uses:
                draft.influences.extend(self._use(use, scope, aliases=influence.aliases))
        draft.influences.extend(self._merged_join_keys(scope))
        draft.influences.extend(_multiplied(scope.inputs))

    def _source(self, item: Input, scope: NameScope) -> Source:
        if isinstance(item.source, int):
            return RelationSource(item, self._relation(item.source, scope), self.widen)
        meaning = self.catalog.meaning(item.source, self.place)
        return DatasetSource(item, meaning, self.catalog, self.demands)

    def _column(self, projection: Projection, scope: NameScope, ordinal: int) -> BoundColumn:
        uses = tuple(bound for use in projection.uses for bound in self._use(use, scope, own=projection))
        holes = tuple(
            Evidence(EvidenceKind.HOLE, use.expression, use.span) for use in projection.uses if isinstance(use, HoleUse)
        )
        return BoundColumn(projection.name or f"_col_{ordinal}", uses, projection.expression, projection.span, holes)

    def _use(self, use: Use, scope: NameScope, *, own: Projection | None = None, aliases: bool | None = None) -> list[BoundUse]:
        """A use bound: usually to one column; to none when it cannot be found; an alias is seen through to what it stands for.

        ``aliases``: whether items of the SELECT list are in sight; None, inside that list itself: as the dialect has it.
        """
        if isinstance(use, HoleUse):
            return []
        if isinstance(use, SubqueryUse):
            return self._subquery(use, scope)
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
            return _row([row], use)
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
            for bound in self._use(item, before, own=alias):
                subtype = compose(bound.subtype, use.subtype)
                found.append(
                    BoundUse(bound.origins, subtype, bound.masking or use.masking, bound.evidence, use.span, bound.rows_of)
                )
        return found

    def _subquery(self, use: SubqueryUse, scope: NameScope) -> list[BoundUse]:
        draft = self._relation(use.relation, scope)
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

    # Stars

    def _star(self, draft: Draft, star: Star, scope: NameScope) -> None:
        """``*`` and ``t.*`` become the columns that are known; where some are not, the star stays open."""
        if star.hole:
            uses = tuple(bound for use in star.uses for bound in self._use(use, scope))
            draft.open_stars.append(OpenStar(star, (), uses))
            return
        sources = inputs_called(star.input, scope) if star.input else []
        if star.input and not sources and self._struct_star(draft, star, scope):
            return
        sources = sources or [source for source in scope.inputs if source.spec.visible]
        for name, found in _star_items(sources, merge=not star.input):
            self._star_column(draft, star, name, found, scope)
        still_open = tuple(source for source in sources if source.open)
        if still_open:
            draft.open_stars.append(OpenStar(star, still_open))
            for projection in star.replaced:
                if projection.name not in draft.index:
                    draft.append(self._column(projection, scope, len(draft.columns) + 1))

    def _struct_star(self, draft: Draft, star: Star, scope: NameScope) -> bool:
        """``address.*``, where address is a column: its fields are not listed anywhere, and all of them are made of it."""
        assert star.input is not None
        reference = Reference(star.input, (), (), Subtype.TRANSFORMATION, masking=False, span=star.span)
        found = lookup(reference, scope)
        if found is None or not any(lists(source, star.input) for source in scope.inputs):
            return False
        use = BoundUse(found.origins, Subtype.TRANSFORMATION, evidence=found.evidence, span=star.span)
        draft.open_stars.append(OpenStar(star, (), (use,)))
        return True

    def _star_column(self, draft: Draft, star: Star, name: str, found: Found, scope: NameScope) -> None:
        if name in star.excluded:
            return
        replaced = next((projection for projection in star.replaced if projection.name == name), None)
        if replaced is not None:
            draft.append(self._column(replaced, scope, len(draft.columns) + 1))
            return
        shown = dict(star.renamed).get(name, name)
        evidence = (Evidence(EvidenceKind.STAR, span=star.span), *found.evidence)
        use = BoundUse(found.origins, Subtype.IDENTITY, evidence=evidence, span=star.span)
        draft.append(BoundColumn(f"{star.prefix}{shown}{star.suffix}", (use,), name, star.span))

    def widen(self, draft: Draft, name: str) -> int | None:
        """A column that an open relation does not list, passed through its open stars if any of them can have it."""
        if name in draft.index:
            return draft.index[name]
        if name in draft.asked or not draft.open:
            return None
        draft.asked.add(name)
        if draft.arguments is not None:
            span = draft.relation.inputs[0].span if draft.relation.inputs else self.unit.span
            return draft.append(BoundColumn(name, draft.arguments, name, span))
        if draft.open_branches:
            return self._widen_branches(draft, name)
        answers = [answer for open_star in draft.open_stars for answer in _asked(open_star, name)]
        if not answers:
            return self._widen_holes(draft, name)
        origins = tuple(dict.fromkeys(origin for _, found in answers for origin in found.origins))
        evidence = [OPEN_STAR, *(item for _, found in answers for item in found.evidence)]
        if len(origins) > 1:
            evidence.append(Evidence(EvidenceKind.CANDIDATE, f"{name} may come through any of {len(answers)} inputs of a star"))
        span = answers[0][0].span
        return draft.append(
            BoundColumn(name, (BoundUse(origins, Subtype.IDENTITY, evidence=tuple(evidence), span=span),), name, span)
        )

    def _widen_holes(self, draft: Draft, name: str) -> int | None:
        """``select {{ columns() }} from t``: whatever the template writes there, it comes from the inputs or from nowhere."""
        holes = [open_star for open_star in draft.open_stars if open_star.star.hole or open_star.uses]
        if not holes:
            return None
        star, uses = holes[0].star, holes[0].uses
        evidence = (Evidence(EvidenceKind.HOLE, star.hole, star.span) if star.hole else OPEN_STAR,)
        if not uses and len(draft.relation.inputs) == 1:
            found = self._source(draft.relation.inputs[0], NameScope(())).find(name)
            if found is not None:
                uses = (BoundUse(found.origins, Subtype.IDENTITY, evidence=(*found.evidence, *evidence), span=star.span),)
        return draft.append(BoundColumn(name, uses, star.hole or name, star.span, evidence))

    def refresh(self, draft: Draft) -> None:
        """Take up what the inputs of open stars have come to list since: ``select * from stg`` once stg.id is known."""
        if draft.number in self._refreshed or not draft.open:
            return
        self._refreshed.add(draft.number)
        for number in draft.relation.branches if draft.open_branches else ():
            branch = self._draft(number)
            self.refresh(branch)
            for column in list(branch.columns):
                self.widen(draft, column.name)
        for star, sources, _ in draft.open_stars:
            for source in sources:
                if isinstance(source, RelationSource):
                    self.refresh(source.draft)
                for name, _ in list(source.listed()):
                    if name not in star.excluded:
                        self.widen(draft, f"{star.prefix}{dict(star.renamed).get(name, name)}{star.suffix}")

    # Set operations

    def _set_operation(self, draft: Draft, relation: Relation, outer: NameScope | None) -> None:
        branches = [self._relation(branch, outer) for branch in relation.branches]
        valued = branches if relation.operator is SetOperator.UNION else branches[:1]
        draft.reads.extend(BoundRead(branch.number) for branch in branches)
        draft.open_branches = any(branch.open for branch in valued)
        if draft.open_branches or relation.by_name:
            names = dict.fromkeys(column.name for branch in valued for column in branch.columns)
            for name in names:
                self._append_by_name(draft, name, valued)
        else:
            for position, column in enumerate(valued[0].columns):
                uses = tuple(
                    BoundUse(((branch.number, position),), Subtype.IDENTITY)
                    for branch in valued
                    if position < len(branch.columns)
                )
                draft.append(BoundColumn(column.name, uses, column.expression, column.span))

    def _append_by_name(self, draft: Draft, name: str, branches: Sequence[Draft]) -> int | None:
        uses: list[BoundUse] = []
        span = None
        for branch in branches:
            position = branch.index.get(name)
            if position is None and branch.open:
                position = self.widen(branch, name)
            if position is not None:
                uses.append(BoundUse(((branch.number, position),), Subtype.IDENTITY))
                span = span or branch.columns[position].span
        return draft.append(BoundColumn(name, tuple(uses), name, span)) if span is not None else None

    def _widen_branches(self, draft: Draft, name: str) -> int | None:
        branches = [self._draft(branch) for branch in draft.relation.branches]
        valued = branches if draft.relation.operator is SetOperator.UNION else branches[:1]
        return self._append_by_name(draft, name, valued)


def _asked(open_star: OpenStar, name: str) -> list[tuple[Star, Found]]:
    """What an open star's inputs answer when asked for the column that it shows as ``name``."""
    star = open_star.star
    renamed = {new: old for old, new in star.renamed}
    wanted = renamed.get(name, name.removeprefix(star.prefix).removesuffix(star.suffix))
    if wanted in star.excluded or (wanted in dict(star.renamed) and name not in renamed):
        return []
    return [(star, found) for source in open_star.inputs if (found := source.find(wanted)) is not None]


def _row(sources: Sequence[Source], use: Reference | RowUse) -> list[BoundUse]:
    """Every column of some inputs, for one purpose: what a whole row is made of."""
    subtype = Subtype.TRANSFORMATION if use.subtype is Subtype.IDENTITY else use.subtype
    star = Evidence(EvidenceKind.STAR, span=use.span)
    return [
        BoundUse(found.origins, subtype, use.masking, (star, *found.evidence), use.span)
        for source in sources
        for _, found in source.listed()
    ]


def _star_items(sources: Sequence[Source], *, merge: bool) -> list[tuple[str, Found]]:
    """The columns of a star in order; what a USING or NATURAL join merges stands once, with the value that it has then."""
    items: list[tuple[str, list[tuple[Source, Found]]]] = []
    first: dict[str, list[tuple[Source, Found]]] = {}
    for source in sources:
        for name, found in source.listed():
            shared = first.get(name) if merge and (name in source.spec.using or source.spec.natural) else None
            if shared is not None:
                shared.append((source, found))
            else:
                items.append((name, [(source, found)]))
                first.setdefault(name, items[-1][1])
    return [(name, merged(answers, name) or answers[0][1]) for name, answers in items]


def _multiplied(inputs: Sequence[Source]) -> list[BoundUse]:
    """``from orders o, unnest(o.items)``: there are as many rows as the array has items."""
    return [
        BoundUse(use.origins, Subtype.JOIN, evidence=use.evidence, span=use.span, rows_of=use.rows_of)
        for source in inputs
        if isinstance(source, RelationSource) and source.draft.arguments is not None
        for use in source.draft.arguments
    ]


def _read(source: Source) -> BoundRead:
    if isinstance(source, DatasetSource):
        return BoundRead(source.meaning.datasets[0], source.meaning.evidence)
    assert isinstance(source, RelationSource)
    return BoundRead(source.draft.number)


def _frozen(draft: Draft) -> BoundRelation:
    return BoundRelation(
        tuple(draft.columns),
        tuple(draft.influences),
        tuple(draft.reads),
        draft.relation.branches,
        draft.relation.operator,
        draft.relation.distinct,
    )
