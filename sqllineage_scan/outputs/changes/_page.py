"""Where a comment is read, and how long it may be."""

from __future__ import annotations

from dataclasses import dataclass

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
    """How much of everything is shown: rows of the table, rows of each fold, of those that harm nobody; the diagram."""

    rows: int = ALL
    listed: int = ALL
    harmless: int = ALL
    diagram: bool = True
