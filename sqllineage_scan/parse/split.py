"""One text into its statements, so that none can spoil its neighbours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sqlglot.errors import TokenError
from sqlglot.tokens import TokenType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlglot import Dialect
    from sqlglot.tokens import Token

_STATEMENT_END = re.compile(r";[ \t]*(?:\r?\n|$)")


class Piece(NamedTuple):
    """One statement: ``sql`` is the text its tokens count from, which starts at ``offset`` of the whole."""

    sql: str
    offset: int
    tokens: Sequence[Token]
    trouble: str = ""  # why it has no tokens


def statements(text: str, dialect: Dialect) -> Iterator[Piece]:
    """The statements of ``text`` in order. Where the whole cannot be cut into tokens (a quote that never ends), each
    stretch up to a ``;`` at the end of a line is tried alone, and only the broken one is lost.
    """
    try:
        tokens = dialect.tokenize(text)
    except TokenError:
        yield from _one_by_one(text, dialect)
        return
    yield from _cut(text, 0, tokens)


def _cut(text: str, offset: int, tokens: Sequence[Token]) -> Iterator[Piece]:
    start = 0
    for index, token in enumerate(tokens):
        if token.token_type is TokenType.SEMICOLON or _ends_batch(tokens, index):
            if index > start:
                yield Piece(text, offset, tokens[start:index])
            start = index + 1
    if start < len(tokens):
        yield Piece(text, offset, tokens[start:])


def _ends_batch(tokens: Sequence[Token], index: int) -> bool:
    """``GO`` alone on its line (SQL Server's tools; no database takes it for a statement)."""
    token = tokens[index]
    return (
        len(token.text) == len("GO")
        and token.text.upper() == "GO"
        and (index == 0 or tokens[index - 1].line < token.line)
        and (index + 1 == len(tokens) or tokens[index + 1].line > token.line)
    )


def _one_by_one(text: str, dialect: Dialect) -> Iterator[Piece]:
    start = 0
    for end in [match.end() for match in _STATEMENT_END.finditer(text)] + [len(text)]:
        piece = text[start:end]
        if piece.strip():
            try:
                yield from _cut(piece, start, dialect.tokenize(piece))
            except TokenError as error:
                bare = piece.lstrip()
                why = "a quote or comment in it is never closed" if "tokenizing" in str(error) else str(error)[:200]
                yield Piece(bare, start + len(piece) - len(bare), (), why)
        start = end
