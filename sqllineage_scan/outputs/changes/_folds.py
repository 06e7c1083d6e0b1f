"""What a reader opens when they want it: rows, what harms nobody, what was not seen, the diagram, what to build again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.change import ChangeKind, Effect
from sqllineage_scan.outputs.changes._page import Fold, Listing, folded
from sqllineage_scan.outputs.changes._table import ICONS, in_table, name, subject
from sqllineage_scan.outputs.changes._words import code, fenced, one_line, place, prose
from sqllineage_scan.outputs.changes.dbt import buildable
from sqllineage_scan.outputs.changes.mermaid import diagram
from sqllineage_scan.outputs.lines import counted

if TYPE_CHECKING:
    from sqllineage_scan.domain.acknowledgement import Acknowledgement
    from sqllineage_scan.domain.change import Change, Diff, Unresolved
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.outputs.changes._page import Page

_DETAILS = 12  # lines of one dataset's rows


def folds(diff: Diff, page: Page) -> list[Fold]:
    """In the order of what a reviewer asks; those with nothing in them are left out."""
    rest = [change for change in diff.changes if not in_table(change)]
    acknowledged = [change for change in rest if change.acknowledged is not None]
    rows = [change for change in rest if change.kind is ChangeKind.ROWS_CHANGED and change.acknowledged is None]
    quiet = [change for change in rest if change.acknowledged is None and change.kind is not ChangeKind.ROWS_CHANGED]
    review = any(change.effect is Effect.REVIEW for change in rows)
    found = [
        Fold(
            f"{'🟠 ' if review else ''}Rows: {counted(len(rows), 'dataset')} may keep other rows",
            Listing.of((_rows(change, page) for change in rows), len(rows), page),
            opened=review and len(rest) == len(diff.changes),  # there is no table to look at first
        ),
        Fold(
            f"Acknowledged: {len(acknowledged):,}",
            Listing.of((_granted(change, page) for change in acknowledged), len(acknowledged), page),
        ),
        Fold(
            f"Acknowledgements to remove: {len(diff.stale):,}",
            Listing.of((_stale(item, page) for item in diff.stale), len(diff.stale), page),
        ),
        Fold(
            f"New findings: {len(diff.findings):,}",
            Listing.of((_finding(finding, page) for finding in diff.findings), len(diff.findings), page),
        ),
        Fold(
            f"Could not resolve: {len(diff.unresolved):,} (what they hide is not in these lists)",
            Listing.of((_unresolved(item, page) for item in _nearest(diff)), len(diff.unresolved), page),
        ),
        Fold(
            f"Nobody harmed: {counted(len(quiet), 'change')}",
            Listing.of((_quiet(change, page) for change in quiet), len(quiet), page),
            harmless=True,
        ),
    ]
    return [fold for fold in found if fold.listing.number]


def _rows(change: Change, page: Page) -> str:
    said = f"- {ICONS[change.effect]} {name(change, page)}: {prose(change.why)}{_reach(change)}"
    lines = [one_line(line, 160) for line in change.details[:_DETAILS]]
    if len(change.details) > _DETAILS:
        lines.append(f"  … {len(change.details) - _DETAILS} more")
    if not lines:
        return said
    block = fenced("\n".join(lines), "diff").rstrip("\n").replace("\n", "\n  ")
    return f"{said}\n  {block}"


def _reach(change: Change) -> str:
    number = len(change.impact.readers)
    return f", {counted(number, 'reader')} downstream" if number else ""


def _quiet(change: Change, page: Page) -> str:
    return f"- {subject(change, page)}{_reach(change)}"


def _granted(change: Change, page: Page) -> str:
    assert change.acknowledged is not None
    granted = change.acknowledged
    return f"- {ICONS[change.effect]} {subject(change, page)} – {code(granted.reason, 200)} ({place(granted.span, page.head)})"  # noqa: RUF001


def _stale(item: Acknowledgement, page: Page) -> str:
    return f"- {code(item.subject)} at {place(item.span, page.head)}: nothing needs it any more"


def _finding(finding: Finding, page: Page) -> str:
    return f"- {finding.severity.value} {code(finding.code)} {place(finding.span, page.head)}: {prose(finding.message)}"


def _nearest(diff: Diff) -> list[Unresolved]:
    """Those near the change and the new ones first: below them every list is a lower bound."""
    return sorted(diff.unresolved, key=lambda item: (not item.near, not item.appeared))


def _unresolved(item: Unresolved, page: Page) -> str:
    gap = item.gap
    marks = [word for word, holds in (("near the change", item.near), ("new", item.appeared)) if holds]
    told = f" ({', '.join(marks)})" if marks else ""
    hides = f"; hides {counted(gap.hides, 'edge')}" if gap.hides else ""
    remedy = prose(gap.help[:1].upper() + gap.help[1:])
    return f"- {place(gap.span, page.head)} {code(gap.subject)}{told}: {prose(gap.reason)}{hides}. {remedy}".rstrip()


def drawn(diff: Diff) -> str:
    """The diagram, where there is something to draw."""
    picture = diagram(diff)
    if picture is None:
        return ""
    title = f"Diagram: {picture.shown} of {counted(picture.datasets, 'dataset')} changed or downstream"
    return folded(title, fenced(picture.text, "mermaid"))


def rebuild(diff: Diff, page: Page) -> str:
    """To be pasted into a shell, so only what a shell takes as a name; half a command would be worse than none."""
    names = buildable(diff)
    command = f"dbt build -s {' '.join(names)}"
    if not names or len(command) > page.longest // 4:
        return ""
    return folded(f"Rebuild: {counted(len(names), 'model')}", fenced(command, "sh"))
