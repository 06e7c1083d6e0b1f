"""Tracing each character that a template writes back to the source.

Literal text at the top level never goes through Jinja: a marker stands for it, and another one announces the output
of every ``{{ … }}``. What comes out is a string of markers, and the source's own text is put in their place.

    select {{ f('a') }} from t   ->   ^0^^1^{{ f('a') }}^2^   ->   ^0^^1^fa^2^   ->   select fa from t

Text inside macros and ``{% set %}`` blocks is not marked: it belongs to the tag that writes it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqllineage_scan.domain.source import SourceMap
from sqllineage_scan.render.blocks import NO_MARKERS
from sqllineage_scan.render.bounds import MAX_OUTPUT, ExhaustedError
from sqllineage_scan.render.rendering import FAILED
from sqllineage_scan.render.template import Piece, PieceKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

_MARKER = re.compile("\x01(\\d+)\x02")
_RELATION = re.compile(r"(?:ref|source|this)__\d+\b")
_CONTINUING = frozenset(("else", "elif", "endif", "endfor", "endwith"))  # a marker before it would stand in the block above
_REPLACEABLE = {
    "set": re.compile(r"(\{%[-+]?\s*set\s+[\w\s.,()]+=).*", re.DOTALL),
    "if": re.compile(r"(\{%[-+]?\s*if\b).*", re.DOTALL),
    "for": re.compile(r"(\{%[-+]?\s*for\s+[\w\s,()]+?\sin\b).*", re.DOTALL),
}


def marked(text: str, pieces: Sequence[Piece], failed: Collection[int]) -> str:
    """The template for Jinja. ``failed`` pieces are left out: a hole stands for their value."""
    return "".join(_marked(text, number, piece, failed=number in failed) for number, piece in enumerate(pieces))


def _marked(text: str, number: int, piece: Piece, *, failed: bool) -> str:
    marker = "" if piece.word in _CONTINUING else f"\x01{number}\x02"
    if piece.kind is PieceKind.TEXT:
        return marker
    return marker + (_harmless(text, number, piece) if failed else _on_its_own_line(text[piece.start : piece.end]))


def _on_its_own_line(tag: str) -> str:
    """The tag with a line break in it, so that the line of a syntax error tells which tag is meant."""
    head = 3 if tag[2] in "-+" else 2
    return f"{tag[:head]}\n{tag[head:]}".translate(NO_MARKERS)


def _harmless(text: str, number: int, piece: Piece) -> str:
    """The tag with a hole for the expression in it that failed."""
    hole = f"{FAILED}{number}"
    if piece.kind is PieceKind.PRINT or piece.word in ("call", "filter"):
        return f"{{{{ {hole} }}}}"
    if piece.word in _REPLACEABLE:
        head = _REPLACEABLE[piece.word].match(text, piece.start, piece.place[1])
        if head is not None:
            return f"{head[1]} {hole} %}}"
    return ""


def replaceable(piece: Piece) -> bool:
    """Whether a template still stands with a hole in the place of this piece."""
    if piece.kind is PieceKind.TAG:
        return piece.word in ("if", "for", "set", "do")
    return piece.kind is not PieceKind.TEXT


def last_marker(output: str) -> int | None:
    """The number of the last marker in a piece of output."""
    end = output.rfind("\x02")
    number = output[output.rfind("\x01", 0, end) + 1 : end] if end >= 0 else ""
    return int(number) if number.isdecimal() and number.isascii() else None


def unmarked(output: str, text: str, pieces: Sequence[Piece], path: str, lines: tuple[int, ...]) -> tuple[str, SourceMap]:
    """The rendered text and its map, of what Jinja made of the marked template."""
    first, *parts = _MARKER.split(output)
    written = [(-1, first)]
    for number, generated in zip(parts[0::2], parts[1::2], strict=True):
        if len(number) <= len(str(len(pieces))) and int(number) < len(pieces):
            written.append((int(number), generated))
    return joined(written, text, pieces, path, lines)


def joined(
    output: Iterable[tuple[int, str]], text: str, pieces: Sequence[Piece], path: str, lines: tuple[int, ...]
) -> tuple[str, SourceMap]:
    """The rendered text and its map, of what each piece has written. Piece -1: what stands before the first."""
    written: list[str] = []
    segments: list[tuple[int, int, int]] = []
    length = 0

    def write(piece: str, origin: int, end: int) -> None:
        nonlocal length
        if piece:
            segments.append((length, origin, end))
            written.append(piece)
            length += len(piece)
            if length > MAX_OUTPUT:
                raise ExhaustedError(f"text of more than {MAX_OUTPUT} characters")

    for number, generated in output:
        if number < 0:
            write(generated, 0, 0)
            continue
        piece = pieces[number]
        if piece.kind is PieceKind.TEXT:
            write(text[piece.start : piece.end], piece.start, -1)
        if generated:
            glued = written and written[-1][-1].isalnum() and _RELATION.match(generated)  # join{{ ref('x') }}
            write(f" {generated}" if glued else generated, *piece.place)
    starts, origins, ends = zip(*segments, strict=True) if segments else ((0,), (0,), (-1,))
    return "".join(written), SourceMap(path, lines, starts, origins, ends)
