"""Text for people: lines of pieces that know their role. Whoever prints them decides whether a role has a colour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from textwrap import wrap
from typing import TYPE_CHECKING, TextIO
from unicodedata import combining, east_asian_width

from sqllineage_scan.outputs.harmless import begins_like_a_command, without_commands, without_unseen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.evidence import Band
    from sqllineage_scan.domain.finding import Severity

TIED = "\u00a0"  # a space that no line breaks at
WIDTH = 80  # of a line when nobody says how wide the paper is


class Role(StrEnum):
    PLAIN = "plain"
    TITLE = "title"
    NAME = "name"  # of a dataset or column
    QUIET = "quiet"  # places, reasons, what may be skipped
    CERTAIN = "certain"
    LIKELY = "likely"
    AMBIGUOUS = "ambiguous"
    GUESSED = "guessed"
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    role: Role = Role.PLAIN


Line = tuple[Piece, ...]


def line(*pieces: Piece | str) -> Line:
    return tuple(Piece(piece) if isinstance(piece, str) else piece for piece in pieces)


def of_band(text: str, band: Band) -> Piece:
    return Piece(text, Role(band.value))


def of_severity(text: str, severity: Severity) -> Piece:
    return Piece(text, Role(severity.value))


def write_lines(lines: Iterable[Line], out: TextIO) -> None:
    """Without any colour."""
    out.writelines("".join(piece.text for piece in harmless(pieces)).rstrip() + "\n" for pieces in lines)


def harmless(pieces: Line) -> Line:
    """What may be printed, whoever made the pieces: no terminal and no CI job finds anything in it to obey."""
    text = "".join(piece.text for piece in pieces)
    if text.isascii() and text.isprintable() and "##" not in text and "::" not in text:
        return pieces
    if without_commands(text) != text:  # which may begin in one piece and end in another
        pieces = (Piece(without_commands(text)),)
    pieces = tuple(Piece(without_unseen(piece.text), piece.role) for piece in pieces)
    return (Piece("…"), *pieces) if begins_like_a_command("".join(piece.text for piece in pieces)) else pieces


def cells(text: str) -> int:
    """How many columns of a terminal ``text`` takes: 名前 takes four."""
    return sum(0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text))


def clean(text: str) -> str:
    """One line without control characters: names and messages come from files and may hold anything. What turns the direction
    of text around (U+202E and its kin), or is not seen at all, would make a name look like another.
    """
    return without_commands(" ".join(word for word in without_unseen(text).split(" ") if word))


def clipped(text: str, width: int) -> str:
    """``text`` in at most ``width`` columns, its end cut off."""
    text = clean(text)
    if cells(text) <= width:
        return text
    room, kept = width - 1, 0
    for letter in text:
        room -= cells(letter)
        if room < 0:
            break
        kept += 1
    return f"{text[:kept].rstrip()}…"


def wrapped(text: str, width: int, indent: str, role: Role = Role.PLAIN) -> list[Line]:
    """``text`` as a paragraph, every line of it after ``indent``."""
    rows = wrap(clean(text), max(width - cells(indent), 20), break_long_words=False, break_on_hyphens=False)
    return [line(indent, Piece(row.replace(TIED, " "), role)) for row in rows]


def counted(number: int, one: str, many: str = "") -> str:
    """``1 error``, ``2 errors``."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def percent(part: int, whole: int) -> str:
    """Never 100 % while something is missing."""
    if not whole:
        return "-"
    share = 100 * part / whole
    return f"{min(share, 99.9) if part < whole else share:.1f} %"
