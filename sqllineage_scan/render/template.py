"""A template cut into pieces: literal text, ``{{ … }}``, ``{% … %}``, and blocks whose text is not output as it stands.

    select {% if a %}{{ f(a) }}{% endif %} from t   ->   TEXT TAG PRINT TAG TEXT

``{%-`` and ``-%}`` take their whitespace here: see ``markers``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPENING = re.compile(r"\{\{|\{%|\{\#")
_INSIDE = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[(\[{]|[-+]?%\}|-?\}\}|[)\]}]""", re.DOTALL)
_WORD = re.compile(r"\{%[-+]?\s*(\w+)")
_RAW_END = re.compile(r"\{%[-+]?\s*endraw\s*[-+]?%\}")
_INLINE_SET = re.compile(r"\{%[-+]?\s*set\s+[\w\s.,()]+=")
_DROPPED = frozenset(("docs", "test", "data_test", "materialization", "snapshot"))  # dbt's own blocks write nothing here
_OPAQUE = frozenset(("macro", "call", "filter", "set")) | _DROPPED


class PieceKind(StrEnum):
    TEXT = "text"
    PRINT = "print"  # {{ … }}
    TAG = "tag"  # {% if … %}, {% set x = … %}
    BLOCK = "block"  # {% set x %} … {% endset %}, {% macro … %}, {% call … %}


@dataclass(frozen=True, slots=True)
class Piece:
    kind: PieceKind
    start: int
    end: int
    word: str = ""  # if, set, macro …
    head: int = 0  # the offset behind its (first) tag

    @property
    def place(self) -> tuple[int, int]:
        return self.start, self.head or self.end


@dataclass(frozen=True, slots=True)
class Tag:
    kind: str  # "{{", "{%", "{#", "raw"
    start: int
    end: int
    word: str = ""
    inside: tuple[int, int] = (0, 0)  # of a raw block: the text between its tags


class UnclosedTagError(Exception):
    """A tag or block that does not end."""

    def __init__(self, start: int) -> None:
        super().__init__("it does not end")
        self.start = start


def tags(text: str, start: int, end: int) -> Iterator[Tag]:
    """The tags of ``text[start:end]``, the whole of a raw block as one."""
    position = start
    while (opening := _OPENING.search(text, position, end)) is not None:
        tag = _tag(text, opening.start(), end)
        yield tag
        position = tag.end


def _tag(text: str, start: int, end: int) -> Tag:
    close = tag_end(text, start, end)
    kind = text[start : start + 2]
    word = found[1] if kind == "{%" and (found := _WORD.match(text, start, end)) else ""
    if close < 0:
        raise UnclosedTagError(start)
    if word != "raw":
        return Tag(kind, start, close, word)
    ending = _RAW_END.search(text, close, end)
    if ending is None:
        raise UnclosedTagError(start)
    return Tag("raw", start, ending.end(), word, (close, ending.start()))


def tag_end(text: str, start: int, end: int) -> int:
    """The offset behind the tag at ``start``, -1 when it does not end. Strings and brackets may hold a ``}}``."""
    if text[start + 1] == "#":
        close = text.find("#}", start + 2, end)
        return close if close < 0 else close + 2
    closing, depth, position = ("}}" if text[start + 1] == "{" else "%}"), 0, start + 2
    while (found := _INSIDE.search(text, position, end)) is not None:
        mark, position = found[0], found.end()
        if mark[0] in "'\"":
            continue
        if mark in "([{":
            depth += 1
        elif mark.endswith(closing) and not depth:
            return position
        else:
            depth -= depth > 0
            if mark.endswith("}}"):  # {{ {'a': {'b': 1}} }}: the first brace only
                position -= 1
    return -1


def pieces(text: str, start: int, end: int) -> list[Piece]:
    """What a template consists of, in order; comments left out, whitespace taken as its tags say."""
    found: list[Piece] = []
    position, trim, block, depth = start, False, None, 0
    for tag in tags(text, start, end):
        if block is None:
            _add_text(found, text, position, tag.start, trim=(trim, text[tag.start + 2] == "-"))
            if tag.word in _OPAQUE and _nesting(tag, tag.word, text) > 0:
                block, depth = tag, 1
                continue
            _add_tag(found, text, tag)
        else:
            depth += _nesting(tag, block.word, text)
            if depth:
                continue
            if block.word not in _DROPPED:
                found.append(Piece(PieceKind.BLOCK, block.start, tag.end, block.word, block.end))
            block = None
        position, trim = tag.end, text[tag.end - 3] == "-"
    if block is not None:
        raise UnclosedTagError(block.start)
    _add_text(found, text, position, end, trim=(trim, False))
    return found


def _nesting(tag: Tag, word: str, text: str) -> int:
    """1 for a tag that opens a block of ``word``, -1 for one that ends it."""
    if tag.word == f"end{word}":
        return -1
    return int(tag.kind == "{%" and tag.word == word and not (word == "set" and _INLINE_SET.match(text, tag.start, tag.end)))


def _add_tag(found: list[Piece], text: str, tag: Tag) -> None:
    if tag.kind == "raw":
        start, end = tag.inside
        _add_text(found, text, start, end, trim=(text[start - 3] == "-", text[end + 2] == "-"))
    elif tag.kind == "{{":
        found.append(Piece(PieceKind.PRINT, tag.start, tag.end))
    elif tag.kind == "{%":
        found.append(Piece(PieceKind.TAG, tag.start, tag.end, tag.word))


def _add_text(found: list[Piece], text: str, start: int, end: int, *, trim: tuple[bool, bool]) -> None:
    """Literal text, without the whitespace that ``-%}`` before it and ``{%-`` behind it take."""
    while trim[0] and start < end and text[start].isspace():
        start += 1
    while trim[1] and start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append(Piece(PieceKind.TEXT, start, end))
