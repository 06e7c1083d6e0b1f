"""One text into its statements, so that none can spoil its neighbours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sqlglot.errors import TokenError
from sqlglot.tokens import TokenType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlglot.tokens import Token, Tokenizer

_STATEMENT_END = re.compile(r";[ \t]*(?:\r?\n|$)")

_DELIMITER = re.compile(r"^[ \t]*delimiter[ \t]+(\S+)[^\n]*$", re.IGNORECASE | re.MULTILINE)


class Piece(NamedTuple):
    """One statement: ``sql`` is the text its tokens count from, which starts at ``offset`` of the whole."""

    sql: str
    offset: int
    tokens: Sequence[Token]
    trouble: str = ""  # why it has no tokens


def with_semicolons(text: str) -> str:
    """``text`` of the same length with MySQL's own delimiters as semicolons; the DELIMITER lines are the client's, not SQL.

    delimiter //
    create procedure p() begin insert into t select a from s; end //
    delimiter ;
    """
    commands = list(_DELIMITER.finditer(text)) if "delimiter" in text.lower() else []
    if not commands:
        return text
    pieces = [text[: commands[0].start()]]
    for number, command in enumerate(commands):
        end = commands[number + 1].start() if number + 1 < len(commands) else len(text)
        pieces.append(" " * (command.end() - command.start()))
        mark, stretch = command[1], text[command.end() : end]
        pieces.append(stretch if mark == ";" else stretch.replace(mark, ";" + " " * (len(mark) - 1)))
    return "".join(pieces)


def statements(text: str, tokenizer: Tokenizer) -> Iterator[Piece]:
    """The statements of ``text`` in order. Where the whole cannot be cut into tokens (a quote that never ends), each
    stretch up to a ``;`` at the end of a line is tried alone, and only the broken one is lost.
    """
    text = with_semicolons(text)
    try:
        tokens = tokenizer.tokenize(text)
    except TokenError:
        yield from _one_by_one(text, tokenizer)
        return
    yield from _cut(text, 0, tokens)


def _cut(text: str, offset: int, tokens: Sequence[Token]) -> Iterator[Piece]:
    if _ENDS.isdisjoint([token.text for token in tokens]):  # one statement, as a dbt model is
        if tokens:
            yield Piece(text, offset, tokens)
        return
    start = 0
    for index, token in enumerate(tokens):
        if token.token_type is TokenType.SEMICOLON or (token.text in _BATCH_ENDS and _ends_batch(tokens, index)):
            if index > start:
                yield Piece(text, offset, tokens[start:index])
            start = index + 1
    if start < len(tokens):
        yield Piece(text, offset, tokens[start:])


_BATCH_ENDS = frozenset(("GO", "go", "Go", "gO", "/"))
_ENDS = _BATCH_ENDS | {";"}


def _ends_batch(tokens: Sequence[Token], index: int) -> bool:
    """``GO`` alone on its line (SQL Server's tools), and Oracle's ``/``: no database takes them for statements."""
    token = tokens[index]
    return (
        (index == 0 or tokens[index - 1].line < token.line)
        and (index + 1 == len(tokens) or tokens[index + 1].line > token.line)
        and (token.text != "/" or index == 0 or tokens[index - 1].token_type is TokenType.SEMICOLON)
    )


def _one_by_one(text: str, tokenizer: Tokenizer) -> Iterator[Piece]:
    start = 0
    for end in [match.end() for match in _STATEMENT_END.finditer(text)] + [len(text)]:
        piece = text[start:end]
        if piece.strip():
            try:
                yield from _cut(piece, start, tokenizer.tokenize(piece))
            except TokenError as error:
                bare = piece.lstrip()
                why = "a quote or comment in it is never closed" if "tokenizing" in str(error) else str(error)[:200]
                yield Piece(bare, start + len(piece) - len(bare), (), why)
        start = end
