"""Values that are given from outside, written in ways of which sqlglot knows only some: ``:1``, ``?1``, ``%s``, ``%(name)s``,
``&name``, ``${name}``. Each becomes one word: a placeholder, or a name that is known no better where a name must stand.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot.tokens import Token, TokenType

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGNS = (":", "?", "%", "&", "${")
_FIRST = frozenset({TokenType.PLACEHOLDER, TokenType.PARAMETER, TokenType.COLON, TokenType.MOD, TokenType.AMP, TokenType.DAMP})
_ENDS_OPERAND = (TokenType.VAR, TokenType.NUMBER, TokenType.STRING, TokenType.IDENTIFIER, TokenType.R_PAREN, TokenType.R_BRACKET)
_BEFORE_NAMES = frozenset({"FROM", "JOIN", "INTO", "TABLE", "VIEW", "UPDATE", "EXISTS", "."})
_FORMATS = frozenset({"s", "d", "f", "i"})


def binds_as_one(tokens: list[Token], sql: str) -> list[Token]:
    """``tokens`` with a single word for each such value."""
    if not tokens or not any(sql.find(sign, tokens[0].start, tokens[-1].end + 1) >= 0 for sign in _SIGNS):
        return tokens  # nearly always
    if _FIRST.isdisjoint([token.token_type for token in tokens]):
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        width = _width(tokens, index)
        token = tokens[index]
        if width:
            last = tokens[index + width - 1]
            named = token.token_type is TokenType.VAR or (
                token.token_type is TokenType.PARAMETER and _is_name(tokens, index, index + width)
            )
            kind, text = (TokenType.VAR, sql[token.start : last.end + 1]) if named else (TokenType.PLACEHOLDER, "?")
            token = Token(kind, text, token.line, token.col, token.start, last.end)
        found.append(token)
        index += width or 1
    return found


def _width(tokens: Sequence[Token], index: int) -> int:
    """How many words a bind at ``index`` takes; 0 where there is none."""
    token = tokens[index]
    kind = token.token_type
    if kind is TokenType.PLACEHOLDER:
        return 2 if _touching(tokens, index, 2) and tokens[index + 1].token_type is TokenType.NUMBER else 0
    if kind is TokenType.PARAMETER:
        return _braced(tokens, index)
    if kind is TokenType.VAR:  # orders_${env}
        rest = _braced(tokens, index + 1) if _touching(tokens, index, 3) else 0
        return rest and rest + 1
    if kind not in (TokenType.COLON, TokenType.MOD, TokenType.AMP, TokenType.DAMP):
        return 0
    if index and tokens[index - 1].token_type in _ENDS_OPERAND:
        return 0  # v:1, a % s, a & b
    if kind is TokenType.COLON:
        return 2 if _touching(tokens, index, 2) and tokens[index + 1].token_type is TokenType.NUMBER else 0
    if kind in (TokenType.AMP, TokenType.DAMP):
        return 2 if _touching(tokens, index, 2) and tokens[index + 1].token_type is TokenType.VAR else 0
    return _formatted(tokens, index)


def _braced(tokens: Sequence[Token], index: int) -> int:
    """``${name}``, with what touches it: ``${env}_orders``."""
    end = index
    while _touching(tokens, end, 2) and tokens[end].token_type is TokenType.PARAMETER:
        close = next((place for place in range(end, len(tokens)) if tokens[place].token_type is TokenType.R_BRACE), None)
        if tokens[end + 1].token_type is not TokenType.L_BRACE or close is None:
            break
        end = close + 1
        while _touching(tokens, end - 1, 2) and tokens[end].token_type is TokenType.VAR:
            end += 1
        if not _touching(tokens, end - 1, 2):
            break
    return end - index


def _is_name(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a table's or a schema's name stands there: ``from ${db}.orders``."""
    before = tokens[start - 1].text.upper() if start else ""
    return before in _BEFORE_NAMES or (end < len(tokens) and tokens[end].token_type is TokenType.DOT)


def _formatted(tokens: Sequence[Token], index: int) -> int:
    """``%s`` and ``%(name)s`` of Python's drivers."""
    if _touching(tokens, index, 2) and tokens[index + 1].text in _FORMATS:
        return 2
    named = _touching(tokens, index, 5) and tokens[index + 1].token_type is TokenType.L_PAREN
    return 5 if named and tokens[index + 3].token_type is TokenType.R_PAREN and tokens[index + 4].text in _FORMATS else 0


def _touching(tokens: Sequence[Token], index: int, count: int) -> bool:
    """Whether the next words stand there with nothing between them."""
    words = tokens[index : index + count]
    return len(words) == count and all(after.start == word.end + 1 for word, after in pairwise(words))
