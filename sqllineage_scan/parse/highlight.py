"""The words of a SQL text by their class, for whoever shows it: keyword, string, comment, tag of a template …"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from sqlglot.errors import SqlglotError
from sqlglot.tokens import TokenType

from sqllineage_scan.parse.grammar import dialect_parser, tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

KEYWORD, STRING, NUMBER, COMMENT, IDENTIFIER, FUNCTION, OPERATOR, TEMPLATE, OTHER = "k", "s", "n", "c", "i", "f", "o", "t", ""

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\#.*?\#\}", re.DOTALL)
_COMMENT = re.compile(r"--[^\n]*|//[^\n]*|\#[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_WORD = re.compile(r"[^\W\d]\w*\Z")
_ROUGHLY = re.compile(
    r"""(?P<c>--[^\n]*|/\*.*?(?:\*/|\Z))|(?P<s>'(?:[^']|'')*(?:'|\Z))|(?P<i>"[^"\n]*"|`[^`\n]*`)|(?P<n>\b\d[\d.]*)|(?P<w>[^\W\d]\w*)""",
    re.VERBOSE | re.DOTALL,
)
_QUOTED = frozenset(
    getattr(TokenType, name)
    for name in "STRING NATIONAL_STRING RAW_STRING HEREDOC_STRING UNICODE_STRING BYTE_STRING BIT_STRING HEX_STRING".split()
)
_NAMES = frozenset({TokenType.VAR, TokenType.IDENTIFIER, TokenType.PARAMETER})

Piece = tuple[int, int, str]  # start, end, class


def highlight(text: str, dialect: str) -> list[list[tuple[str, str]]]:
    """The lines of ``text``, each as (class, text) pairs that together are the line. Never fails.

    select sum(a) from {{ ref('t') }} -- all
    k      f  o i o k   t             c
    """
    tags = [(found.start(), found.end()) for found in _TAG.finditer(text)]
    try:
        pieces = _tokens(_masked(text, tags), dialect)
    except SqlglotError:  # half a string, say
        pieces = _rough(_masked(text, tags), dialect)
    return _lines(text, _overlaid(pieces, tags))


def _masked(text: str, tags: Iterable[tuple[int, int]]) -> str:
    """Every tag as a name, or as nothing, of the same length: the quotes within are not the SQL's."""
    parts, position = [], 0
    for start, end in tags:
        parts += [text[position:start], ("x" if text[start + 1] == "{" else " ") * (end - start)]
        position = end
    return "".join((*parts, text[position:]))


def _tokens(text: str, dialect: str) -> list[Piece]:
    pieces: list[Piece] = []
    position = 0
    for token in tokenizer(dialect).tokenize(text):
        start, end = token.start, token.end + 1
        pieces += _comments(text, position, start)
        pieces.append((start, end, _class(token.token_type, text, start, end)))
        position = end
    return [*pieces, *_comments(text, position, len(text))]


def _comments(text: str, start: int, end: int) -> Iterator[Piece]:
    """The tokenizer keeps the words of comments and forgets where they stood: between the tokens."""
    if end > start:
        yield from ((found.start(), found.end(), COMMENT) for found in _COMMENT.finditer(text, start, end))


def _class(kind: TokenType, text: str, start: int, end: int) -> str:
    if kind in _QUOTED:
        return STRING
    if kind is TokenType.NUMBER:
        return NUMBER
    called = text[end : end + 1] == "("
    if kind in _NAMES:
        return FUNCTION if called and kind is TokenType.VAR else IDENTIFIER
    if not _is_word(text[start:end]):
        return OPERATOR
    return FUNCTION if called and kind not in _BEFORE_PARENTHESES else KEYWORD


@lru_cache(maxsize=4096)
def _is_word(words: str) -> bool:
    """``group by`` is one, ``<>`` is none."""
    return _WORD.match(words.replace(" ", "_")) is not None


_BEFORE_PARENTHESES = frozenset(
    getattr(TokenType, name)
    for name in "IN AND OR NOT ON USING VALUES OVER SELECT FROM WHERE WHEN THEN ELSE EXISTS ALIAS WITH BETWEEN".split()
    if hasattr(TokenType, name)
)


@cache
def _keywords(dialect: str) -> frozenset[str]:
    return frozenset(dialect_parser(dialect).tokenizer_class.KEYWORDS)


def _rough(text: str, dialect: str) -> list[Piece]:
    keywords = _keywords(dialect)
    pieces = []
    for found in _ROUGHLY.finditer(text):
        kind = found.lastgroup or OTHER
        if kind == "w":
            kind = KEYWORD if found[0].upper() in keywords else IDENTIFIER
        pieces.append((found.start(), found.end(), kind))
    return pieces


def _overlaid(pieces: list[Piece], tags: list[tuple[int, int]]) -> Iterator[Piece]:
    """Tags cut through what they stand in: a string, a comment. Both lists are in order, and neither overlaps itself."""
    position, waiting = 0, iter((*tags, (_FAR, _FAR)))
    start, end = next(waiting)
    for first, last, kind in pieces:
        position = max(position, first)
        while start < last:
            if position < start:
                yield position, start, kind
            yield start, end, TEMPLATE
            position = end
            start, end = next(waiting)
        if position < last:
            yield position, last, kind
            position = last
    while start < _FAR:
        yield start, end, TEMPLATE
        start, end = next(waiting)


_FAR = 1 << 60


def _lines(text: str, pieces: Iterable[Piece]) -> list[list[tuple[str, str]]]:
    """Cut at line ends; neighbours of one class are one pair."""
    lines: list[list[tuple[str, str]]] = []
    line: list[tuple[str, str]] = []
    for start, end, kind in _runs(pieces, len(text)):
        words = text[start:end]
        if "\n" not in words:
            line.append((kind, words))
            continue
        first, *others = words.split("\n")
        for part in others:
            if first:
                line.append((kind, first))
            lines.append(line)
            line, first = [], part
        if first:
            line.append((kind, first))
    return [*lines, line] if line else lines  # a text ends in a line end


def _runs(pieces: Iterable[Piece], length: int) -> Iterator[Piece]:
    """The whole text in stretches of one class: pieces that touch are one, and what lies between them is OTHER."""
    first, position, kind = 0, 0, OTHER
    for start, end, look in pieces:
        if position < start and kind != OTHER:
            if first < position:
                yield first, position, kind
            first, kind = position, OTHER
        if look != kind:
            if first < start:
                yield first, start, kind
            first, kind = start, look
        position = end
    if position < length and kind != OTHER:
        if first < position:
            yield first, position, kind
        first, kind = position, OTHER
    if first < length:
        yield first, length, kind
