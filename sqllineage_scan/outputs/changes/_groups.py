"""Columns of one dataset with which the same happened, to the same readers, are told together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.change import Change


def grouped(changes: Iterable[Change]) -> list[list[Change]]:
    """In the order of the first of each; whatever is acknowledged has its own reason and stands alone."""
    groups: dict[object, list[Change]] = {}
    for number, change in enumerate(changes):
        key: object = number
        if isinstance(change.subject, ColumnId) and change.acknowledged is None:
            readers = tuple((reader.kind, reader.name, reader.effect) for reader in change.impact.readers)
            key = (change.subject.dataset, change.kind, change.effect, readers)
        groups.setdefault(key, []).append(change)
    return list(groups.values())


def other_columns(alike: Iterable[Change]) -> list[str]:
    """The names of all but the first."""
    return [change.subject.column for change in list(alike)[1:] if isinstance(change.subject, ColumnId)]
