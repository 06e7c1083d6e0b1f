"""Breaks that somebody meant, and said so in the code:  -- lineage: allow-break amount "moved to tax mart"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqllineage_scan.domain.change import Effect
from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.diff.side import Side
    from sqllineage_scan.domain.acknowledgement import Acknowledgement
    from sqllineage_scan.domain.change import Change
    from sqllineage_scan.domain.names import DatasetId


def acknowledged(changes: Iterable[Change], base: Side, head: Side) -> tuple[list[Change], tuple[Acknowledgement, ...]]:
    """The changes, each with the acknowledgement that is meant for it; and those that nothing needs (any more)."""
    said = head.graph.acknowledgements
    used: set[Acknowledgement] = set()
    found = []
    for change in changes:
        match = next((item for item in said if _means(item, change, base, head)), None) if _needs(change) else None
        if match is not None:
            used.add(match)
        found.append(change if match is None else replace(change, acknowledged=match))
    return found, tuple(item for item in said if item not in used)


def _needs(change: Change) -> bool:
    return change.effect in (Effect.BREAKING, Effect.REVIEW)


def _means(item: Acknowledgement, change: Change, base: Side, head: Side) -> bool:
    """``amount`` in the file of what has, or had, that column, or of somebody who reads it; ``orders.amount`` and ``orders``
    likewise, and in any file where the whole name is given.
    """
    subject = change.subject
    names = str(subject).lower().split(".")
    wanted = item.subject.lower().strip("`\"'").split(".")
    if names[-len(wanted) :] != wanted:
        return False
    if len(wanted) == len(names):
        return True
    dataset = subject.dataset if isinstance(subject, ColumnId) else subject
    paths = _paths(base, dataset) | _paths(head, dataset)
    if change.before is not None and change.before.span is not None:
        paths.add(change.before.span.path)
    paths |= {reader.span.path for reader in change.impact.readers if reader.span is not None}
    return item.span.path in paths


def _paths(side: Side, dataset: DatasetId) -> set[str]:
    found = side.datasets.get(dataset)
    paths = {found.span.path} if found is not None and found.span is not None else set()
    return paths | {job.span.path for job in side.graph.jobs if dataset in job.writes}
