"""Where the items of every SELECT list begin and end, read off the tokens: the syntax tree does not remember it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot.tokens import TokenType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot.tokens import Token

_OPEN = {TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE}
_CLOSE = {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE}
_END = {
    TokenType.FROM,
    TokenType.INTO,
    TokenType.WHERE,
    TokenType.GROUP_BY,
    TokenType.HAVING,
    TokenType.QUALIFY,
    TokenType.ORDER_BY,
    TokenType.LIMIT,
    TokenType.UNION,
    TokenType.EXCEPT,
    TokenType.INTERSECT,
    TokenType.WINDOW,
    TokenType.FETCH,
    TokenType.SEMICOLON,
}
_TURNS = frozenset(_OPEN | _CLOSE | _END | {TokenType.SELECT, TokenType.COMMA})
_AFTER_TOP = ("PERCENT", "WITH", "TIES")


@dataclass(slots=True)
class SelectList:
    """``items[i]`` is the first and the last token of item *i*; offsets ``[start, end)`` span the whole list."""

    start: int
    end: int = 0
    items: list[tuple[int, int]] = field(default_factory=list)


def select_lists(tokens: Sequence[Token]) -> list[SelectList]:
    """All SELECT lists of a statement, by their start.

    select a, (select max(b) from u) as m from t
           ^^  ^^^^^^^^^^^^^^^^^^^^^^^^^^^           two items; and one list more inside the second
    """
    reader = _Reader(tokens)
    for index, token in enumerate(tokens):
        if token.token_type in _TURNS:
            reader.read(index, token.token_type)
    reader.close_list(len(tokens) - 1)
    return reader.found


class _Reader:
    """Goes over the tokens once; ``open_lists`` has one place for every open bracket."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.found: list[SelectList] = []
        self.open_lists: list[SelectList | None] = [None]
        self.item_starts = [0]

    def read(self, index: int, kind: TokenType) -> None:
        if kind is TokenType.SELECT:
            self._open_list(index)
        elif kind in _OPEN:
            self.open_lists.append(None)
            self.item_starts.append(0)
        elif kind in _CLOSE:
            self.close_list(index - 1)
            if len(self.open_lists) > 1:
                self.open_lists.pop()
                self.item_starts.pop()
        elif self.open_lists[-1] is not None:
            self._inside(index, kind)

    def _open_list(self, index: int) -> None:
        current = SelectList(self.tokens[index].end + 1)
        self.found.append(current)
        self.open_lists[-1] = current
        self.item_starts[-1] = _first_item(self.tokens, index + 1)

    def _inside(self, index: int, kind: TokenType) -> None:
        if kind is TokenType.COMMA and index >= self.item_starts[-1]:
            self._close_item(index - 1)
            self.item_starts[-1] = index + 1
        elif index < self.item_starts[-1]:
            return
        elif kind in _END and not _is_distinct_from(self.tokens, index) and not _is_star_except(self.tokens, index):
            self.close_list(index - 1)

    def _close_item(self, last: int) -> None:
        current = self.open_lists[-1]
        if current is not None and self.item_starts[-1] <= last:
            current.items.append((self.item_starts[-1], last))

    def close_list(self, last: int) -> None:
        current = self.open_lists[-1]
        if current is not None:
            self._close_item(last)
            current.end = self.tokens[last].end + 1
            self.open_lists[-1] = None


def _first_item(tokens: Sequence[Token], index: int) -> int:
    """Behind what may stand between SELECT and its first item: ``distinct on (a)``, ``top (10) percent``, ``as struct``."""
    while index < len(tokens):
        word = tokens[index].text.upper()
        before = tokens[index - 1].text.upper()
        if word == "AS" and index + 1 < len(tokens) and tokens[index + 1].text.upper() in ("STRUCT", "VALUE"):
            index += 2
        elif (word == "ON" and before == "DISTINCT") or word == "TOP":
            index = _behind_group(tokens, index + 1)
        elif tokens[index].token_type is TokenType.HINT:
            index = next((end + 1 for end in range(index, len(tokens)) if tokens[end].text == "*/"), index + 1)
        elif word in ("DISTINCT", "ALL") or ((word in _AFTER_TOP and before in (*_AFTER_TOP, ")")) or word == "PERCENT"):
            index += 1
        else:
            break
    return index


def _behind_group(tokens: Sequence[Token], index: int) -> int:
    """Behind a parenthesised group, or behind one word: ``(a, b)``, ``10``."""
    if index >= len(tokens) or tokens[index].token_type is not TokenType.L_PAREN:
        return index + 1
    depth = 0
    for end in range(index, len(tokens)):
        depth += (tokens[end].token_type is TokenType.L_PAREN) - (tokens[end].token_type is TokenType.R_PAREN)
        if depth == 0:
            return end + 1
    return len(tokens)


def _is_distinct_from(tokens: Sequence[Token], index: int) -> bool:
    """``a is distinct from b`` goes on."""
    return tokens[index].token_type is TokenType.FROM and tokens[index - 1].token_type is TokenType.DISTINCT


def _is_star_except(tokens: Sequence[Token], index: int) -> bool:
    """``* except (a)`` goes on, ``a except select b`` does not."""
    return (
        tokens[index].token_type is TokenType.EXCEPT
        and index + 1 < len(tokens)
        and tokens[index + 1].token_type is TokenType.L_PAREN
        and tokens[index - 1].token_type is TokenType.STAR
    )
