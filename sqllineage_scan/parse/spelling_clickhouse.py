"""ClickHouse's syntax that sqlglot cannot read, spelled in a way that it can."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot.tokens import Token, TokenType

from sqllineage_scan.parse.token_edits import behind_group, is_word, made

if TYPE_CHECKING:
    from collections.abc import Callable

Tokens = list[Token]


def _apply(tokens: Tokens, sql: str) -> Tokens:
    """``* apply(x -> x + 1)`` and ``* apply max``: what is applied becomes one word."""
    found: Tokens = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        found.append(token)
        index += 1
        if not is_word(token, "APPLY") or index >= len(tokens):
            continue
        grouped = tokens[index].token_type is TokenType.L_PAREN
        end = behind_group(tokens, index) if grouped else index + 1
        first, last = (tokens[index + 1], tokens[end - 2]) if grouped else (tokens[index], tokens[index])
        if not grouped and first.token_type is not TokenType.VAR:
            continue
        text = Token(TokenType.VAR, sql[first.start : last.end + 1], first.line, first.col, first.start, last.end)
        found[-1] = Token(TokenType.APPLY, token.text, token.line, token.col, token.start, token.end)
        found += [made(TokenType.L_PAREN, "(", token), text, made(TokenType.R_PAREN, ")", last)]
        index = end
    return found


def _columns(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001 -- a table's signature
    """``columns(a, b)`` is a list of columns, which sqlglot reads where it is a tuple."""
    found: Tokens = []
    close = -1
    for index, token in enumerate(tokens):
        if index == close:
            found.append(made(TokenType.R_PAREN, ")", token))
        found.append(token)
        if is_word(token, "COLUMNS") and index + 2 < len(tokens) and tokens[index + 1].token_type is TokenType.L_PAREN:
            end = behind_group(tokens, index + 1) - 1
            if tokens[index + 3].token_type is TokenType.COMMA:
                close = end
        elif close > 0 and is_word(tokens[index - 1], "COLUMNS"):
            found.append(made(TokenType.L_PAREN, "(", token))
    return found


def _limit_by(tokens: Tokens, sql: str) -> Tokens:
    """of ``limit 1 by id limit 10`` sqlglot reads one; the one that chooses rows by a column is kept."""
    starts = [index for index, token in enumerate(tokens) if token.token_type is TokenType.LIMIT]
    for first, second in pairwise(starts):
        between = tokens[first:second]
        if any(is_word(token, "BY") for token in between) and not any(token.token_type is TokenType.R_PAREN for token in between):
            end = second + 2
            while end < len(tokens) and tokens[end].text.upper() in (",", "OFFSET"):
                end += 2
            return _limit_by([*tokens[:second], *tokens[end:]], sql)
    return tokens


def _date_difference(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """``timestampDiff(second, a, b)`` is dateDiff, whose unit sqlglot knows to come first."""
    names = ("TIMESTAMPDIFF", "TIMESTAMP_DIFF")
    return [made(token.token_type, "dateDiff", token) if token.text.upper() in names else token for token in tokens]


def _created(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """``replace table t … as select …``, and ``attach table t (a Int32) …`` with the whole definition behind it, are
    what CREATE is. A bare ``attach table t`` makes a table known that is there.
    """
    words = [token.text.upper() for token in tokens]
    if words[0] not in ("ATTACH", "REPLACE") or not {"TABLE", "VIEW", "DICTIONARY"} & set(words[1:3]):
        return tokens
    defined = words[0] == "REPLACE" or "(" in words or "AS" in words
    return [made(TokenType.CREATE, "create", tokens[0]), *tokens[1:]] if defined else tokens


def _clone(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """``create table t clone as u`` is what others write without AS."""
    pairs = zip(tokens[:1] + tokens[:-1], tokens, strict=True)
    return [token for before, token in pairs if not (is_word(before, "CLONE") and token.token_type is TokenType.ALIAS)]


def _chosen(tokens: Tokens, sql: str) -> Tokens:
    """``columns('^x') except (x1) replace (x2 + 1 as x2)`` is a star without what is not of that form."""
    for index, token in enumerate(tokens[:-4]):
        following = tokens[index + 4].text.upper()
        if not is_word(token, "COLUMNS") or tokens[index + 2].token_type is not TokenType.STRING or following not in _CHANGES:
            continue
        if tokens[index + 3].token_type is not TokenType.R_PAREN:
            continue
        other = made(TokenType.STRING, f"^(?!.*?(?:{tokens[index + 2].text}))", token)
        opened, closed = made(TokenType.L_PAREN, "(", token), made(TokenType.R_PAREN, ")", token)
        found = [*tokens[:index], made(TokenType.STAR, "*", token), made(TokenType.EXCEPT, "except", token), opened, other]
        if following == "EXCEPT":
            end = behind_group(tokens, index + 5) if tokens[index + 5].token_type is TokenType.L_PAREN else index + 6
            listed = tokens[index + 5 : end]
            listed = listed[1:-1] if len(listed) > 1 else listed
            found += [made(TokenType.COMMA, ",", token), *listed, closed, *tokens[end:]]
        else:
            found += [closed, *tokens[index + 4 :]]
        return _chosen(found, sql)
    return tokens


_CHANGES = ("EXCEPT", "REPLACE")


def _inner_aliases(tokens: Tokens, sql: str) -> Tokens:  # noqa: ARG001
    """Any part of an expression may be named, ``sum(a as b)``, ``group by tumble(ts) as w``: sqlglot knows ``(a as b)``."""
    opens: list[tuple[int, bool]] = []  # of each open parenthesis: where its current item begins, whether an item may be named
    begins, by = 0, False  # outside of all: where an item of GROUP BY begins
    before: dict[int, int] = {}  # a parenthesis more before a token
    behind: dict[int, int] = {}
    for index, token in enumerate(tokens):
        kind = token.token_type
        if kind is TokenType.L_PAREN:
            opens.append((index + 1, _is_call(tokens, index)))
        elif kind is TokenType.R_PAREN and opens:
            opens.pop()
        elif kind is TokenType.COMMA:
            if opens:
                opens[-1] = (index + 1, opens[-1][1])
            begins = begins if opens else index + 1
        elif kind in (TokenType.GROUP_BY, TokenType.ORDER_BY) and not opens:
            begins, by = index + 1, True
        elif kind in _CLAUSES and not opens:
            by = False
        elif (
            kind is TokenType.ALIAS
            and index + 1 < len(tokens)
            and tokens[index + 1].token_type not in (*_QUERY, TokenType.L_PAREN)
        ):
            start, names = opens[-1] if opens else (begins, by)
            if names and start < index:
                before[start] = before.get(start, 0) + 1
                behind[index + 1] = behind.get(index + 1, 0) + 1
    found: Tokens = []
    for index, token in enumerate(tokens):
        found += [made(TokenType.L_PAREN, "(", token)] * before.get(index, 0)
        found.append(token)
        found += [made(TokenType.R_PAREN, ")", token)] * behind.get(index, 0)
    return found


_QUERY = (TokenType.SELECT, TokenType.WITH, TokenType.FROM)
_CLAUSES = (
    TokenType.SELECT,
    TokenType.FROM,
    TokenType.WHERE,
    TokenType.HAVING,
    TokenType.LIMIT,
    TokenType.SETTINGS,
    TokenType.UNION,
)
_OWN_AS = frozenset("CAST TRY_CAST INTERPOLATE FROM JOIN VALUES IN USING ON AS COLUMNS APPLY REPLACE EXCEPT WITH VIEW".split())


def _is_call(tokens: Tokens, index: int) -> bool:
    """Whether the parenthesis is a function's, in which AS gives a name and no type."""
    name = tokens[index - 1] if index else None
    if name is None or not name.text.isidentifier() or name.text.upper() in _OWN_AS:
        return False
    return index + 1 < len(tokens) and tokens[index + 1].token_type not in _QUERY


CLICKHOUSE: tuple[tuple[str, Callable[[Tokens, str], Tokens]], ...] = (
    ("ATTACH", _created),
    ("REPLACE", _created),
    ("APPLY", _apply),
    ("CLONE", _clone),
    ("COLUMNS", _columns),
    ("COLUMNS", _chosen),
    ("AS", _inner_aliases),
    ("BY", _limit_by),
    ("TIMESTAMPDIFF", _date_difference),
)
