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


_STARTERS = frozenset(
    "SELECT INSERT UPDATE DELETE MERGE CREATE ALTER DROP TRUNCATE WITH DECLARE SET EXEC EXECUTE IF BEGIN END PRINT USE".split()
)
_GOES_ON = frozenset("UNION ALL EXCEPT INTERSECT MINUS AS THEN DO FOR ON BY NOT OR AND ELSE WITH , ( =".split())


def without_semicolons(piece: Piece) -> list[Piece]:
    """A batch whose statements only begin on new lines, as SQL Server allows:

    select a into #x from t
    insert into y (p)
    select a from #x
    """
    pieces: list[Piece] = []
    start = 0
    for index in range(1, len(piece.tokens)):
        if _begins(piece.tokens, start, index):
            pieces.append(Piece(piece.sql, piece.offset, piece.tokens[start:index]))
            start = index
    return [*pieces, Piece(piece.sql, piece.offset, piece.tokens[start:])] if pieces else []


def _begins(tokens: Sequence[Token], start: int, index: int) -> bool:
    """Whether a new statement begins at ``index``, in a batch whose current statement began at ``start``."""
    token, before = tokens[index], tokens[index - 1]
    word = token.text.upper()
    if word not in _STARTERS or token.line <= before.line or before.text.upper() in _GOES_ON:
        return False
    words = [each.text.upper() for each in tokens[start:index]]
    is_body = words[0] in ("CREATE", "ALTER") and {"PROCEDURE", "PROC", "FUNCTION", "TRIGGER"} & set(words[:4])
    if is_body or words.count("(") != words.count(")"):
        return False
    if word == "SET":
        return words[0] not in ("UPDATE", "MERGE") or "SET" in words
    inside = {"INSERT": {"SELECT", "VALUES", "EXEC", "EXECUTE"}, "WITH": {"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"}}
    awaited = inside.get(words[0])
    if awaited is None or word not in (*awaited, "WITH"):
        return True
    return _at_top(tokens, start + 1, index, awaited)  # insert into t … select: the first SELECT is a part of it


def _at_top(tokens: Sequence[Token], start: int, end: int, words: set[str]) -> bool:
    depth = 0
    for token in tokens[start:end]:
        depth += (token.token_type is TokenType.L_PAREN) - (token.token_type is TokenType.R_PAREN)
        if depth == 0 and token.text.upper() in words:
            return True
    return False


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
