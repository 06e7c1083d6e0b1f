"""What became of the parts of a comparison, as numbers for shards and in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.change import ChangeKind
from sqllineage_scan.domain.mark import Mark
from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from sqllineage_scan.domain.change import Change, State

MARKS = ["", *(mark.value for mark in Mark)]  # by number, as the shards have them


def told(change: Change) -> dict[str, Any]:
    """One change in words, for pages and for the graph's panel."""
    column = change.subject.column if isinstance(change.subject, ColumnId) else ""
    return {
        "kind": change.kind.value.replace("_", " "),
        "mark": _MARK_OF.get(change.kind, Mark.CHANGED).value,
        "column": column,
        "effect": change.effect.value.replace("_", " "),
        "why": change.why,
        "before": _text(change.before),
        "after": _text(change.after),
        "details": list(change.details),
        "reached": len(change.impact.readers),
        "meant": change.acknowledged.reason if change.acknowledged else "",
    }


_MARK_OF = {ChangeKind.ADDED: Mark.ADDED, ChangeKind.REMOVED: Mark.REMOVED}


def _text(state: State | None) -> str:
    return state.text if state is not None else ""
