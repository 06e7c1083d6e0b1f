"""Columns that somebody reads and nobody lists: asked of whoever makes the dataset, down to the sources, and passed on."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.resolve.stale import StaleError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqllineage_scan.domain.bound import BoundUse, RelationColumn
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.resolve.bind import UnitBinder
    from sqllineage_scan.resolve.catalog import Catalog
    from sqllineage_scan.resolve.inputs import Draft
    from sqllineage_scan.resolve.participant import Participant

_CANDIDATE = EvidenceKind.CANDIDATE


def answer_demands(units: Sequence[Participant], catalog: Catalog) -> set[int]:
    """Columns that are read from a dataset whose list is open are asked of whoever makes that dataset, and so on down to the
    sources; then what became known flows on through the stars that read it. Returned: the numbers of kept units that cannot
    say what they are asked; with any of those nothing holds.

    What is read for certain comes first. A column that is only a candidate somewhere may not exist:
        select email from accounts join contacts …      accounts.email or contacts.email; and if accounts is
        select * from raw.accounts                      raw.accounts.email -> accounts.email is as doubtful as that
    """
    demands = _Demands(units, catalog)
    for unit in units:
        for column, doubt in unit.demands():
            demands.put(column, doubt)
    demands.answer()
    for number, unit in enumerate(units):
        for target, dataset in enumerate(unit.targets()):
            for name in demands.offered(number, target):
                demands.put(ColumnId(dataset, name), None)
        demands.answer()
    return demands.stale


class _Demands:
    """What is still to be asked: the certain before the doubtful."""

    def __init__(self, units: Sequence[Participant], catalog: Catalog) -> None:
        self.stale: set[int] = set()
        self._units = units
        self._producers: dict[DatasetId, list[tuple[int, int]]] = {}  # numbers of units and of their targets
        for number, unit in enumerate(units):
            for target, dataset in enumerate(unit.targets()):
                self._producers.setdefault(dataset, []).append((number, target))
        self._catalog = catalog
        self._certain: deque[ColumnId] = deque()
        self._doubtful: deque[tuple[ColumnId, Evidence]] = deque()
        self._answered: set[ColumnId] = set()

    def put(self, column: ColumnId, doubt: Evidence | None) -> None:
        if doubt is None:
            self._certain.append(column)
        else:
            self._doubtful.append((column, doubt))

    def answer(self) -> None:
        """Ask for everything, and for what comes of it."""
        while self._certain or self._doubtful:
            if self._certain:
                self._ask(self._certain.popleft(), None)
            else:
                self._ask(*self._doubtful.popleft())

    def offered(self, number: int, target: int) -> Sequence[str]:
        try:
            return self._units[number].offered(target)
        except StaleError:
            self.stale.add(number)
            return ()

    def _ask(self, column: ColumnId, doubt: Evidence | None) -> None:
        if column in self._answered:
            return
        self._answered.add(column)
        schema = self._catalog.schema(column.dataset)
        schema.see(column.column)
        if doubt is not None:
            schema.doubts[column.column] = doubt
        for number, target in self._producers.get(column.dataset, ()):
            try:
                for more in self._units[number].ask(target, column.column, doubt):
                    self.put(more, doubt)
            except StaleError:
                self.stale.add(number)


def doubts_of(binder: UnitBinder, written: set[int | None]) -> dict[ColumnId, Evidence]:
    """The columns that a unit reads as candidates only, each with the choice it is part of."""
    drafts = [draft for draft in binder.drafts if draft is not None]
    if not any(_choice(use) for draft in drafts for use in (*draft.influences, *_used(draft))):
        return {}
    pending = [use for draft in drafts for use in draft.influences]
    for draft in drafts:
        if draft.number in written or not draft.open:  # an open relation has columns only because they were asked for
            pending.extend(_used(draft))
    certain: set[ColumnId | RelationColumn] = set()
    doubtful: list[tuple[BoundUse, Evidence]] = []
    while pending:
        use = pending.pop()
        choice = _choice(use)
        if choice is not None:
            doubtful.append((use, choice))
            continue
        fresh = [origin for origin in use.origins if origin not in certain]
        certain.update(fresh)
        pending.extend(inner for origin in fresh for inner in _uses(binder, origin))
    found: dict[ColumnId, Evidence] = {}
    seen: set[ColumnId | RelationColumn] = set()
    while doubtful:
        use, choice = doubtful.pop()
        for origin in use.origins:
            if origin in certain or origin in seen:
                continue
            seen.add(origin)
            if isinstance(origin, ColumnId):
                found[origin] = choice
            doubtful.extend((inner, choice) for inner in _uses(binder, origin))
    return found


def _used(draft: Draft) -> Iterator[BoundUse]:
    return (use for column in draft.columns for use in column.uses)


def _choice(use: BoundUse) -> Evidence | None:
    """The choice that a use is part of."""
    for item in use.evidence:
        if item.kind is _CANDIDATE:
            return item
    return None


def _uses(binder: UnitBinder, origin: ColumnId | RelationColumn) -> Sequence[BoundUse]:
    if isinstance(origin, ColumnId):
        return ()
    draft = binder.drafts[origin[0]]
    return draft.columns[origin[1]].uses if draft is not None else ()
