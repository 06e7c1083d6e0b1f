"""How deeply a statement nests. sqlglot's compiled parser counts no levels where queries nest: it would run through the end of
the stack, which ends the process.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot.tokens import TokenType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot.tokens import Token

TOO_DEEP = "nested too deeply"
SHALLOW = 500  # levels inside each other that any thread has room for: 3,000 took less than 8 MB
DEEPEST = 20_000  # that the big stack has room for, with as much again to spare
_OPENING = frozenset((TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE))
_CLOSING = frozenset((TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE))
_CLOSES_JOIN = (TokenType.ON, TokenType.USING, TokenType.CROSS, TokenType.NATURAL)
_OPEN_JOINS = 12  # without a condition: the parser tries each inside the one before and behind it, 2 to the number of them
_NESTED_TYPES = frozenset((TokenType.ARRAY, TokenType.STRUCT, TokenType.MAP, TokenType.NESTED, TokenType.OBJECT, TokenType.LIST))


def nesting(tokens: Sequence[Token]) -> int:
    """How deeply the parser may have to nest, where that is so much that it matters: parentheses inside each other;
    ``a join b join c … on … on …``; ``array<array<…``; DuckDB's ``from from …``.
    """
    kinds = [token.token_type for token in tokens]
    if kinds.count(TokenType.JOIN) - sum(map(kinds.count, _CLOSES_JOIN)) > _OPEN_JOINS:
        return DEEPEST + 1
    if len(tokens) <= 2 * SHALLOW:
        return 0
    depth = deepest = 0
    for kind in kinds:
        if kind in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif kind in _CLOSING:
            depth -= 1
    pairs = Counter(pairwise(kinds))
    types = sum(count for (first, then), count in pairs.items() if then is TokenType.LT and first in _NESTED_TYPES)
    return max(deepest, types, kinds.count(TokenType.JOIN), pairs[TokenType.FROM, TokenType.FROM])
