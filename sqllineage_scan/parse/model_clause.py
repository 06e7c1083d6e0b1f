"""Oracle's MODEL: a spreadsheet over the rows of a query. Its measures are computed by rules, the rest passes through.

select c, y, amt from s model partition by (c) dimension by (y) measures (amt) rules (amt[2025] = amt[2024] * 2)
select c, y, model(amt, amt) as amt from s                            as which it is read
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot.tokens import Token, TokenType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Tokens = list[Token]


def respell_model(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001 -- a table's signature
    """Without the clause, and every measure that a rule assigns made of the measures that its rules read."""
    words = [token.text.upper() for token in tokens]
    if "MODEL" not in words or "MEASURES" not in words:
        return tokens
    start, measures = words.index("MODEL"), words.index("MEASURES")
    behind = _behind(tokens, measures + 1)
    rules = next((index for index in range(behind, len(tokens)) if tokens[index].token_type is TokenType.L_PAREN), behind)
    end = _behind(tokens, rules)
    defined = dict(_measures(tokens[measures + 2 : behind - 1]))
    read = _read(tokens[rules + 1 : end - 1], defined)
    first = max((index for index in range(start) if tokens[index].token_type is TokenType.SELECT), default=0)
    last = next((index for index in range(first, start) if tokens[index].token_type is TokenType.FROM), start)
    shown: Tokens = []
    for index in range(first + 1, last):
        token = tokens[index]
        alone = tokens[index - 1].token_type in (TokenType.SELECT, TokenType.COMMA) and tokens[index + 1].token_type in (
            TokenType.COMMA,
            TokenType.FROM,
        )
        name = token.text.lower()
        shown.extend(
            _computed(token, [defined[each] for each in (name, *read.get(name, ()))]) if alone and name in read else [token]
        )
    return [*tokens[: first + 1], *shown, *tokens[last:start], *tokens[end:]]


def _computed(name: Token, parts: list[Tokens]) -> Tokens:
    """``model(amt, qty) as amt``."""

    def made(kind: TokenType, text: str) -> Token:
        return Token(kind, text, name.line, name.col, name.start, name.end)

    inside = [token for part in parts for token in (made(TokenType.COMMA, ","), *part)][1:]
    opened = [made(TokenType.VAR, "model"), made(TokenType.L_PAREN, "(")]
    return [*opened, *inside, made(TokenType.R_PAREN, ")"), made(TokenType.ALIAS, "as"), name]


def _measures(tokens: Tokens) -> Iterator[tuple[str, Tokens]]:
    """``amt, price * qty as total``: each name with its expression."""
    for item in _items(tokens):
        named = len(item) > 2 and item[-2].token_type is TokenType.ALIAS  # noqa: PLR2004 -- a as b
        yield item[-1].text.lower(), item[:-2] if named else item


def _read(tokens: Tokens, defined: Mapping[str, Tokens]) -> dict[str, list[str]]:
    """The measures that rules assign, each with those that stand on the right of its rules."""
    found: dict[str, list[str]] = {}
    for rule in _items(tokens):
        assigned = next((index for index, token in enumerate(rule) if token.text.lower() in defined), None)
        equals = next((index for index, token in enumerate(rule) if token.token_type is TokenType.EQ), len(rule))
        if assigned is None or assigned > equals:
            continue
        used = found.setdefault(rule[assigned].text.lower(), [])
        right = (token.text.lower() for token in rule[equals + 1 :])
        used.extend(name for name in right if name in defined and name not in used)
    return found


def _items(tokens: Tokens) -> Iterator[Tokens]:
    start = depth = 0
    for index, token in enumerate(tokens):
        depth += token.token_type in (TokenType.L_PAREN, TokenType.L_BRACKET)
        depth -= token.token_type in (TokenType.R_PAREN, TokenType.R_BRACKET)
        if depth == 0 and token.token_type is TokenType.COMMA:
            yield tokens[start:index]
            start = index + 1
    if tokens[start:]:
        yield tokens[start:]


def _behind(tokens: Tokens, index: int) -> int:
    """Behind the group that opens at ``index``."""
    depth = 0
    for end in range(index, len(tokens)):
        depth += (tokens[end].token_type is TokenType.L_PAREN) - (tokens[end].token_type is TokenType.R_PAREN)
        if depth == 0:
            return end + 1
    return len(tokens)
