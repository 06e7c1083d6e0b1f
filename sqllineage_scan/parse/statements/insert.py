"""INSERT … SELECT and INSERT … VALUES."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.unit import Write
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.Insert,)


def compile_statement(node: exp.Insert, scope: Scope) -> Statement | None:
    """``insert into t (a, b) select x, y``: x goes to a, y to b. Without a list, to the columns of t in their order."""
    schema = node.this
    table = schema.this if isinstance(schema, exp.Schema) else schema
    if not isinstance(table, exp.Table):
        raise UnsupportedSyntaxError(f"INSERT INTO {table.key.upper()}")
    if node.expression is None:
        return None  # insert into t default values
    relation = with_common_tables(node, scope).query(node.expression)
    columns = tuple(scope.alias_name(part) for part in schema.expressions) if isinstance(schema, exp.Schema) else None
    target = relation_name(table, scope)
    write = Write(target, relation, None, columns, by_name=bool(node.args.get("by_name")), span=scope.text.node_span(table))
    return Statement(JobKind.INSERT, (write,))
