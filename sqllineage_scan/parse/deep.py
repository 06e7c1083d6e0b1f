"""Room for SQL that nests deeply. ``c1 || '|' || c2 || …`` over a wide table nests a level a column, and Python's own limit is
reached by some 240 of them. And sqlglot's compiled parser counts no levels where queries nest: it would run through the end of
the stack, which ends the process.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from sqlglot.tokens import TokenType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlglot.tokens import Token

_Result = TypeVar("_Result")

TOO_DEEP = "nested too deeply"
SHALLOW = 500  # levels inside each other that any thread has room for: 3,000 took less than 8 MB
DEEPEST = 20_000  # that the big stack has room for, with as much again to spare
_OPENING = frozenset((TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE))
_CLOSING = frozenset((TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE))
_NESTED_TYPES = frozenset((TokenType.ARRAY, TokenType.STRUCT, TokenType.MAP, TokenType.NESTED, TokenType.OBJECT, TokenType.LIST))
_LEVELS = 50_000  # calls; 10,000 parentheses take some 30,000
_STACK = 512 << 20  # bytes, of which the system gives what is used: 100,000 levels of sqlglot's compiled parser used 100 MB
_NAME = "sqllineage-scan-deep"


def nesting(tokens: Sequence[Token]) -> int:
    """How deeply the parser may have to nest, where that is so much that it matters: parentheses inside each other;
    ``a join b join c … on … on …``; ``array<array<…``; DuckDB's ``from from …``.
    """
    if len(tokens) <= 2 * SHALLOW:
        return 0
    kinds = [token.token_type for token in tokens]
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


def has_room() -> bool:
    """Whether this already is the thread with the big stack."""
    return threading.current_thread().name == _NAME


def with_room(work: Callable[[], _Result]) -> _Result:
    """``work()`` in a thread that may nest ``_LEVELS`` deep. What it raises is raised here; ``RecursionError`` also where the
    system gives no such thread.
    """
    results: list[_Result] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 -- it is raised again in the thread that waits
            raised.append(error)

    limit, stack = sys.getrecursionlimit(), threading.stack_size()
    try:
        threading.stack_size(_STACK)
        sys.setrecursionlimit(max(limit, _LEVELS))
        thread = threading.Thread(target=run, name=_NAME)
        thread.start()
        thread.join()
    except (RuntimeError, ValueError) as error:
        raise RecursionError("no thread with a stack so big") from error
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(stack)
    if raised:
        raise raised[0]
    return results[0]
