"""SQL Server's syntax that sqlglot cannot read, spelled in a way that it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot.tokens import Token, TokenType

from sqllineage_scan.parse.token_edits import behind_group, is_word

if TYPE_CHECKING:
    from collections.abc import Callable

Tokens = list[Token]


def _value_of_xml(tokens: Tokens, sql: str) -> Tokens:
    """``(select … for xml path(''), type).value('.', 'nvarchar(max)')`` is the text of the rows, as it is without ``value``. The
    parser takes the names of a query for something else once a method is called on it.
    """
    opened: list[int] = []
    for index, token in enumerate(tokens):
        if token.token_type is TokenType.L_PAREN:
            opened.append(index)
        elif token.token_type is TokenType.R_PAREN and opened:
            start = opened.pop()
            called = tokens[index + 1 : index + 4]
            method = len(called) == 3 and called[0].token_type is TokenType.DOT and is_word(called[1], "VALUE")  # noqa: PLR2004
            if method and is_word(tokens[start + 1], "SELECT"):
                return _value_of_xml([*tokens[: index + 1], *tokens[behind_group(tokens, index + 3) :]], sql)
    return tokens


def _namespaces(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """``with xmlnamespaces ('uri' as n) select …``, ``with xmlnamespaces (…), c as (…) select …``"""
    at = next((index for index, token in enumerate(tokens) if is_word(token, "XMLNAMESPACES")), 0)
    if not at or not is_word(tokens[at - 1], "WITH"):
        return tokens
    behind = behind_group(tokens, at + 1)
    if behind < len(tokens) and tokens[behind].token_type is TokenType.COMMA:
        return [*tokens[:at], *tokens[behind + 1 :]]
    return [*tokens[: at - 1], *tokens[behind:]]


TSQL: tuple[tuple[str, Callable[[Tokens, str], Tokens]], ...] = (("XML", _value_of_xml), ("XMLNAMESPACES", _namespaces))
