"""``from (values (1), (2)) as v(a), t select v.a, t.b``: sqlglot reads no join behind VALUES or UNNEST where FROM comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot.tokens import Token, TokenType

from sqllineage_scan.parse.words import behind_group

if TYPE_CHECKING:
    from collections.abc import Sequence

_BEFORE_A_QUERY = frozenset("( ) ; UNION EXCEPT INTERSECT ALL NAME AS".split())


def respell_from_first(tokens: list[Token], sql: str) -> list[Token]:  # noqa: ARG001 -- a change of the spelling's signature
    """``from (select * from (values (1), (2)) as v(a)) as v, t select …``: behind a query in parentheses it does."""
    words = [token.text.upper() for token in tokens]
    found: list[Token] = []
    closing: dict[int, list[Token]] = {}
    for index, token in enumerate(tokens):
        found.extend(closing.get(index, ()))
        found.append(token)
        rows = index + 1
        if token.token_type is TokenType.FROM and _makes_rows(words, rows) and _leads(words, index):
            alias, behind = _alias(tokens, words, behind_group(words, rows + (words[rows] == "UNNEST")))
            for kind, text in (
                (TokenType.L_PAREN, "("),
                (TokenType.SELECT, "select"),
                (TokenType.STAR, "*"),
                (token.token_type, "from"),
            ):
                found.append(_made(kind, text, token))
            closing[behind] = [_made(TokenType.R_PAREN, ")", tokens[behind - 1]), *alias]
    found.extend(closing.get(len(tokens), ()))
    return found


def _makes_rows(words: Sequence[str], at: int) -> bool:
    return list(words[at : at + 2]) in (["(", "VALUES"], ["UNNEST", "("])


def _leads(words: Sequence[str], at: int) -> bool:
    """Whether a query begins with this FROM: no SELECT stands before it. ``with c as (…) from …`` does begin with it."""
    if at > 0 and words[at - 1] not in _BEFORE_A_QUERY:
        return False
    depth = 0
    for word in reversed(words[:at]):
        depth += (word == ")") - (word == "(")
        if depth < 0 or (depth == 0 and word in (";", "UNION", "EXCEPT", "INTERSECT")):
            return True
        if depth == 0 and word in ("SELECT", "DELETE", "UPDATE"):
            return False
    return True


def _alias(tokens: Sequence[Token], words: Sequence[str], at: int) -> tuple[list[Token], int]:
    """``as v(a)``: the name, to be said once more, and where it ends."""
    named = at + (words[at : at + 1] == ["AS"])
    if named >= len(tokens) or tokens[named].token_type not in (TokenType.VAR, TokenType.IDENTIFIER):
        return [], at
    listed = words[named + 1 : named + 2] == ["("]
    return [_made(TokenType.ALIAS, "as", tokens[named]), tokens[named]], behind_group(words, named + 1) if listed else named + 1


def _made(kind: TokenType, text: str, like: Token) -> Token:
    return Token(kind, text, like.line, like.col, like.start, like.end)
