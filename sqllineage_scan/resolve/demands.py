"""Columns that somebody reads and nobody lists: asked of whoever makes the dataset, down to the sources, and passed on."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqllineage_scan.domain.bound import BoundUse, RelationColumn
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.resolve.bind import UnitBinder
    from sqllineage_scan.resolve.catalog import Catalog
    from sqllineage_scan.resolve.inputs import Draft
    from sqllineage_scan.resolve.writes import Target

_CANDIDATE = EvidenceKind.CANDIDATE


def answer_demands(binders: Sequence[UnitBinder], targets: Sequence[Sequence[Target]], catalog: Catalog) -> None:
    """Columns that are read from a dataset whose list is open are asked of whoever makes that dataset, and so on down to the
    sources; then what became known flows on through the stars that read it.

    What is read for certain comes first. A column that is only a candidate somewhere may not exist:
        select email from accounts join contacts …      accounts.email or contacts.email; and if accounts is
        select * from raw.accounts                      raw.accounts.email -> accounts.email is as doubtful as that
    """
    demands = _Demands(catalog)
    for binder, made in zip(binders, targets, strict=True):
        for target in made:
            demands.producers.setdefault(target.dataset, []).append((binder, target))
    for binder, made in zip(binders, targets, strict=True):
        if binder.demands:
            doubts = _doubts(binder, {target.write.relation for target in made})
            for column in binder.demands:
                demands.put(column, doubts.get(column))
            binder.demands.clear()
    demands.answer()
    for binder, made in zip(binders, targets, strict=True):
        for target in made:
            for name in target.offered(binder):
                demands.put(ColumnId(target.dataset, name), None)
        demands.answer()


class _Demands:
    """What is still to be asked: the certain before the doubtful."""

    def __init__(self, catalog: Catalog) -> None:
        self.producers: dict[DatasetId, list[tuple[UnitBinder, Target]]] = {}
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

    def _ask(self, column: ColumnId, doubt: Evidence | None) -> None:
        if column in self._answered:
            return
        self._answered.add(column)
        schema = self._catalog.schema(column.dataset)
        schema.see(column.column)
        if doubt is not None:
            schema.doubts[column.column] = doubt
        for binder, target in self.producers.get(column.dataset, ()):
            target.ask(binder, column.column, doubt)
            for more in binder.demands:
                self.put(more, doubt)
            binder.demands.clear()


def _doubts(binder: UnitBinder, written: set[int | None]) -> dict[ColumnId, Evidence]:
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
