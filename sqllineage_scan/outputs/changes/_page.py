"""Where a comment is read, how long it may be, and the lists that it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ALL = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """``head``, ``base``: address of a file at that commit, ``{path}`` and ``{line}`` to be filled in; empty: no links.

    ``whole`` is the address of the uncut report, ``longest`` how many characters there may be, ``note`` a remark of ours.
    """

    head: str = ""
    base: str = ""
    whole: str = ""
    note: str = ""
    longest: int = ALL


@dataclass(frozen=True, slots=True)
class Shape:
    """How much of everything is shown: rows of the table, items of each fold, of those that harm nobody; the diagram."""

    rows: int = ALL
    listed: int = ALL
    harmless: int = ALL
    diagram: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """``items``: those that could fit, written out; ``number``: how many there are."""

    items: tuple[str, ...] = ()
    number: int = 0

    @classmethod
    def of(cls, items: Iterable[str], number: int, page: Page) -> Listing:
        """Of ten thousand, no more are written than fill a page."""
        written: list[str] = []
        room = page.longest
        for item in items:
            room -= len(item)
            if room < 0:
                break
            written.append(item)
        return cls(tuple(written), number)

    def shown(self, most: int, page: Page) -> str:
        """``most`` items, a line each, and how many are missing."""
        items = self.items[:most]
        missing = self.number - len(items)
        where = f"in the [whole report]({page.whole})" if page.whole else "in the step's summary"
        return "".join(f"{item}\n" for item in items) + (f"\n… +{missing:,} more {where}\n" if missing else "")


@dataclass(frozen=True, slots=True)
class Fold:
    """A ``<details>``. ``title`` is ours: inside of HTML nothing of the repository is safe."""

    title: str
    listing: Listing
    opened: bool = field(default=False, kw_only=True)
    harmless: bool = field(default=False, kw_only=True)

    def shown(self, shape: Shape, page: Page) -> str:
        inside = self.listing.shown(shape.harmless if self.harmless else shape.listed, page)
        return folded(self.title, inside, opened=self.opened)


def folded(title: str, inside: str, *, opened: bool = False) -> str:
    return f"<details{' open' if opened else ''}><summary>{title}</summary>\n\n{inside}\n</details>\n"
