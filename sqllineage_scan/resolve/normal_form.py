"""Definitions of what a unit writes: normal forms with the columns put in that their places mean.

with s as (select id, a + b as x from t where live) select sum(c.x) as total from s as c

total   sum(add(?0,?1))   t.a, t.b        however s and c are called, and whether s is a CTE at all
rows    filter ?0         t.live          from t
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.bound import ITEM
from sqllineage_scan.domain.definition import (
    ColumnForm,
    Definition,
    Form,
    RowRule,
    composed,
    digest,
    in_any_order,
    joined,
    unmarked,
)
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import BESIDE, CLOSE, OPEN, PLACE, STEP, SetOperator
from sqllineage_scan.resolve.instances import Instances

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqllineage_scan.domain.bound import BoundColumn, BoundUse, RelationColumn
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.unit import Clause
    from sqllineage_scan.resolve.bind import UnitBinder
    from sqllineage_scan.resolve.inputs import Draft
    from sqllineage_scan.resolve.writes import Target

_DEEP = 100  # relations, above which none is worked out from inside another
_INNER = "inner"
_BEGIN = (PLACE, OPEN)
_MARKS = re.compile(f"([{PLACE}{OPEN}{BESIDE}{CLOSE}])")  # texts at even places, marks at odd ones
_ITSELF = Form("itself")  # of a recursive query inside itself

Named = tuple["ColumnId | RelationColumn", tuple[str, ...]]
Places = dict[tuple[str, ...], dict[Named, None]]
"""What names mean: columns, each with the names that it was found by."""


class _Context(NamedTuple):
    """What places mean in a text of ``relation``; of the item ``own`` of its list, if it is one."""

    places: Places
    relation: int
    own: int | None
    uses: Sequence[BoundUse]


class NormalForms:
    """The forms of one unit, each worked out once, after everything in it is bound."""

    def __init__(self, binder: UnitBinder) -> None:
        self._unit = binder.unit
        self._drafts = binder.drafts
        self._instances = Instances(binder.drafts, binder.relations)
        self._columns: dict[RelationColumn, Form] = {}
        self._rows: dict[int, Form] = {}
        self._places: dict[int, Places] = {}
        self._clauses: dict[tuple[int, int], Form] = {}
        self._missing: set[str] = set()
        if len(self._drafts) > _DEEP:
            for number, draft in enumerate(self._drafts):
                if draft is not None:
                    self.rows(number)
                    for position in range(len(draft.columns)):
                        self.column(number, position)

    def definition(self, target: Target) -> Definition:
        write, unit = target.write, self._unit
        beside = [clause for clause in unit.clauses if clause.normal]
        if write.relation is None:
            return Definition(Form(digest(unit.fingerprint)), words=digest(unit.fingerprint))
        places = self._all_places(write.relation)
        said = [self._filled(clause.normal, places, write.relation) for clause in beside]
        when = f"when {unmarked(unit.condition)}" if unit.condition else ""
        flags = " ".join(flag for flag in ("schema" if write.schema_only else "", when) if flag)
        rows = self.rows(write.relation)
        whole = joined("write", flags, [rows, *said]) if said or flags else rows
        columns = tuple(self._named(name, write.relation, position) for name, position in target.columns)
        rules = tuple(self._rules(write.relation))
        return Definition(whole.compact(), columns, rules, tuple(sorted(self._missing)), digest(unit.fingerprint))

    def _named(self, name: str, relation: int, position: int) -> ColumnForm:
        column = self._draft(relation).columns[position]
        form = self.column(relation, position)
        short = form.compact()
        return ColumnForm(name, short) if form.reads else ColumnForm(name, short, column.expression, column.span)

    def _draft(self, number: int) -> Draft:
        draft = self._drafts[number]
        assert draft is not None
        return draft

    # Columns

    def column(self, relation: int, position: int) -> Form:
        key = (relation, position)
        known = self._columns.get(key)
        if known is None:
            self._columns[key] = _ITSELF
            column = self._draft(relation).columns[position]
            known = self._columns[key] = self._of_column(column, relation, position)
        return known

    def _of_column(self, column: BoundColumn, relation: int, position: int) -> Form:
        if column.normal:
            return self._filled(column.normal, _places(column.uses), relation, own=position, all_of=column.uses)
        if len(column.uses) == 1 and _only_passes_on(column.uses[0]):  # nearly always
            return self._origin(column.uses[0].origins[0], column.uses[0].written, relation)
        if column.uses and all(use.subtype is Subtype.IDENTITY and not use.masking for use in column.uses):
            if any(use.rows_of is not None for use in column.uses):
                return joined("only", "", [self._use(use, relation) for use in column.uses])
            return self._either(_places(column.uses, under=()).get((), ()), relation)
        said = unmarked(" ".join(column.expression.lower().split()))
        if not column.uses:  # a bare column that nothing has
            self._missing.add(said.rpartition(".")[2].strip('"`[]'))
        return joined("of", said, [self._use(use, relation) for use in column.uses])

    def _either(self, origins: Iterable[Named], relation: int) -> Form:
        """A place with several origins: the arms of a UNION, the key of a FULL JOIN, candidates."""
        forms = [self._origin(origin, written, relation) for origin, written in origins]
        return forms[0] if len(forms) == 1 else joined("either", "", forms)

    def _origin(self, origin: ColumnId | RelationColumn, written: tuple[str, ...], relation: int) -> Form:
        form = Form("?", (origin,)) if isinstance(origin, ColumnId) else self.column(*origin)
        draft = self._drafts[relation]
        if draft is not None and len(draft.sources) == 1 and not draft.relation.nested:
            return form  # there is but one input
        mark = self._instances.mark(relation, written, origin)
        return form if not mark else joined("at", mark, [form])

    def _use(self, use: BoundUse, relation: int) -> Form:
        """A use that no place of the text stands for."""
        forms = [self._origin(origin, use.written, relation) for origin in use.origins]
        rows = [self.rows(use.rows_of)] if use.rows_of is not None else []
        return joined("use", f"{use.subtype}{' masked' if use.masking else ''}", [*forms, *rows])

    # A normal form, its places filled

    def _filled(
        self, normal: str, places: Places, relation: int, *, own: int | None = None, all_of: Sequence[BoundUse] = ()
    ) -> Form:
        """``own``: the item that the text is of. ``all_of``: uses that must be in the form, by a place or behind it."""
        form = self._of_text(normal, _Context(places, relation, own, all_of or self._draft(relation).influences))
        if not all_of:
            return form
        names = {tuple(name.split(STEP)) for name in normal.split(PLACE)[1::2]}
        queries = self._queries(names, relation)
        rest = [use for use in all_of if use.written not in names and use.written != (ITEM,) and not _inside(use, queries)]
        return composed(["", ";" * len(rest)], [form], [self._use(use, relation) for use in rest]) if rest else form

    def _of_text(self, text: str, context: _Context) -> Form:
        """Texts between places, and between groups of parts whose order does not matter."""
        return self._sequence(_MARKS.split(text), 0, context)[0]

    def _sequence(self, cut: Sequence[str], at: int, context: _Context) -> tuple[Form, int]:
        """From the text at ``at`` to the mark that ends its part of a group, or to the end."""
        pieces, forms = [cut[at]], []
        at += 1
        while at < len(cut) and cut[at] in _BEGIN:
            if cut[at] == PLACE:
                forms.append(self._place(tuple(cut[at + 1].split(STEP)), context))
                at += 3
            else:
                parts = []
                while cut[at] != CLOSE:
                    form, at = self._sequence(cut, at + 1, context)
                    parts.append(form)
                forms.append(joined("", "", in_any_order(parts)))
                at += 1
            pieces.append(cut[at])
            at += 1
        return forms[0] if pieces == ["", ""] else composed(pieces, forms, ()), at

    def _queries(self, names: Iterable[tuple[str, ...]], relation: int) -> set[int]:
        """The subqueries among the places of a text."""
        moved = self._draft(relation).relation.moved
        return {int(name[1]) + moved for name in names if name[0] == "" and name[-1].isdigit()}

    def _place(self, key: tuple[str, ...], context: _Context) -> Form:
        places, relation, own, uses = context
        if key[0] == "" and key[-1].isdigit():
            return self._query(int(key[-1]) + self._draft(relation).relation.moved, uses)
        found = places.get(key)
        if found:
            return self._either(found, relation)
        draft = self._draft(relation)
        item = draft.index.get(key[0])
        if item is not None and item != own and found is None:
            form = self.column(relation, item)
            return form if len(key) == 1 else joined("field", ".".join(key[1:]), [form])
        self._missing.add(key[-1])
        return Form(".".join(key))

    def _query(self, number: int, uses: Iterable[BoundUse]) -> Form:
        """A subquery: its rows, and its values but inside EXISTS."""
        draft = self._drafts[number] if number < len(self._drafts) else None
        if draft is None:
            return Form("unused")
        rows_only = any(use.rows_of == number and not use.origins for use in uses)
        values = [] if rows_only else [self.column(number, position) for position in range(len(draft.columns))]
        return joined("query", "", [self.rows(number), *values])

    # Rows

    def rows(self, relation: int) -> Form:
        known = self._rows.get(relation)
        if known is None:
            self._rows[relation] = _ITSELF
            draft = self._drafts[relation]
            known = self._rows[relation] = Form("unused") if draft is None else self._of_rows(draft)
        return known

    def _of_rows(self, draft: Draft) -> Form:
        relation = draft.relation
        if relation.branches:
            return self._of_branches(draft)
        sources = [self._source(draft, number) for number in range(len(draft.sources))]
        if relation.anchor is not None:
            sources = [self.rows(read.source) for read in draft.reads if isinstance(read.source, int)]
        if relation.clauses is None:
            return joined("words", self._unit.fingerprint, sources)
        if len(sources) == 1 and not relation.clauses and not relation.distinct:
            return sources[0]
        plain = all(clause.normal == _INNER for clause in relation.clauses if clause.kind == "join")
        conditions: list[Form] = []
        order: list[Form] = []
        for position, clause in enumerate(relation.clauses):
            form = self._clause(draft, position, clause)
            of = min(clause.of, len(sources) - 1)  # behind a PIVOT all that stands before it is one input
            if clause.kind == "join" and of >= 0:
                sources[of] = sources[of] if plain else joined("join", "", [form, sources[of]])
            elif clause.kind == "from" and of >= 0:
                sources[of] = joined("from", "", [form, sources[of]])
            elif clause.kind == "on" and of >= 0 and not plain:
                sources[of] = joined("on", "", [sources[of], form])
            else:
                kind = "filter" if clause.kind == "on" else clause.kind
                (order if kind == "order by" else conditions).append(joined(kind, "", [form]))
        unsaid = self._unsaid(draft, relation.clauses)
        distinct = "distinct" if relation.distinct else ""
        among = in_any_order(sources) if plain else sources
        return joined("select", distinct, [*among, *in_any_order(conditions), *order, *unsaid])

    def _clause(self, draft: Draft, position: int, clause: Clause) -> Form:
        key = (draft.number, position)
        known = self._clauses.get(key)
        if known is None:
            known = self._clauses[key] = self._filled(clause.normal, self._all_places(draft.number), draft.number)
        return known

    def _of_branches(self, draft: Draft) -> Form:
        relation = draft.relation
        rows = [self.rows(branch) for branch in relation.branches]
        said = f"{relation.operator} {'distinct' if relation.distinct else ''} {'by name' if relation.by_name else ''}"
        if relation.operator is SetOperator.UNION:
            return joined("set", said, in_any_order(rows))
        compared = [
            self.column(branch, position)
            for branch in relation.branches[1:]
            for position in range(len(self._draft(branch).columns))
        ]
        return joined("set", said, [*rows, *compared])

    def _source(self, draft: Draft, number: int) -> Form:
        source = draft.sources[number]
        inner = getattr(source, "draft", None)
        if inner is not None:
            return self.rows(inner.number)
        datasets: tuple[DatasetId, ...] = getattr(source, "meaning").datasets  # noqa: B009 -- the other kind of source
        return Form("?", datasets[:1]) if len(datasets) == 1 else joined("one of", "", [Form("?", (each,)) for each in datasets])

    def _unsaid(self, draft: Draft, clauses: Sequence[Clause]) -> list[Form]:
        """Influences that no clause has a place for: the keys of USING, arguments of a function seen through."""
        names = {tuple(name.split(STEP)) for clause in clauses for name in clause.normal.split(PLACE)[1::2]}
        queries = self._queries(names, draft.number)
        rest = [
            use for use in draft.influences if use.written not in names and use.written != (ITEM,) and not _inside(use, queries)
        ]
        return [self._use(use, draft.number) for use in dict.fromkeys(rest)]

    def _all_places(self, relation: int) -> Places:
        """What names mean in the clauses of a relation; for ``group by 1`` also what they mean in its list."""
        known = self._places.get(relation)
        if known is None:
            draft = self._draft(relation)
            in_list = _places(use for column in draft.columns for use in column.uses)
            known = self._places[relation] = {**in_list, **_places(draft.influences)}
        return known

    def _rules(self, start: int) -> list[RowRule]:
        """The clauses of a relation and of all that its rows come from, the outermost first."""
        found: dict[RowRule, None] = {}
        pending, seen = [start], {start}
        while pending:
            draft = self._drafts[pending.pop()]
            if draft is None:
                continue
            for position, clause in enumerate(draft.relation.clauses or ()):
                if clause.kind != "join" or clause.normal != _INNER or clause.of > 0:
                    form = self._clause(draft, position, clause)
                    if clause.kind == "join" and draft.sources:
                        form = joined("join", "", [form, self._source(draft, min(clause.of, len(draft.sources) - 1))])
                    found.setdefault(RowRule(clause.kind, clause.text, form.compact(), clause.span))
            if draft.relation.distinct:
                found.setdefault(RowRule("distinct", "DISTINCT", Form("distinct")))
            inner = [*draft.relation.branches, *(read.source for read in draft.reads if isinstance(read.source, int))]
            inner += [use.rows_of for use in draft.influences if use.rows_of is not None]
            for number in inner:
                if number not in seen:
                    seen.add(number)
                    pending.append(number)
        return list(found)


def _places(uses: Iterable[BoundUse], under: tuple[str, ...] | None = None) -> Places:
    """The columns of ``uses`` by the names that stand for them, or all together."""
    found: Places = {}
    for use in uses:
        place = found.setdefault(use.written if under is None else under, {})
        for origin in use.origins:
            place[origin, use.written] = None
    return found


def _only_passes_on(use: BoundUse) -> bool:
    return use.subtype is Subtype.IDENTITY and not use.masking and use.rows_of is None and len(use.origins) == 1


def _inside(use: BoundUse, queries: set[int]) -> bool:
    """Whether a use is a value, or the rows, of a subquery that has a place."""
    if use.rows_of is not None:
        return use.rows_of in queries
    return bool(use.origins) and all(not isinstance(origin, ColumnId) and origin[0] in queries for origin in use.origins)
