"""Where in head a change is shown to whoever looks at the code: at the change, or where something reads what is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.change import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.change import Change, Diff
    from sqllineage_scan.domain.span import Span


class Remark(NamedTuple):
    """``anchored``: the place is of head; else of base, where head has no more than the file at most."""

    change: Change
    span: Span
    message: str
    anchored: bool = True

    @property
    def effect(self) -> Effect:
        return self.change.effect


def remarks(diff: Diff) -> Iterator[Remark]:
    """One for each change that breaks or has to be looked at; acknowledged ones are no news."""
    for change in diff.changes:
        if change.acknowledged is not None or change.effect not in (Effect.BREAKING, Effect.REVIEW):
            continue
        message = f"{change.subject} {change.kind.value.replace('_', ' ')}"
        if change.why:
            message = f"{message}: {change.why}"
        if change.after is not None and change.after.span is not None:
            yield Remark(change, change.after.span, message)
            continue
        reader = next((reader for reader in change.impact.readers if reader.span is not None), None)
        if reader is not None and reader.span is not None:
            yield Remark(change, reader.span, f"{message}; here {reader.name} {reader.why}")
        elif change.before is not None and change.before.span is not None:
            yield Remark(change, change.before.span, message, anchored=False)
