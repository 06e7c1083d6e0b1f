"""TRUNCATE: a job that writes a table, and brings nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.unit import Write
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.scope import Statement

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.TruncateTable,)


def compile_statement(node: exp.TruncateTable, scope: Scope) -> Statement | None:
    """``truncate table t, u restart identity``."""
    tables = [] if node.args.get("is_database") else [table for table in node.expressions if isinstance(table, exp.Table)]
    writes = tuple(Write(relation_name(table, scope), None, None, span=scope.text.node_span(table)) for table in tables)
    return Statement(JobKind.DELETE, writes) if writes else None
