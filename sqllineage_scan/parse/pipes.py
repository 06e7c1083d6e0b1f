"""Pipe syntax: ``from t |> set a = a + 1 |> drop b |> rename c as d``. What sqlglot does not know becomes ``|> select``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot.tokens import Token, TokenType

if TYPE_CHECKING:
    from collections.abc import Iterator

Tokens = list[Token]
_KEEPS_ORDER = frozenset("SELECT EXTEND SET DROP RENAME AS WHERE WINDOW".split())


def respell_pipes(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001 -- a table's signature
    """``|> drop b`` as ``|> select * except (b)``, and so on; ``table t |> …`` as ``from t |> …``."""
    found: Tokens = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.token_type is TokenType.PIPE_GT and index + 1 < len(tokens):
            end = _end(tokens, index + 1)
            found.append(token)
            found.extend(_operator(tokens[index + 1 : end]))
            if tokens[index + 1].text.upper() in ("ORDER", "ORDER BY"):
                found.extend(_cut_later(tokens, end))
            index = end
            continue
        starts = not found or found[-1].token_type in (TokenType.L_PAREN, TokenType.ALIAS)
        if token.text.upper() == "TABLE" and starts and _pipes(tokens, index):
            token = _like(TokenType.FROM, "from", token)
        found.append(token)
        index += 1
    return found


def _operator(tokens: Tokens) -> Tokens:
    head, rest = tokens[0], tokens[1:]
    word = head.text.upper()
    if word == "WINDOW":
        return [_like(TokenType.VAR, "EXTEND", head), *rest]
    table = next((place for place, token in enumerate(rest) if token.text.upper() == "TABLE"), None)
    if word in ("UNION", "EXCEPT", "INTERSECT") and table is not None and rest[table - 1].token_type is not TokenType.L_PAREN:
        last = rest[-1]  # Spark: |> union all table t
        opened = [_like(TokenType.L_PAREN, "(", last), _like(TokenType.FROM, "FROM", last)]
        return [head, *rest[:table], *opened, *rest[table + 1 :], _like(TokenType.R_PAREN, ")", last)]
    if word not in ("SET", "DROP", "RENAME") or not rest:
        return tokens
    if word == "SET":
        kind, text, inner = TokenType.VAR, "REPLACE", [word for item in _items(rest) for word in _replaced(item)]
    elif word == "DROP":
        kind, text, inner = TokenType.EXCEPT, "EXCEPT", rest
    else:
        kind, text, inner = TokenType.VAR, "RENAME", rest
    start = [_like(TokenType.SELECT, "SELECT", head), _like(TokenType.STAR, "*", head), _like(kind, text, head)]
    return [*start, _like(TokenType.L_PAREN, "(", head), *inner, _like(TokenType.R_PAREN, ")", rest[-1])]


def _cut_later(tokens: Tokens, start: int) -> Tokens:
    """``|> order by a |> select b |> limit 5``: the order goes through what keeps the rows, so the limit is said at once, too."""
    index = start
    while index + 1 < len(tokens) and tokens[index].token_type is TokenType.PIPE_GT:
        end = _end(tokens, index + 1)
        word = tokens[index + 1].text.upper()
        if word == "LIMIT":
            return tokens[index:end] if index > start else []
        if word not in _KEEPS_ORDER:
            break
        index = end
    return []


def _replaced(item: Tokens) -> Tokens:
    """``a = b + 1`` as ``b + 1 as a``, with the comma before it."""
    comma = item[:1] if item[0].token_type is TokenType.COMMA else []
    name, value = item[len(comma)], item[len(comma) + 2 :]
    return [*comma, *value, _like(TokenType.ALIAS, "AS", name), name]


def _items(tokens: Tokens) -> Iterator[Tokens]:
    """Cut before each comma that stands in no brackets."""
    start = depth = 0
    for index, token in enumerate(tokens):
        depth += _step(token)
        if depth == 0 and token.token_type is TokenType.COMMA:
            yield tokens[start:index]
            start = index
    yield tokens[start:]


def _end(tokens: Tokens, start: int) -> int:
    """Where the operator that starts at ``start`` ends: before the next pipe, or the bracket around the pipeline."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += _step(tokens[index])
        if depth < 0 or (depth == 0 and tokens[index].token_type is TokenType.PIPE_GT):
            return index
    return len(tokens)


def _pipes(tokens: Tokens, start: int) -> bool:
    """Whether ``table a.b`` is followed by a pipe."""
    index = start + 1
    while index + 1 < len(tokens) and tokens[index + 1].token_type is TokenType.DOT:
        index += 2
    return index + 1 < len(tokens) and tokens[index + 1].token_type is TokenType.PIPE_GT


def _step(token: Token) -> int:
    opens = token.token_type in (TokenType.L_PAREN, TokenType.L_BRACKET)
    return opens - (token.token_type in (TokenType.R_PAREN, TokenType.R_BRACKET))


def _like(kind: TokenType, text: str, token: Token) -> Token:
    """A word that is not written, at the place of one that is."""
    return Token(kind, text, token.line, token.col, token.start, token.end)
