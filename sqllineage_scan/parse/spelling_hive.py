"""Hive's syntax that sqlglot cannot read, spelled in a way that it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot.tokens import Token, TokenType

from sqllineage_scan.parse.token_edits import is_word, made

if TYPE_CHECKING:
    from collections.abc import Callable

Tokens = list[Token]

_BEHIND_NAMES = frozenset("CLUSTER DISTRIBUTE SORT WHERE FROM LIMIT ORDER ) ;".split()) | {
    "CLUSTER BY",
    "DISTRIBUTE BY",
    "SORT BY",
    "ORDER BY",
}


def _scripted(tokens: Tokens, sql: str) -> Tokens:
    """``map a, b using 'm.py' as k, v`` and ``reduce …`` are ``select transform (a, b) using 'm.py' as (k, v)``."""
    for index, token in enumerate(tokens):
        called = index + 1 == len(tokens) or tokens[index + 1].token_type is TokenType.L_PAREN
        if called or token.text.upper() not in ("MAP", "REDUCE"):
            continue
        using = next((at for at in range(index + 1, len(tokens)) if is_word(tokens[at], "USING")), -1)
        if using < 0 or tokens[using + 1].token_type is not TokenType.STRING:
            continue
        opened, closed = made(TokenType.L_PAREN, "(", token), made(TokenType.R_PAREN, ")", token)
        head = [made(TokenType.SELECT, "select", token), made(TokenType.VAR, "transform", token), opened]
        found = [*tokens[:index], *head, *tokens[index + 1 : using], closed, *tokens[using : using + 2]]
        start = using + 2
        if start < len(tokens) and tokens[start].token_type is TokenType.ALIAS:
            end = next((at for at in range(start, len(tokens)) if tokens[at].text.upper() in _BEHIND_NAMES), len(tokens))
            names = tokens[start + 1 : end]
            if names and names[0].token_type is not TokenType.L_PAREN:
                found += [tokens[start], opened, *names, closed]
                start = end
        return _scripted([*found, *tokens[start:]], sql)
    return tokens


def _named_by_pattern(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """``select `(ds|hr)?+.+` from t`` takes all columns whose names are of that form."""
    found: Tokens = []
    for index, token in enumerate(tokens):
        pattern = token.token_type is TokenType.IDENTIFIER and (".+" in token.text or ".*" in token.text)
        if not pattern or not index or tokens[index - 1].token_type not in (TokenType.SELECT, TokenType.COMMA):
            found.append(token)
            continue
        found += [
            made(TokenType.VAR, "columns", token),
            made(TokenType.L_PAREN, "(", token),
            made(TokenType.STRING, f"^(?:{token.text})$", token),
            made(TokenType.R_PAREN, ")", token),
        ]
    return found


HIVE: tuple[tuple[str, Callable[[Tokens, str], Tokens]], ...] = (
    ("SELECT", _named_by_pattern),
    ("MAP", _scripted),
    ("REDUCE", _scripted),
)
