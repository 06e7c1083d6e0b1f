"""Annotations of lines, as a job on GitHub prints them. GitHub shows ten errors and ten warnings of a step.

Source: docs.github.com, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.domain.change import Effect
from sqllineage_scan.outputs.annotation import command
from sqllineage_scan.outputs.changes._places import remarks

if TYPE_CHECKING:
    from sqllineage_scan.domain.change import Diff

MOST = 10  # of a level
_LEVELS = {Effect.BREAKING: "error", Effect.REVIEW: "warning"}
_TITLES = {"error": "Breaks lineage", "warning": "Lineage to review"}


def write(diff: Diff, out: TextIO) -> None:
    """The worst first. The last of a level says how many there are beside it."""
    found = [(_LEVELS[remark.effect], remark) for remark in remarks(diff)]
    numbers = Counter(level for level, _ in found)
    written: Counter[str] = Counter()
    for level, remark in found:
        written[level] += 1
        if written[level] > MOST:
            continue
        message = remark.message
        more = numbers[level] - MOST
        if written[level] == MOST and more > 0:
            message = f"{message} (and {more} more, see the report)"
        place = remark.span
        at = {"line": place.line, "col": place.column} if remark.anchored else {}
        out.write(command(level, message, file=place.path, **at, title=_TITLES[level]) + "\n")
