"""Spark's ``cache table c as select …``: a temporary view that is kept in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.unit import Write
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.scope import Statement

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.Cache,)


def compile_statement(node: exp.Cache, scope: Scope) -> Statement | None:
    """Without a query it is about a table that is there already."""
    if not isinstance(node.expression, exp.Query) or not isinstance(node.this, exp.Table):
        return None
    relation = scope.query(node.expression)
    write = Write(relation_name(node.this, scope), relation, DatasetKind.TEMPORARY, span=scope.text.node_span(node.this))
    return Statement(JobKind.CREATE, (write,))
