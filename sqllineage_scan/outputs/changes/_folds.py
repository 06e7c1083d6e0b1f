"""What a reader opens when they want it: rows, what harms nobody, what was not seen, the diagram, what to build again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqllineage_scan.domain.change import ChangeKind, Effect
from sqllineage_scan.outputs.changes._table import ICONS, in_table, more, name, subject
from sqllineage_scan.outputs.changes._words import code, fenced, one_line, place, prose
from sqllineage_scan.outputs.changes.mermaid import diagram as mermaid
from sqllineage_scan.outputs.lines import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqllineage_scan.domain.change import Change, Diff
    from sqllineage_scan.outputs.changes._page import Page

_DETAILS = 12  # lines of one dataset's rows
_MODEL = re.compile(r"[A-Za-z_][\w.]*")  # what a shell and dbt read as one word


def folds(diff: Diff, page: Page, *, listed: int, harmless: int, diagram: bool) -> Iterator[str]:
    """Each a ``<details>``, in the order of what a reviewer asks. ``listed``, ``harmless``: rows of each at the most."""
    rest = [change for change in diff.changes if not in_table(change)]
    acknowledged = [change for change in rest if change.acknowledged is not None]
    rows = [change for change in rest if change.kind is ChangeKind.ROWS_CHANGED and change.acknowledged is None]
    quiet = [change for change in rest if change.acknowledged is None and change.kind is not ChangeKind.ROWS_CHANGED]
    review = any(change.effect is Effect.REVIEW for change in rows)
    yield _fold(
        f"{'🟠 ' if review else ''}Rows: {counted(len(rows), 'dataset')} may keep other rows",
        [_rows(change, page) for change in rows[:listed]],
        len(rows),
        page,
        opened=review and len(rest) == len(diff.changes),
    )
    yield _fold(
        f"Acknowledged: {len(acknowledged)}", [_granted(item, page) for item in acknowledged[:listed]], len(acknowledged), page
    )
    stale = [
        f"- {code(item.subject)} at {place(item.span, page.head)}: nothing needs it any more" for item in diff.stale[:listed]
    ]
    yield _fold(f"Acknowledgements to remove: {len(diff.stale)}", stale, len(diff.stale), page)
    yield _fold(
        f"New findings: {len(diff.findings)}",
        [
            f"- {item.severity.value} {code(item.code)} {place(item.span, page.head)}: {prose(item.message)}"
            for item in diff.findings[:listed]
        ],
        len(diff.findings),
        page,
    )
    yield _unresolved(diff, page, listed)
    yield _fold(
        f"Nobody harmed: {counted(len(quiet), 'change')}", [_quiet(item, page) for item in quiet[:harmless]], len(quiet), page
    )
    if diagram:
        yield _diagram(diff)
    yield _rebuild(diff, listed)


def _fold(title: str, items: Sequence[str], number: int, page: Page, *, opened: bool = False) -> str:
    """``title`` is ours: inside of HTML nothing of the repository is safe. ``opened``: there is no table to look at first."""
    if not number:
        return ""
    inside = "\n".join(items) + "\n" if items else ""
    tag = "<details open>" if opened else "<details>"
    return f"{tag}<summary>{title}</summary>\n\n{inside}{more(number - len(items), page)}\n</details>\n"


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


def _unresolved(diff: Diff, page: Page, listed: int) -> str:
    """Those near the change and the new ones first: below them every list is a lower bound."""
    ordered = sorted(diff.unresolved, key=lambda item: (not item.near, not item.appeared))
    items = []
    for item in ordered[:listed]:
        gap = item.gap
        marks = [word for word, holds in (("near the change", item.near), ("new", item.appeared)) if holds]
        told = f" ({', '.join(marks)})" if marks else ""
        hides = f"; hides {counted(gap.hides, 'edge')}" if gap.hides else ""
        items.append(
            f"- {place(gap.span, page.head)} {code(gap.subject)}{told}: {prose(gap.reason)}{hides}. {prose(gap.help)}".rstrip()
        )
    return _fold(f"Could not resolve: {len(ordered)} (what they hide is not in these lists)", items, len(ordered), page)


def _diagram(diff: Diff) -> str:
    drawn = mermaid(diff)
    if drawn is None:
        return ""
    return (
        f"<details><summary>Diagram: {drawn.shown} of {counted(drawn.datasets, 'dataset')} changed or downstream</summary>\n\n"
        f"{fenced(drawn.text, 'mermaid')}\n</details>\n"
    )


def _rebuild(diff: Diff, listed: int) -> str:
    """To be pasted into a shell, so only what a shell takes as a name."""
    names = [name for name in diff.rebuild if _MODEL.fullmatch(name)]
    if not names or len(names) > listed:
        return ""
    command = fenced(f"dbt build -s {' '.join(names)}", "sh")
    return f"<details><summary>Rebuild: {counted(len(names), 'model')}</summary>\n\n{command}\n</details>\n"
