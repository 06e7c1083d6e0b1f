"""What a change does downstream, as the comment of its pull request: verdict first, the worst item named, the rest folded.

Text from the repository goes through ``_words.py``. Where the whole is too long it is shed in this order: the diagram, lists of
what harms nobody, rows of the other lists, and at last rows of the table; "+12 more" says where the rest is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.bundled import version
from sqllineage_scan.domain.change import Effect, Verdict
from sqllineage_scan.outputs.changes._folds import folds
from sqllineage_scan.outputs.changes._page import ALL, Page, Shape
from sqllineage_scan.outputs.changes._table import in_table, short, table
from sqllineage_scan.outputs.changes._words import code
from sqllineage_scan.outputs.lines import counted, percent

if TYPE_CHECKING:
    from sqllineage_scan.domain.change import Diff, Revision


def write(diff: Diff, out: TextIO) -> None:
    out.write(render(diff, Page()))


def render(diff: Diff, page: Page) -> str:
    """Markdown of at most ``page.longest`` characters; the same comparison gives the same text."""
    for shape in (Shape(), Shape(diagram=False), Shape(harmless=0, diagram=False)):
        if not _surely_longer(diff, shape, page.longest):
            text = _text(diff, page, shape)
            if len(text) <= page.longest:
                return text
    for rows in (ALL, None):
        most = _most(diff, page, rows)
        if most is not None:
            return _text(diff, page, most)
    return _headline(diff)[: page.longest]


def _most(diff: Diff, page: Page, rows: int | None) -> Shape | None:
    """With as many lines in each list as fit beside ``rows`` of the table, or as many rows where that is None and no list
    is shown; None where not even none of them fits.
    """

    def shape(number: int) -> Shape:
        return Shape(number, 0, 0, diagram=False) if rows is None else Shape(rows, number, 0, diagram=False)

    def fits(number: int) -> bool:
        tried = shape(number)
        return not _surely_longer(diff, tried, page.longest) and len(_text(diff, page, tried)) <= page.longest

    if not fits(0):
        return None
    low, high = 0, max(len(diff.changes), len(diff.unresolved), len(diff.findings), len(diff.stale), len(diff.rebuild), 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return shape(low)


def _surely_longer(diff: Diff, shape: Shape, longest: int) -> bool:
    """Without writing it: a row has twenty characters at the least."""
    rows = sum(map(in_table, diff.changes))
    return 20 * min(shape.rows, rows) > longest or 20 * min(shape.harmless, len(diff.changes) - rows) > longest


def _text(diff: Diff, page: Page, shape: Shape) -> str:
    if not diff.changes and not diff.findings and not diff.stale:
        return f"{_headline(diff)}\n{_compared(diff, page)}\n"
    parts = [
        f"{_headline(diff)}\n{_compared(diff, page)}\n",
        table(diff, page, shape.rows),
        *folds(diff, page, listed=shape.listed, harmless=shape.harmless, diagram=shape.diagram),
        _footer(diff, page),
    ]
    return "\n".join(part for part in parts if part)


def _headline(diff: Diff) -> str:
    """``### 🔴 2 breaking · 🟠 3 to review · ⚪ 14 pass-through — `orders.amount` removed``."""
    breaking, review, through = (
        len(diff.with_effect(effect)) for effect in (Effect.BREAKING, Effect.REVIEW, Effect.PASS_THROUGH)
    )
    counts = [
        f"🔴 {breaking:,} breaking" if breaking else "",
        f"🟠 {review:,} to review" if review else "",
        f"⚪ {through:,} pass-through" if through else "",
    ]
    said = " · ".join(count for count in counts if count)
    if not diff.changes:
        return "### ✅ No change of lineage"
    if diff.verdict is Verdict.SAFE:
        return f"### ✅ {counted(len(diff.changes), 'change')}, none that breaks a reader"
    first = next(iter([*diff.with_effect(Effect.BREAKING), *diff.with_effect(Effect.REVIEW)]), None)
    return f"### {said}" + (f" — {short(first)}" if first else "")


def _compared(diff: Diff, page: Page) -> str:
    """What was looked at, and how much of it could be seen: every "safe" is worth as much as this."""
    seen = diff.seen
    pieces = [
        f"Compared {_revision(diff.base)} → {_revision(diff.head)}",
        counted(seen.files, "file"),
        f"{percent(seen.references_resolved, seen.references)} of column references resolved",
    ]
    hidden = sum(item.near for item in diff.unresolved)
    if hidden:
        pieces.append(f"⚠️ {counted(hidden, 'place')} near the change could not be read: what follows is a lower bound")
    if page.whole:
        pieces.append(f"[whole report]({page.whole})")
    return " · ".join(pieces)


def _revision(revision: Revision) -> str:
    label, commit = revision
    if commit and not commit.startswith(label) and label != commit:
        return code(f"{label}@{commit[:7]}", 60)
    return code(commit[:7] if commit and len(label) >= len(commit) else label, 60)


def _footer(diff: Diff, page: Page) -> str:
    hint = 'Meant to be so? Say why in the file: `-- lineage: allow-break amount "moved to tax mart"`. ' if diff.changes else ""
    note = f"{page.note} " if page.note else ""
    return f"<sub>{hint}{note}Read from the files alone, no data · sqllineage-scan {version()}</sub>\n"
