"""The table of what breaks or may break: change, whom it affects, why, how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.change import ChangeKind, Effect, ReaderKind
from sqllineage_scan.domain.evidence import Band
from sqllineage_scan.outputs.changes._groups import grouped, other_columns
from sqllineage_scan.outputs.changes._page import Listing
from sqllineage_scan.outputs.changes._words import changed, code, linked, named, place, prose
from sqllineage_scan.outputs.lines import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.change import Change, Diff, Reader
    from sqllineage_scan.outputs.changes._page import Page

ICONS = {Effect.BREAKING: "🔴", Effect.REVIEW: "🟠", Effect.PASS_THROUGH: "⚪", Effect.NONE: "⚪"}
HEAD = "| | Change | Affects | Why | Sure? |\n|-|-|-|-|-|\n"
_LIKEWISE = 8  # names of columns with which the same happened
_AFFECTED = 3  # readers in a row; the rest is counted
_WORDS = {
    ChangeKind.ADDED: "added",
    ChangeKind.REMOVED: "removed",
    ChangeKind.RENAMED: "renamed",
    ChangeKind.RETYPED: "retyped",
    ChangeKind.REORDERED: "columns reordered",
    ChangeKind.KIND_CHANGED: "is another kind",
    ChangeKind.REDEFINED: "redefined",
    ChangeKind.ROWS_CHANGED: "keeps other rows",
    ChangeKind.EVIDENCE_CHANGED: "is traced otherwise",
}
_SHOWN = {ChangeKind.RENAMED, ChangeKind.RETYPED, ChangeKind.KIND_CHANGED, ChangeKind.REDEFINED}
_KIND_OF_READER = {ReaderKind.TEST: "test ", ReaderKind.CONTRACT: "contract ", ReaderKind.EXPOSURE: "exposure "}


def in_table(change: Change) -> bool:
    """What somebody must look at. That a dataset keeps other rows is folded, unless somebody breaks by it."""
    if change.acknowledged is not None:
        return False
    return change.breaking or (change.effect is Effect.REVIEW and change.kind is not ChangeKind.ROWS_CHANGED)


def short(change: Change) -> str:
    """`orders.amount` removed."""
    return f"{named(change.subject)} {_WORDS[change.kind]}"


def table(diff: Diff, page: Page) -> Listing:
    """The rows; ``HEAD`` stands above them."""
    groups = grouped(change for change in diff.changes if in_table(change))
    return Listing.of((_row(alike, page) for alike in groups), len(groups), page)


def _row(alike: Sequence[Change], page: Page) -> str:
    change = alike[0]
    others = other_columns(alike)
    said = subject(change, page)
    if others:
        shown = ", ".join(code(name, 40) for name in others[:_LIKEWISE]) + (", …" if len(others) > _LIKEWISE else "")
        said += f"<br>and {counted(len(others), 'more column')}: {shown}"
    cells = (ICONS[change.effect], said, _affected(change, page), _why(change), _sure(change, page))
    return f"| {' | '.join(cell or '–' for cell in cells)} |"  # noqa: RUF001, an empty cell looks like a mistake


def name(change: Change, page: Page) -> str:
    """With a link to where it stands: at head, or at base where head has it no more."""
    if change.after is not None and change.after.span is not None:
        return linked(named(change.subject), change.after.span, page.head)
    return linked(named(change.subject), change.before.span if change.before else None, page.base)


def subject(change: Change, page: Page) -> str:
    """The name, what became of it, and both expressions."""
    said = f"{name(change, page)} {_WORDS[change.kind]}"
    if change.kind in _SHOWN and change.before and change.after and change.before.text != change.after.text:
        said += f"<br>{changed(change.before.text, change.after.text)}"
    return said


def _affected(change: Change, page: Page) -> str:
    readers = [*change.impact.with_effect(Effect.BREAKING), *change.impact.with_effect(Effect.REVIEW)]
    readers = readers or list(change.impact.readers)
    shown = [_reader(reader, page) for reader in readers[:_AFFECTED]]
    if len(readers) > _AFFECTED:
        shown.append(f"+{len(readers) - _AFFECTED:,} more")
    return "<br>".join(shown)


def _reader(reader: Reader, page: Page) -> str:
    said = _KIND_OF_READER.get(reader.kind, "") + linked(code(reader.name), reader.span, page.head)
    return f"{said} ({code(reader.owner, 40)})" if reader.owner else said


def _why(change: Change) -> str:
    worst = _worst(change)
    said = prose(change.why)
    own = prose(worst.why, 120) if worst is not None and worst.why else ""
    return f"{said}<br>{own}" if own and said else own or said


def _worst(change: Change) -> Reader | None:
    """Of the readers with the worst effect, the one that it is surest for."""
    readers = change.impact.with_effect(change.impact.effect)
    return max(readers, key=lambda reader: reader.confidence, default=None)


def _sure(change: Change, page: Page) -> str:
    """``certain``, or the number with the edge that lowers it most, so that it can be argued with."""
    worst = _worst(change)
    if worst is None or worst.band is Band.CERTAIN:
        return "certain" if worst is not None else ""
    said = f"{worst.band.value} {worst.confidence:.2f}"
    weakest = worst.weakest
    if weakest is None:
        return said
    reason = min(weakest.evidence, key=lambda item: item.weight, default=None)
    words = "" if reason is None else f" – {prose(reason.note or reason.kind.value.replace('_', ' '), 80)}"  # noqa: RUF001
    span = weakest.span if reason is None or reason.span is None else reason.span
    return f"{said}{words} {place(span, page.head)}".rstrip()
