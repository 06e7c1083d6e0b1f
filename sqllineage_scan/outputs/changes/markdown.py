"""What a change does downstream, as the comment of its pull request: verdict first, the worst item named, the rest folded.

Text from the repository goes through ``_words.py``. Where the whole is too long it is shed in this order: the diagram, lists of
what harms nobody, rows of the other lists, and at last rows of the table; "+12 more" says where the rest is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.bundled import version
from sqllineage_scan.domain.change import Effect, Verdict
from sqllineage_scan.outputs.changes._folds import drawn, folds, rebuild
from sqllineage_scan.outputs.changes._page import Fold, Listing, Page, Shape
from sqllineage_scan.outputs.changes._table import HEAD, short, table
from sqllineage_scan.outputs.changes._words import code
from sqllineage_scan.outputs.lines import counted, percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqllineage_scan.domain.change import Diff, Revision


def write(diff: Diff, out: TextIO) -> None:
    out.write(render(diff, Page()))


def render(diff: Diff, page: Page) -> str:
    """Markdown of at most ``page.longest`` characters; the same comparison gives the same text."""
    parts = _parts(diff, page)
    for shape in (Shape(), Shape(diagram=False), Shape(harmless=0, diagram=False)):
        text = parts.text(shape, page)
        if parts.complete(shape) and len(text) <= page.longest:
            return text
    return (
        _most(lambda listed: parts.text(Shape(listed=listed, harmless=0, diagram=False), page), parts, page)
        or _most(lambda rows: parts.text(Shape(rows, 0, 0, diagram=False), page), parts, page)
        or _headline(diff)[: page.longest]
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """Everything that may be said, written once; a text is a choice of it."""

    head: str
    table: Listing
    folds: tuple[Fold, ...]
    diagram: str
    rebuild: str
    footer: str

    def text(self, shape: Shape, page: Page) -> str:
        rows = self.table.shown(shape.rows, page)
        pieces = [
            self.head,
            f"{HEAD if rows.startswith('|') else ''}{rows}",
            *(fold.shown(shape, page) for fold in self.folds),
            self.diagram if shape.diagram else "",
            self.rebuild,
            self.footer,
        ]
        return "\n".join(piece for piece in pieces if piece)

    def complete(self, shape: Shape) -> bool:
        """Whether all that ``shape`` asks for has been written: what could not fit by itself has not."""
        listings = [self.table, *(fold.listing for fold in self.folds if not (fold.harmless and shape.harmless == 0))]
        return all(len(listing.items) == listing.number for listing in listings)

    @property
    def largest(self) -> int:
        return max(len(listing.items) for listing in (self.table, *(fold.listing for fold in self.folds)))


def _parts(diff: Diff, page: Page) -> _Parts:
    head = f"{_headline(diff)}\n{_compared(diff, page)}\n"
    if not diff.changes and not diff.findings and not diff.stale:
        return _Parts(head, Listing(), (), "", "", "")
    return _Parts(head, table(diff, page), tuple(folds(diff, page)), drawn(diff), rebuild(diff, page), _footer(diff, page))


def _most(text: Callable[[int], str], parts: _Parts, page: Page) -> str:
    """``text`` of the largest number that fits; empty where not even that of none does."""
    if len(text(0)) > page.longest:
        return ""
    low, high = 0, parts.largest
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(text(middle)) <= page.longest else (low, middle - 1)
    return text(low)


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
