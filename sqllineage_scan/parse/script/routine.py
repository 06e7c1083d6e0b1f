"""Where the body of a procedure, function, trigger or task begins, and what its header says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlglot.tokens import TokenType

from sqllineage_scan.parse.words import STRINGS, behind_group, behind_name, find_at_top, split_at_top, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot.tokens import Token

_KINDS = frozenset("PROCEDURE PROC FUNCTION TRIGGER TASK EVENT MACRO PACKAGE ALERT RULE PIPE".split())
_LEADING = (["CREATE"], ["ALTER"], ["WITH"], ["PROCEDURE"], ["FUNCTION"])
_MODES = frozenset("IN OUT INOUT VARIADIC".split())
_OPENERS = frozenset(("AS", "IS", "BEGIN", "RETURN", "DO", "THEN", "DECLARE"))
_EVERY_ROW = ("FOR", "EACH", "ROW")


class Routine(NamedTuple):
    """``tokens[body:]`` is what it does. ``parameters`` as written; ``columns`` of what a table function returns.

    create function f(x int) returns table (a int) as $$ select a from t where k = x $$
    """

    kind: str
    name: tuple[Token, ...]
    parameters: tuple[Token, ...]
    body: int
    columns: tuple[Token, ...] = ()
    returns_table: bool = False
    table: tuple[Token, ...] = ()  # the one a trigger is on
    result: Token | None = None  # T-SQL: returns @r table (…)


def routine_of(tokens: Sequence[Token]) -> Routine | None:
    """The routine that a statement creates; None when it creates none or has no body in SQL's own words."""
    leading = words_of(tokens[:2])
    if leading[:1] == ["WITH"] and leading[1:] not in (["PROCEDURE"], ["FUNCTION"]):
        return None
    words = words_of(tokens[:400]) if leading[:1] in _LEADING else []
    start = _kind_at(words)
    if start < 0:
        return None
    kind = "PROCEDURE" if words[start] == "PROC" else words[start]
    at = start + 1
    if words[start] == "PACKAGE" and at < len(words) and words[at] == "BODY":
        at += 1
    if words[at : at + 3] == ["IF", "NOT", "EXISTS"]:
        at += 3
    behind = behind_name(words, at)
    name = tuple(tokens[at:behind])
    parameters_end = behind_group(words, behind)
    body = _body(words, parameters_end, kind)
    if body < 0:
        return None
    listed = _parameters(tokens, words, behind, parameters_end, body)
    on = words.index("ON") if kind in ("TRIGGER", "RULE") and "ON" in words[:body] else -1
    if kind == "RULE":
        on = words.index("TO") if "TO" in words[:body] else -1
    table = tuple(tokens[on + 1 : behind_name(words, on + 1)]) if on >= 0 else ()
    columns, returns_table, result = _returned(tokens, words, parameters_end, body)
    return Routine(kind, name, listed, body, columns, returns_table or "TABLE" in words[:start], table, result)


def _kind_at(words: Sequence[str]) -> int:
    """``create or replace temp function``: where FUNCTION stands; inside a package it stands first."""
    if words and words[0] in ("PROCEDURE", "FUNCTION"):
        return 0
    if words[:1] == ["WITH"] and words[1:2] in (["PROCEDURE"], ["FUNCTION"]) and "RETURNS" not in words:  # Oracle's, in a query
        return 1
    if not words or words[0] not in ("CREATE", "ALTER"):
        return -1
    for index in range(1, min(len(words), 9)):
        if words[index] in _KINDS:
            return index
        if words[index] in ("VIEW", "SCHEMA", "INDEX", "DATABASE", "(", "AS") or (
            words[index] == "TABLE" and words[index + 1 : index + 2] != ["FUNCTION"]
        ):
            return -1
    return -1


def _body(words: Sequence[str], start: int, kind: str) -> int:
    """The first token of the body.

    … as $$ …      … is v number; begin …      … returns int return x + 1      … for each row insert …      … as select …
    """
    at = start
    while True:
        found = find_at_top(words, (*_OPENERS, "EACH", "EXECUTE", "AGGREGATE"), at)
        if found < 0:
            return _bare_trigger(words, start) if kind == "TRIGGER" else -1
        word = words[found]
        if word == "EACH":
            at = found + 1
            row = found + 2 if words[found + 1 : found + 2] in (["ROW"], ["STATEMENT"]) else found + 1
            if kind == "TRIGGER" and row < len(words) and words[row] in ("INSERT", "UPDATE", "DELETE", "SET", "CALL", "REPLACE"):
                return row
        elif word == "EXECUTE":
            if words[found + 1 : found + 2] in (["FUNCTION"], ["PROCEDURE"]):
                return -1  # create trigger … execute function f(): its body is a function's
            at = found + 2
        elif word in ("AS", "IS"):
            if kind == "RULE" or words[found + 1 : found + 2] in (["LANGUAGE"], ["RETURN"]):
                at = found + 1
                continue
            return found + 1
        elif word == "RETURN":
            return _behind_result(words, found)
        elif word == "DO" and kind == "RULE":
            return found + 1 + int(words[found + 1 : found + 2] in (["ALSO"], ["INSTEAD"]))
        elif word == "DO" and kind != "EVENT":
            at = found + 1
        else:
            return found + int(word in ("DO", "THEN"))


def _behind_result(words: Sequence[str], at: int) -> int:
    """Oracle: ``return date is``, ``return t_rows pipelined as``; else RETURN begins the body, ``return x is null``; but where
    a package only says what it has, ``function f return date``, there is none.
    """
    found = find_at_top(words, ("IS", "AS"), at, min(at + 12, len(words)))
    stretch = words[at:found]
    if found < 0 or "SELECT" in stretch or words[found + 1 : found + 2] in (["NULL"], ["NOT"], ["DISTINCT"], ["TRUE"], ["FALSE"]):
        return -1 if words[0] == "FUNCTION" else at
    return found + 1


def _bare_trigger(words: Sequence[str], start: int) -> int:
    return -1 if start >= len(words) else find_at_top(words, ("SELECT", "WITH"), start)


def _parameters(tokens: Sequence[Token], words: Sequence[str], start: int, end: int, body: int) -> tuple[Token, ...]:
    """The names: ``(in x int, y out varchar)``, and T-SQL's ``@x int, @y int = 1`` without parentheses."""
    first, last = (start + 1, end - 1) if end > start else (end, body)
    found = []
    for begin, behind in split_at_top(words, ",", first, last):
        if _within_type(words, first, begin):  # x array<struct<a int64, b int64>>
            continue
        at = begin
        while at < behind - 1 and words[at] in _MODES:
            at += 1
        if words[at] == "@" and at + 1 < behind:
            at += 1
        elif end == start:  # without parentheses only T-SQL has any, and they begin with @
            continue
        found.append(tokens[at])
    return tuple(found)


def _within_type(words: Sequence[str], start: int, at: int) -> bool:
    opened = "".join(words[start:at])
    return opened.count("<") > opened.count(">")


def _returned(
    tokens: Sequence[Token], words: Sequence[str], start: int, body: int
) -> tuple[tuple[Token, ...], bool, Token | None]:
    """What RETURNS says of a table: its columns, and T-SQL's name for it."""
    if "PIPELINED" in words[start:body]:  # Oracle: return t_rows pipelined is
        return (), True, None
    at = find_at_top(words, ("RETURNS",), start, body)
    if at < 0 or at + 1 >= len(words):
        return (), False, None
    result = tokens[at + 2] if words[at + 1] == "@" and at + 2 < len(words) else None
    at += 3 if result is not None else 1
    if at < len(words) and words[at] == "SETOF":
        return (), True, None
    if at >= len(words) or words[at] != "TABLE":
        return (), False, None
    group = at + 1
    if group < len(words) and words[group] == "<":  # BigQuery: returns table<a int64, b string>
        end = next((index for index in range(group, len(words)) if words[index] == ">"), group)
    else:
        end = behind_group(words, group) - 1
    columns = tuple(tokens[first] for first, _ in split_at_top(words, ",", group + 1, end)) if end > group else ()
    return columns, True, result


def body_text(tokens: Sequence[Token], body: int) -> Token | None:
    """The string that holds the body, where it is one: ``as $$ … $$``, ``as 'x + 1'``."""
    if body < len(tokens) and tokens[body].token_type in STRINGS:
        return tokens[body]
    return None


def language_of(tokens: Sequence[Token]) -> str:
    """``language plpgsql``; ``sql`` where it is not said."""
    for index, token in enumerate(tokens[:-1]):
        if token.text.upper() == "LANGUAGE" and token.token_type is not TokenType.STRING:
            return str(tokens[index + 1].text).lower()
    return "sql"
