"""What respelling a statement's tokens takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot.tokens import Token, TokenType

if TYPE_CHECKING:
    from collections.abc import Sequence


def behind_group(tokens: Sequence[Token], index: int) -> int:
    """The index behind the group that opens at ``index``; the end where it never closes."""
    depth = 0
    for end in range(index, len(tokens)):
        depth += (tokens[end].token_type is TokenType.L_PAREN) - (tokens[end].token_type is TokenType.R_PAREN)
        if depth == 0:
            return end + 1
    return len(tokens)


def made(kind: TokenType, text: str, like: Token) -> Token:
    """A word that is not written, at the place of one that is."""
    return Token(kind, text, like.line, like.col, like.start, like.end)


def is_word(token: Token, word: str) -> bool:
    return token.text.upper() == word
