"""Stages and paths where the parser wants a table: each becomes a stand-in identifier that means the file.

from @st/path (file_format => 'f') s   ->   from file__0 s
$1:v::int                              ->   "$1":v::int, a column of the stage
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot.tokens import Token, TokenType

from sqllineage_scan.parse.files import file_name
from sqllineage_scan.parse.words import STRINGS, behind_group, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.parse.reader import Reader
    from sqllineage_scan.parse.scope import Scope

_BEFORE_PATH = ("FROM", "JOIN", ",")
_STAND_IN = "file__"


def location(reader: Reader) -> str | None:
    """The stage or the quoted path that comes next: ``@db.sc.st/path/x.csv``, ``'s3://bucket/path'``; None for anything else."""
    if reader.word() == "@":
        behind = behind_stage(reader.tokens, reader.at)
        first, last = reader.tokens[reader.at], reader.tokens[behind - 1]
        reader.at = behind
        return reader.scope.text.sql[first.start : last.end + 1]
    return reader.string()


def behind_stage(tokens: Sequence[Token], start: int) -> int:
    """A stage goes on as long as nothing stands between its tokens: ``@~/a/b.csv``, ``@sc.%t``."""
    index = start + 1
    while (
        index < len(tokens)
        and tokens[index].start == tokens[index - 1].end + 1
        and tokens[index].text not in (")", "(", ",", ";")
    ):
        index += 1
    return index


def with_locations(tokens: Sequence[Token], scope: Scope) -> tuple[list[Token], Scope]:
    """The tokens of a query with stand-ins for its stages and paths, and the scope that knows what they mean."""
    names: dict[str, RelationName] = dict(scope.text.names)
    found: list[Token] = []
    words = words_of(tokens)
    index = 0
    while index < len(tokens):
        token = tokens[index]
        behind = index + 1
        if words[index] == "$" and index + 1 < len(tokens) and tokens[index + 1].token_type is TokenType.NUMBER:
            behind = index + 2
            found.append(_in_place(token, TokenType.VAR, f"${tokens[index + 1].text}"))
        elif found and words[index - 1] in _BEFORE_PATH and (words[index] == "@" or token.token_type in STRINGS):
            is_stage = words[index] == "@"
            behind = behind_stage(tokens, index) if is_stage else index + 1
            path = scope.text.sql[token.start : tokens[behind - 1].end + 1] if is_stage else token.text
            behind = behind_group(words, behind) if is_stage else behind
            if words[index - 1] == "," and not is_stage:
                found.append(token)
            else:
                found.append(_stand_in(token, path, names))
        else:
            found.append(token)
        index = behind
    return found, replace(scope, text=replace(scope.text, names=names))


def bulk_files(tokens: Sequence[Token], scope: Scope) -> Sequence[Token]:
    """T-SQL's ``openrowset(bulk 'x.csv', format = 'CSV') with (a int) as r`` with a stand-in, whose meaning ``scope`` learns."""
    if scope.dialect.name not in ("tsql", "fabric") or not any(token.text.upper() == "OPENROWSET" for token in tokens):
        return tokens
    names: dict[str, RelationName] = dict(scope.text.names)
    words = words_of(tokens)
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        if words[index : index + 3] == ["OPENROWSET", "(", "BULK"] and tokens[index + 3].token_type in STRINGS:
            found.append(_stand_in(tokens[index], tokens[index + 3].text, names))
            index = behind_group(words, index + 1)
            if words[index : index + 2] == ["WITH", "("]:
                index = behind_group(words, index + 1)
            continue
        found.append(tokens[index])
        index += 1
    scope.text = replace(scope.text, names=names)
    return found


def _stand_in(token: Token, path: str, names: dict[str, RelationName]) -> Token:
    name = f"{_STAND_IN}{len(names)}"
    names[name] = file_name(path)
    return _in_place(token, TokenType.VAR, name)


def _in_place(token: Token, kind: TokenType, text: str) -> Token:
    return Token(kind, text, token.line, token.col, token.start, token.end, [])
