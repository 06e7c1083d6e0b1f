"""``replace into t …``: an INSERT that takes the place of rows with the same key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.tokens import Token, TokenType

from sqllineage_scan.parse.aside import set_aside
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError
from sqllineage_scan.parse.statements.insert import compile_statement as compile_insert

if TYPE_CHECKING:
    from sqllineage_scan.parse.reader import Reader

WORDS = ("replace",)


def compile_words(reader: Reader) -> Statement:
    """MySQL's and SQLite's, read as an INSERT."""
    verb = reader.tokens[0]
    insert = Token(TokenType.INSERT, "insert", verb.line, verb.col, verb.start, verb.end, verb.comments)
    tree = reader.parse(tokens=set_aside([insert, *reader.tokens[1:]], reader.scope.dialect.name).tokens)
    if not isinstance(tree, exp.Insert):
        raise UnsupportedSyntaxError("REPLACE")
    return compile_insert(tree, reader.scope)
