"""Oracle's ``update (select t.a, s.x from t join s on …) set a = x``: the table behind the query is updated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.tokens import Token, TokenType

from sqllineage_scan.parse.scope import CommonTable, Statement, UnsupportedSyntaxError
from sqllineage_scan.parse.statements.update import compile_statement as compile_update

if TYPE_CHECKING:
    from sqllineage_scan.parse.reader import Reader

WORDS = ("update (",)

_VIEW = "inline_view"


def compile_words(reader: Reader) -> Statement:
    """As if the query were a CTE, which is how SQL Server writes it."""
    verb = reader.tokens[0]
    reader.take("UPDATE")
    query = reader.group()
    if query is None:
        raise UnsupportedSyntaxError("UPDATE of this form")
    index = reader.scope.query(query.parse())
    named = not reader.sees("SET")
    name = _VIEW if not named else reader.tokens[reader.at].text
    stand_in = Token(TokenType.VAR, name, verb.line, verb.col, verb.start, verb.end, [])
    rest = reader.tokens[reader.at + named :]
    tree = reader.parse(tokens=[verb, stand_in, *rest])
    if not isinstance(tree, exp.Update):
        raise UnsupportedSyntaxError("UPDATE of this form")
    scope = reader.scope
    return compile_update(tree, scope.inner(ctes={**scope.ctes, scope.alias_name(tree.this.this): CommonTable(index)}))
