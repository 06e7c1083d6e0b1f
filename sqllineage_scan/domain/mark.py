"""What became of a part of the graph between two states: how a picture of both marks it."""

from __future__ import annotations

from enum import StrEnum


class Mark(StrEnum):
    ADDED = "added"  # head has it alone
    REMOVED = "removed"  # base had it alone
    CHANGED = "changed"  # both have it, and not the same
    AFFECTED = "affected"  # the same on both sides, and downstream of a change
