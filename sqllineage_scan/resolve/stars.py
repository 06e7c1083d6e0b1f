"""Stars: expanded to the columns that are known, kept open where some are not, and asked for more later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqllineage_scan.domain.bound import BoundColumn, BoundUse
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Reference
from sqllineage_scan.resolve.inputs import OPEN_STAR, OpenStar, RelationSource
from sqllineage_scan.resolve.scope import NameScope, inputs_called, lists, lookup, merged
from sqllineage_scan.resolve.set_operations import SetOperations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.unit import Star
    from sqllineage_scan.resolve.binding import Binding
    from sqllineage_scan.resolve.fields import Fields
    from sqllineage_scan.resolve.inputs import Draft, Found, Source


class Stars:
    """The stars of one unit. ``binding`` binds what stands inside them: ``* replace (a + 1 as a)``."""

    def __init__(self, binding: Binding, fields: Fields) -> None:
        self._binding = binding
        self._fields = fields
        self._set_operations = SetOperations(binding, self.widen)
        self._refreshed: set[int] = set()

    def bind_set_operation(self, draft: Draft, outer: NameScope | None) -> None:
        """The columns of a UNION, INTERSECT or EXCEPT."""
        self._set_operations.bind(draft, outer)

    def expand(self, draft: Draft, star: Star, scope: NameScope) -> None:
        """``*`` and ``t.*`` become the columns that are known; where some are not, the star stays open."""
        start = len(draft.columns)
        if star.hole or star.family:
            uses = tuple(bound for use in star.uses for bound in self._binding.use(use, scope))
            if star.family:
                draft.append(BoundColumn(star.family, uses, star.family, star.span, normal=star.normal))
            draft.open_stars.append(OpenStar(star, (), uses, start, len(draft.columns)))
            return
        sources = inputs_called(star.input, scope) if star.input else []
        element = any(source.computed and lists(source, star.input or "") for source in sources)  # unnest(items) i, i.*
        if star.input and (element or not sources) and self._struct_star(draft, star, scope):
            return
        sources = sources or [source for source in scope.inputs if source.spec.visible]
        if _is_plain(star):
            self._expand_plainly(draft, star, sources)
        else:
            for name, found in _star_items(sources, merge=not star.input):
                use = BoundUse(found.origins, star.subtype, star.masking, found.evidence, star.span)
                self._star_column(draft, star, name, (use,), scope)
        still_open = tuple(source for source in sources if source.open)
        if still_open:
            beside = tuple(bound for item in star.uses for bound in self._binding.use(item, scope))
            for projection in star.replaced:
                if projection.name not in draft.index:
                    draft.append(self._binding.column(projection, scope, len(draft.columns) + 1))
            draft.open_stars.append(OpenStar(star, still_open, beside, start, len(draft.columns)))

    def _expand_plainly(self, draft: Draft, star: Star, sources: Sequence[Source]) -> None:
        """``select *``, with nothing done to it."""
        span, subtype, masking = star.span, star.subtype, star.masking
        own = (Evidence(EvidenceKind.STAR, span=span),)
        for name, found in _star_items(sources, merge=not star.input):
            evidence = (*own, *found.evidence) if found.evidence else own
            draft.append(BoundColumn(name, (BoundUse(found.origins, subtype, masking, evidence, span),), name, span))

    def spread(self, draft: Draft, star: Star, scope: NameScope) -> bool:
        """``unnest(t.s)``: the fields of ``s``, if that is a struct."""
        return self.is_struct(star, scope) and self._struct_star(draft, star, scope)

    def is_struct(self, star: Star, scope: NameScope) -> bool:
        """Whether the column that a star is over has a struct for its type, and no array of such."""
        reference = Reference(star.input or "", star.qualifier, (), Subtype.TRANSFORMATION, masking=False, span=star.span)
        found = lookup(reference, scope)
        return found is not None and not found.path and self._fields.are_structs(found.origins)

    def _struct_star(self, draft: Draft, star: Star, scope: NameScope) -> bool:
        """``address.*``, where address is a column: its fields where they are known, else whatever is asked for."""
        assert star.input is not None
        reference = Reference(star.input, star.qualifier, (), Subtype.TRANSFORMATION, masking=False, span=star.span)
        found = lookup(reference, scope)
        if found is None or not (star.qualifier or any(lists(source, star.input) for source in scope.inputs)):
            return False
        names = self._fields.listed(found.origins, found.path)
        for name in names:
            uses = self._fields.of_reference(found, (*found.path, name), reference._replace(subtype=star.subtype))
            self._star_column(draft, star, name, uses or (), scope)
        if not names:
            use = BoundUse(found.origins, Subtype.TRANSFORMATION, evidence=found.evidence, span=star.span)
            draft.open_stars.append(OpenStar(star, (), (use,), len(draft.columns), len(draft.columns)))
        return True

    def _star_column(self, draft: Draft, star: Star, name: str, uses: Sequence[BoundUse], scope: NameScope) -> None:
        shown = shown_as(star, name)
        if shown is None:
            return
        replaced = next((projection for projection in star.replaced if projection.name == name), None)
        if replaced is not None:
            draft.append(self._binding.column(replaced, scope, len(draft.columns) + 1))
            return
        own = Evidence(EvidenceKind.STAR, span=star.span)
        found = [BoundUse(use.origins, use.subtype, use.masking, (own, *use.evidence), use.span, use.rows_of) for use in uses]
        found.extend(bound for item in star.uses for bound in self._binding.use(item, scope))
        draft.append(BoundColumn(shown, tuple(found), name, star.span, normal=star.normal))

    def widen(self, draft: Draft, name: str) -> int | None:
        """A column that an open relation does not list, passed through its open stars if any of them can have it."""
        if name in draft.index:
            return draft.index[name]
        if name in draft.asked or not draft.open:
            return None
        draft.asked.add(name)
        if draft.arguments is not None:
            span = draft.relation.inputs[0].span if draft.relation.inputs else self._binding.unit.span
            uses = tuple(found for use in draft.arguments for found in self._fields.of_argument(use, (name,)))
            return draft.append(BoundColumn(name, uses, name, span))
        if draft.open_branches:
            return self._set_operations.widen(draft, name)
        answers = [answer for open_star in draft.open_stars for answer in _asked(open_star, name)]
        if not answers or any(star.family and star.pattern and re.match(star.pattern, name) for star, *_ in draft.open_stars):
            return self._widen_holes(draft, name)
        origins = tuple(dict.fromkeys(origin for _, found in answers for origin in found.origins))
        evidence = [OPEN_STAR, *(item for _, found in answers for item in found.evidence)]
        if len(answers) > 1 and len(origins) > 1:
            note = f"{name} may come through any of {len(answers)} inputs of a star"
            evidence.append(Evidence(EvidenceKind.CANDIDATE, note, among=len(answers)))
        span = answers[0][0].span
        star = answers[0][0]
        use = BoundUse(origins, star.subtype, star.masking, tuple(evidence), span)
        beside = next((open_star.uses for open_star in draft.open_stars if open_star.star is star), ())
        return draft.append(BoundColumn(name, (use, *beside), name, span, normal=star.normal))

    def _widen_holes(self, draft: Draft, name: str) -> int | None:
        """``select {{ columns() }} from t``: whatever the template writes there, it comes from the inputs or from nowhere."""
        holes = [open_star for open_star in draft.open_stars if not open_star.inputs]
        if not holes:
            return None
        star, uses = holes[0].star, holes[0].uses
        evidence = (Evidence(EvidenceKind.HOLE, star.hole, star.span) if star.hole else OPEN_STAR,)
        if not uses and len(draft.relation.inputs) == 1:
            found = self._binding.source(draft.relation.inputs[0], NameScope(()), draft.number).find(name)
            if found is not None:
                uses = (BoundUse(found.origins, Subtype.IDENTITY, evidence=(*found.evidence, *evidence), span=star.span),)
        return draft.append(
            BoundColumn(name, uses, star.hole or name, star.span, evidence, star.normal or f"{{{{ {star.hole} }}}}")
        )

    def refresh(self, draft: Draft) -> None:
        """Take up what the inputs of open stars have come to list since: ``select * from stg`` once stg.id is known."""
        if draft.number in self._refreshed or not draft.open:
            return
        self._refreshed.add(draft.number)
        for number in draft.relation.branches if draft.open_branches else ():
            branch = self._binding.relation(number)
            self.refresh(branch)
            for column in list(branch.columns):
                self.widen(draft, column.name)
        for star, sources, *_ in draft.open_stars:
            for source in sources:
                if isinstance(source, RelationSource):
                    self.refresh(source.draft)
                for name, _ in list(source.listed()):
                    shown = shown_as(star, name)
                    if shown is not None and shown not in draft.index:
                        self.widen(draft, shown)


def _is_plain(star: Star) -> bool:
    """Whether a star gives every column under its own name and as it is."""
    return not (star.excluded or star.replaced or star.uses or star.pattern or _renames(star))


def _renames(star: Star) -> bool:
    return bool(star.renamed or star.named or star.prefix or star.suffix)


def shown_as(star: Star, name: str) -> str | None:
    """What a star calls the input's column ``name``; None where it leaves it out."""
    if not star.pattern and not _renames(star):
        return None if name in star.excluded else name
    match = re.match(star.pattern, name)
    if name in star.excluded or match is None:
        return None
    if star.named:  # columns('(.*)_id') as '\\1_key', where \\0 is the whole name
        return re.sub(r"\\(\d)", lambda part: name if part[1] == "0" else match[int(part[1])] or "", star.named)
    return f"{star.prefix}{dict(star.renamed).get(name, name)}{star.suffix}"


def _asked(open_star: OpenStar, name: str) -> list[tuple[Star, Found]]:
    """What an open star's inputs answer when asked for the column that it shows as ``name``."""
    star = open_star.star
    renamed = {new: old for old, new in star.renamed}
    wanted = renamed.get(name, name.removeprefix(star.prefix).removesuffix(star.suffix))
    if shown_as(star, wanted) != name:
        return []
    answers = [(source, found) for source in open_star.inputs if (found := source.find(wanted)) is not None]
    one = merged(answers, wanted) if len(answers) > 1 and not star.input else None  # a join b using (id): one id
    return [(star, one)] if one is not None else [(star, found) for _, found in answers]


def _star_items(sources: Sequence[Source], *, merge: bool) -> list[tuple[str, Found]]:
    """The columns of a star in order; what a USING or NATURAL join merges stands once, with the value that it has then."""
    if len(sources) == 1:
        return list(sources[0].listed())
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
