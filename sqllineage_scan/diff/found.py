"""What differs: changes of a dataset's own, and what follows from a change upstream without anybody touching it.

select * from orders           a column more in orders is a column more here: that is no change of its own
insert into t select * from s  … and here every column behind it gets another value
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.diff.names import Names, match_columns, match_datasets
from sqllineage_scan.diff.order import sources_first
from sqllineage_scan.diff.wording import cast_of, kind_of, reads_changed, rules_changed
from sqllineage_scan.domain.change import ChangeKind, State
from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.diff.side import Side
    from sqllineage_scan.domain.definition import Form
    from sqllineage_scan.domain.names import DatasetId


class Difference(NamedTuple):
    """One thing that differs. ``old`` and ``new`` are what base and head call it, None where they have it not; ``forms``: of a
    value or of rows, before and after, in head's names.
    """

    kind: ChangeKind
    old: ColumnId | DatasetId | None
    new: ColumnId | DatasetId | None
    before: State | None
    after: State | None
    details: tuple[str, ...] = ()
    forms: tuple[Form | None, Form | None] = (None, None)

    @property
    def subject(self) -> ColumnId | DatasetId:
        found = self.new if self.new is not None else self.old
        assert found is not None
        return found


@dataclass(slots=True)
class Found:
    """``own``: changes. ``inherited``: differences that come of changes upstream, each with the numbers of those in ``own``."""

    names: Names
    own: list[Difference] = field(default_factory=list)
    inherited: list[tuple[Difference, frozenset[int]]] = field(default_factory=list)


def find_differences(base: Side, head: Side) -> Found:
    finder = _Finder(base, head, match_datasets(base, head))
    olds = {new: old for old, new in finder.names.datasets.items()}
    for dataset in sources_first(head.graph):
        if dataset in olds:
            finder.pair(olds[dataset], dataset)
        elif dataset in head.defined:
            finder.note(Difference(ChangeKind.ADDED, None, dataset, None, kind_of(head, dataset)))
    for dataset in sorted(base.defined):
        other = finder.names.ghosts.get(dataset)
        if other in head.defined and other is not None:
            spans = base.datasets[dataset].span, head.datasets[other].span
            states = State(str(dataset), spans[0]), State(str(other), spans[1])
            finder.note(Difference(ChangeKind.RENAMED, dataset, other, *states))
        elif dataset not in finder.names.datasets:
            finder.note(Difference(ChangeKind.REMOVED, dataset, None, kind_of(base, dataset), None))
    finder.settle()
    return finder.found


class _Finder:
    def __init__(self, base: Side, head: Side, names: Names) -> None:
        self.base, self.head, self.names = base, head, names
        self.found = Found(names)
        self._waiting: list[tuple[DatasetId, Difference]] = []  # that may follow from something upstream
        self._of_column: dict[ColumnId, frozenset[int]] = {}  # the changes that made a column come, go or have another name
        self._was: dict[ColumnId, str] = {}  # renamed columns, by what they are called now
        self._of_list: dict[DatasetId, frozenset[int]] = {}  # … and those that made a dataset's list of columns another one

    def note(self, difference: Difference) -> None:
        """A change of its own."""
        self.found.own.append(difference)
        self._remember(difference, frozenset({len(self.found.own) - 1}))

    def pair(self, old: DatasetId, new: DatasetId) -> None:
        """One dataset, before and after."""
        was, is_ = old in self.base.defined, new in self.head.defined
        if was and not is_:  # nothing makes it any more, and somebody still reads it
            self.note(Difference(ChangeKind.REMOVED, old, None, kind_of(self.base, old), None))
            return
        if is_ and not was:
            self.note(Difference(ChangeKind.ADDED, None, new, None, kind_of(self.head, new)))
        if old != new:
            span = (self.base.datasets[old].span, self.head.datasets[new].span)
            self.note(Difference(ChangeKind.RENAMED, old, new, State(str(old), span[0]), State(str(new), span[1])))
        if old == new and self.head.touched is not None and new not in self.head.touched:
            before, after = kind_of(self.base, old), kind_of(self.head, new)
            if was and before.text != after.text:
                self.note(Difference(ChangeKind.KIND_CHANGED, old, new, before, after))
            return
        renamed = match_columns(self.base, self.head, (old, new), self.names)
        self._was |= {ColumnId(new, now): name for name, now in renamed.items()}
        if not (was and is_):
            return
        before, after = kind_of(self.base, old), kind_of(self.head, new)
        if before.text != after.text:
            self.note(Difference(ChangeKind.KIND_CHANGED, old, new, before, after))
        self._columns(old, new, renamed)
        self._order(old, new)
        self._rows(old, new)

    def _columns(self, old: DatasetId, new: DatasetId, renamed: dict[str, str]) -> None:
        before, after = self.base.names(old), self.head.names(new)
        for name in before:
            column = ColumnId(old, name)
            if name in after or name in renamed:
                self._value(column, ColumnId(new, renamed.get(name, name)))
            elif self.head.complete(new):
                form = self._in_head(self.base.form(column))
                gone = Difference(ChangeKind.REMOVED, column, None, self.base.expression(column), None, forms=(form, None))
                self._put(old, new, gone)
        taken = set(renamed.values())
        for name in after:
            column = ColumnId(new, name)
            if name not in before and name not in taken and self.base.complete(old):
                form = self.head.form(column)
                fresh = Difference(ChangeKind.ADDED, None, column, None, self.head.expression(column), forms=(None, form))
                self._put(old, new, fresh)

    def _value(self, old: ColumnId, new: ColumnId) -> None:
        forms = self._in_head(self.base.form(old)), self.head.form(new)
        pair = (old.dataset, new.dataset)
        if old.column != new.column:
            states = State(old.column, self.base.expression(old).span), State(new.column, self.head.expression(new).span)
            self._put(*pair, Difference(ChangeKind.RENAMED, old, new, *states, forms=forms))
        types = self._type(self.base, old), self._type(self.head, new)
        if types[0] is not None and types[1] is not None and types[0].text != types[1].text:
            self._put(*pair, Difference(ChangeKind.RETYPED, old, new, *types))
            return
        if forms[0] == forms[1] or (forms[0] is None and self.base.definitions.get(old.dataset) is None):
            return
        if forms[1] is None and self.head.definitions.get(new.dataset) is None:
            return
        if forms[0] is None:  # somebody read it, and nothing made it
            fresh = Difference(ChangeKind.ADDED, None, new, None, self.head.expression(new), forms=(None, forms[1]))
            self._put(*pair, fresh)
            return
        if forms[1] is not None and self._follows_rows(old.dataset, new.dataset, forms[0], forms[1]):
            return
        states = self.base.expression(old), self.head.expression(new)
        casts = cast_of(states[0].text), cast_of(states[1].text)
        if casts[0].value == casts[1].value and casts[0].type != casts[1].type:
            was, now = (State(cast.type or "no cast", state.span) for cast, state in zip(casts, states, strict=True))
            self._put(*pair, Difference(ChangeKind.RETYPED, old, new, was, now, forms=forms))
            return
        details = reads_changed(*forms) if states[0].text == states[1].text else ()
        self._put(*pair, Difference(ChangeKind.REDEFINED, old, new, *states, details, forms))

    def _follows_rows(self, old: DatasetId, new: DatasetId, before: Form, after: Form) -> bool:
        """The same value of another dataset, where the rows are of that one now: ``select * from a`` became ``select * from b``.
        That the rows are others says so for all columns at once.
        """
        one, other = self.base.definitions.get(old), self.head.definitions.get(new)
        if one is None or other is None or before.shape != after.shape or len(before.reads) != len(after.reads):
            return False
        was, now = set(self.names.form(one.rows).reads), set(other.rows.reads)
        return all(
            first == second
            or (
                isinstance(first, ColumnId)
                and isinstance(second, ColumnId)
                and first.column == second.column
                and first.dataset in was - now
                and second.dataset in now - was
            )
            for first, second in zip(before.reads, after.reads, strict=True)
        )

    def _type(self, side: Side, column: ColumnId) -> State | None:
        found = side.column(column)
        if found is None or found.type is None:
            return None
        dataset = side.datasets[column.dataset]
        return State(" ".join(found.type.lower().split()), side.expression(column).span or dataset.span)

    def _order(self, old: DatasetId, new: DatasetId) -> None:
        if not (self.base.complete(old) and self.head.complete(new)):
            return
        after = self.head.names(new)
        mapped = [self.names.columns.get(ColumnId(old, name)) for name in self.base.names(old)]
        before = [column.column for column in mapped if column is not None and column.dataset == new]
        kept = [name for name in after if name in set(before)]
        if before != kept:
            spans = self.base.datasets[old].span, self.head.datasets[new].span
            states = State(", ".join(before), spans[0]), State(", ".join(kept), spans[1])
            self._put(old, new, Difference(ChangeKind.REORDERED, old, new, *states))

    def _rows(self, old: DatasetId, new: DatasetId) -> None:
        one, other = self.base.definitions.get(old), self.head.definitions.get(new)
        if one is None or other is None:
            return
        forms = self.names.form(one.rows), other.rows
        if forms[0] == forms[1]:
            return
        before, after, details = rules_changed(one, other, self.names)
        spans = self.base.datasets[old].span, self.head.datasets[new].span
        states = before or State("", spans[0]), after or State("", spans[1])
        self._put(old, new, Difference(ChangeKind.ROWS_CHANGED, old, new, *states, details, forms))

    def _in_head(self, form: Form | None) -> Form | None:
        return None if form is None else self.names.form(form)

    def _put(self, old: DatasetId, new: DatasetId, difference: Difference) -> None:
        """Where the statements are what they were, word for word, it may come from upstream."""
        one, other = self.base.definitions.get(old), self.head.definitions.get(new)
        if one is not None and other is not None and one.words and one.words == other.words:
            causes = self._causes(new, difference)
            if causes:
                self.found.inherited.append((difference, causes))
                self._remember(difference, causes)
                return
            self._waiting.append((new, difference))
            return
        lost = self._lost(difference, frozenset(other.missing if other is not None else ()))
        if lost:
            self.found.inherited.append((difference, lost))
        else:
            self.note(difference)

    def _lost(self, difference: Difference, missing: frozenset[str]) -> frozenset[int]:
        """The changes that took away what it still reads, though its statements were touched too."""
        before = difference.forms[0]
        reads = before.reads if before is not None and missing else ()
        gone = [read for read in reads if isinstance(read, ColumnId) and self._was.get(read, read.column) in missing]
        return self._all(self._of_column.get(read) for read in gone)

    def settle(self) -> None:
        """What waited for a cause that came later, and else is a change of its own: a variable, a column of a YAML file."""
        for dataset, difference in self._waiting:
            causes = self._causes(dataset, difference)
            if causes:
                self.found.inherited.append((difference, causes))
                self._remember(difference, causes)
            else:
                self.note(difference)
        self._waiting.clear()

    def _remember(self, difference: Difference, causes: frozenset[int]) -> None:
        """For those downstream."""
        whole = not isinstance(difference.subject, ColumnId)
        if difference.kind not in _OF_LISTS or (whole and difference.kind is ChangeKind.ADDED):
            return
        for subject in (difference.old, difference.new):
            if subject is None:
                continue
            seen = self.names.read(subject)
            if isinstance(subject, ColumnId) and isinstance(seen, ColumnId):
                for column in {subject, seen}:
                    self._of_column[column] = self._of_column.get(column, frozenset()) | causes
                dataset = seen.dataset
            else:
                assert not isinstance(seen, ColumnId)
                dataset = seen
            self._of_list[dataset] = self._of_list.get(dataset, frozenset()) | causes

    def _causes(self, dataset: DatasetId, difference: Difference) -> frozenset[int]:
        """The changes upstream that a difference follows from: those of the columns that it read or reads, if any of them has
        come, gone, or got another name; else those of the lists of columns that its statements see.
        """
        before, after = difference.forms
        reads = {read for form in (before, after) if form is not None for read in form.reads}
        if before is not None and after is not None:
            reads = set(before.reads) ^ set(after.reads) or reads
        exact = self._all(self._of_column.get(read) for read in reads if isinstance(read, ColumnId))
        if exact:
            return exact
        lists = [self._of_list.get(read.dataset) for read in reads if isinstance(read, ColumnId)]
        lists += [self._of_list.get(edge.source) for edge in self.head.dataset_edges_into.get(dataset, ())]
        return self._all(lists)

    @staticmethod
    def _all(causes: Iterable[frozenset[int] | None]) -> frozenset[int]:
        return frozenset().union(*(each for each in causes if each is not None))


_OF_LISTS = frozenset({ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.RENAMED, ChangeKind.REORDERED})
