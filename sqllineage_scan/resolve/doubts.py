"""Which of the columns that a unit reads and nobody lists may be another input's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqllineage_scan.domain.bound import BoundUse, RelationColumn
    from sqllineage_scan.resolve.bind import UnitBinder
    from sqllineage_scan.resolve.inputs import Draft

_CANDIDATE = EvidenceKind.CANDIDATE


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
