"""Teradata's syntax that sqlglot cannot read, spelled in a way that it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot.tokens import Token, TokenType

from sqllineage_scan.parse.token_edits import behind_group, is_word, made

if TYPE_CHECKING:
    from collections.abc import Callable

Tokens = list[Token]

_SHOWN = frozenset(("FORMAT", "TITLE", "CASESPECIFIC", "UPPERCASE"))


def _phrases(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """``a (named b)`` is ``a as b``; ``a (format 'zz9')`` and ``a (title 'A')`` only say how a is shown."""
    found: Tokens = []
    index = 0
    while index < len(tokens):
        word = tokens[index + 1] if index + 1 < len(tokens) else tokens[index]
        if tokens[index].token_type is TokenType.L_PAREN and is_word(word, "NAMED"):
            found += [made(TokenType.ALIAS, "as", word), *tokens[index + 2 : behind_group(tokens, index) - 1]]
            index = behind_group(tokens, index)
        elif tokens[index].token_type is TokenType.L_PAREN and word.text.upper() in _SHOWN and _is_phrase(tokens, index):
            index = behind_group(tokens, index)
        else:
            found.append(tokens[index])
            index += 1
    return found


def _is_phrase(tokens: Tokens, index: int) -> bool:
    """Not of a column that is called so: ``sum(title)``."""
    behind = tokens[index + 2] if index + 2 < len(tokens) else tokens[-1]
    return behind.token_type is TokenType.STRING or tokens[index + 1].text.upper() in ("CASESPECIFIC", "UPPERCASE")


TERADATA: tuple[tuple[str, Callable[[Tokens, str], Tokens]], ...] = (
    ("NAMED", _phrases),
    ("FORMAT", _phrases),
    ("TITLE", _phrases),
)
