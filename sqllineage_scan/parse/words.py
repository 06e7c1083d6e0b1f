"""Tokens read as words: what SQL around SQL (scripts, routines, COPY) is understood by, where no syntax tree is to be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot.tokens import TokenType

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlglot.tokens import Token

_QUOTED = frozenset(
    {
        TokenType.STRING,
        TokenType.RAW_STRING,
        TokenType.HEREDOC_STRING,
        TokenType.NATIONAL_STRING,
        TokenType.BYTE_STRING,
        TokenType.IDENTIFIER,
    }
)
STRINGS = _QUOTED - {TokenType.IDENTIFIER}


def word(token: Token) -> str:
    """The token in upper case; ``""`` for anything in quotes, which is never a keyword."""
    return "" if token.token_type in _QUOTED else token.text.upper()


def words_of(tokens: Sequence[Token]) -> list[str]:
    """``word`` of each."""
    return ["" if token.token_type in _QUOTED else token.text.upper() for token in tokens]


def find_at_top(words: Sequence[str], wanted: Collection[str], start: int = 0, end: int | None = None) -> int:
    """The first of ``wanted`` outside parentheses and outside CASE … END; -1 when there is none.

    if (select max(a) from t) > case when b then 1 end then insert …
                                                       ^^^^
    """
    depth = cases = 0
    for index in range(start, len(words) if end is None else end):
        each = words[index]
        if depth == 0 and cases == 0 and each in wanted:
            return index
        if each in ("(", "["):
            depth += 1
        elif each in (")", "]"):
            depth -= 1
        elif each == "CASE":
            cases += 1
        elif each == "END" and cases:
            cases -= 1
    return -1


def split_at_top(words: Sequence[str], separator: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The stretches between separators outside parentheses, as (first, behind the last)."""
    last = len(words) if end is None else end
    parts: list[tuple[int, int]] = []
    while True:
        found = find_at_top(words, (separator,), start, last)
        if found < 0:
            break
        parts.append((start, found))
        start = found + 1
    parts.append((start, last))
    return [(first, behind) for first, behind in parts if first < behind]


def behind_group(words: Sequence[str], start: int) -> int:
    """Behind the parenthesised group that opens at ``start``; ``start`` itself where none opens there."""
    if start >= len(words) or words[start] != "(":
        return start
    depth = 0
    for index in range(start, len(words)):
        depth += (words[index] == "(") - (words[index] == ")")
        if depth == 0:
            return index + 1
    return len(words)


def behind_name(words: Sequence[str], start: int) -> int:
    """Behind a dotted name: ``db.raw.orders``, ``@t``, ``#t``, ``"a b".c``."""
    index = start
    while index < len(words):
        index += 2 if words[index] in ("@", "#", "$") else 1
        if index >= len(words) or words[index] != ".":
            return min(index, len(words))
        index += 1
    return len(words)
