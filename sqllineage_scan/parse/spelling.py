"""Syntax that sqlglot cannot read, spelled in a way that it can. Only tokens change; the text and its places stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot.tokens import Token, TokenType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Tokens = list[Token]


def respelled(tokens: Sequence[Token], sql: str, dialect: str) -> Tokens:
    """``tokens`` as the parser of ``dialect`` can read them."""
    found = list(tokens)
    for word, change in _CHANGES.get(dialect, ()):
        if any(len(token.text) == len(word) and token.text.upper() == word for token in found):
            found = change(found, sql)
    return found


def behind_group(tokens: Sequence[Token], index: int) -> int:
    """The index behind the group that opens at ``index``; the end where it never closes."""
    depth = 0
    for end in range(index, len(tokens)):
        depth += (tokens[end].token_type is TokenType.L_PAREN) - (tokens[end].token_type is TokenType.R_PAREN)
        if depth == 0:
            return end + 1
    return len(tokens)


def _made(kind: TokenType, text: str, like: Token) -> Token:
    """A word that is not written, at the place of one that is."""
    return Token(kind, text, like.line, like.col, like.start, like.end)


def _is(token: Token, word: str) -> bool:
    return token.text.upper() == word


def _apply(tokens: Tokens, sql: str) -> Tokens:
    """ClickHouse: ``* apply(x -> x + 1)`` and ``* apply max``: what is applied becomes one word."""
    found: Tokens = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        found.append(token)
        index += 1
        if not _is(token, "APPLY") or index >= len(tokens):
            continue
        grouped = tokens[index].token_type is TokenType.L_PAREN
        end = behind_group(tokens, index) if grouped else index + 1
        first, last = (tokens[index + 1], tokens[end - 2]) if grouped else (tokens[index], tokens[index])
        if not grouped and first.token_type is not TokenType.VAR:
            continue
        text = Token(TokenType.VAR, sql[first.start : last.end + 1], first.line, first.col, first.start, last.end)
        found[-1] = Token(TokenType.APPLY, token.text, token.line, token.col, token.start, token.end)
        found += [_made(TokenType.L_PAREN, "(", token), text, _made(TokenType.R_PAREN, ")", last)]
        index = end
    return found


def _columns(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001 -- a table's signature
    """ClickHouse: ``columns(a, b)`` is a list of columns, which sqlglot reads where it is a tuple."""
    found: Tokens = []
    close = -1
    for index, token in enumerate(tokens):
        if index == close:
            found.append(_made(TokenType.R_PAREN, ")", token))
        found.append(token)
        if _is(token, "COLUMNS") and index + 2 < len(tokens) and tokens[index + 1].token_type is TokenType.L_PAREN:
            end = behind_group(tokens, index + 1) - 1
            if tokens[index + 3].token_type is TokenType.COMMA:
                close = end
        elif close > 0 and _is(tokens[index - 1], "COLUMNS"):
            found.append(_made(TokenType.L_PAREN, "(", token))
    return found


_CHANGES: dict[str, tuple[tuple[str, Callable[[Tokens, str], Tokens]], ...]] = {
    "clickhouse": (("APPLY", _apply), ("COLUMNS", _columns)),
}
