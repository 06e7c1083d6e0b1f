"""SQL inside a string, for another server: T-SQL's ``openquery(srv, 'select …')``, BigQuery's ``external_query``, Trino's
``system.query``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import Dialect as Parser
from sqlglot import exp
from sqlglot.errors import SqlglotError

from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.unit import Input, Relation, Star

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

_FUNCTIONS = frozenset({"openquery", "external_query", "openrowset", "query", "postgres_query", "mysql_query", "sqlite_query"})


def is_remote_query(function: exp.Expr) -> bool:
    call = function
    while isinstance(call, exp.Dot):
        call = call.expression
    return isinstance(call, exp.Anonymous) and call.name.lower() in _FUNCTIONS


def read_remote_query(function: exp.Expr, scope: Scope) -> Input:
    """The query inside, in whatever dialect reads it. Its tables are the other server's: the server's name goes before theirs,
    as it does in ``srv.db.schema.t``.
    """
    span = scope.text.node_span(function)
    server, text = _parts(function)
    tree = query_in(text, scope) if text is not None else None
    if tree is None:
        name = RelationName(NameKind.TABLE, tuple(scope.dialect.relation(part) for part in server) or (function.name,))
        return Input("", scope.add(Relation((Input("", name, span),), (Star(None, span),))), span)
    first = len(scope.relations)
    index = scope.inner(ctes={}).query(tree)
    prefix = tuple(scope.dialect.relation(part) for part in server)
    for number in range(first, len(scope.relations)):
        relation = scope.relations[number]
        inputs = tuple(
            source._replace(source=RelationName(NameKind.TABLE, (*prefix, *source.source.parts)))
            if isinstance(source.source, RelationName) and source.source.kind is NameKind.TABLE
            else source
            for source in relation.inputs
        )
        scope.relations[number] = replace(relation, inputs=inputs)
    return Input("", index, span)


def _parts(function: exp.Expr) -> tuple[list[str], str | None]:
    """The server and the text of the query. Trino's server is the catalog: ``postgresql.system.query(query => '…')``."""
    if isinstance(function, exp.Dot):
        catalog = next(function.find_all(exp.Identifier, bfs=False))
        arguments = function.expression.expressions if isinstance(function.expression, exp.Anonymous) else []
        text = next((literal.name for argument in arguments for literal in argument.find_all(exp.Literal)), None)
        return [catalog.name], text
    arguments = list(function.expressions)
    texts = [part.name for part in arguments[1:] if isinstance(part, exp.Literal) and part.is_string]
    server = arguments[0].name if arguments and function.name.lower() != "openrowset" else ""
    return server.split(".") if server else [], texts[-1] if texts else None


def query_in(text: str, scope: Scope) -> exp.Expr | None:
    """The query's tree, its nodes at the places where the string stands."""
    start = max(scope.text.sql.find(text), 0)
    for name in (scope.dialect.name, ""):
        parser = Parser.get_or_raise(name or None)
        try:
            trees = parser.parser().parse(parser.tokenize(" " * start + text), scope.text.sql)
        except (SqlglotError, RecursionError):
            continue
        if trees and isinstance(trees[0], exp.Query):
            return trees[0]
    return None
