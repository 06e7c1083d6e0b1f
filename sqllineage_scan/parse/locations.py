"""Stages and paths where the parser wants a table: each becomes a stand-in identifier that means the file.

from @st/path (file_format => 'f') s   ->   from file__0 s
$1:v::int                              ->   "$1":v::int, a column of the stage
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot.tokens import Token, TokenType

from sqllineage_scan.parse.files import file_name
from sqllineage_scan.parse.words import STRINGS, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.parse.reader import Reader
    from sqllineage_scan.parse.scope import Scope

_BEFORE_PATH = ("FROM", "JOIN")
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


def with_paths(tokens: Sequence[Token], scope: Scope) -> tuple[list[Token], Scope]:
    """The tokens of a query with stand-ins for the paths in its FROM, and the scope that knows what they mean."""
    names: dict[str, RelationName] = dict(scope.text.names)
    words = words_of(tokens)
    found = [
        _stand_in(token, names) if index and words[index - 1] in _BEFORE_PATH and token.token_type in STRINGS else token
        for index, token in enumerate(tokens)
    ]
    return found, replace(scope, text=replace(scope.text, names=names))


def _stand_in(token: Token, names: dict[str, RelationName]) -> Token:
    name = f"{_STAND_IN}{len(names)}"
    names[name] = file_name(token.text)
    return Token(TokenType.VAR, name, token.line, token.col, token.start, token.end, [])
