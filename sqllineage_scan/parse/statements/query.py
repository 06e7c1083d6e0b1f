"""A bare query: its rows are the dataset that its file, or its dbt model, is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.unit import Write
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.scope import Statement

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.Select, exp.Union, exp.Intersect, exp.Except, exp.Subquery, exp.Values, exp.Column, exp.Pivot)


def compile_statement(node: exp.Expr, scope: Scope) -> Statement:
    """``select …`` alone writes ``this``."""
    first = node  # select a into t from x union all select b from y: INTO stands in the first arm
    while isinstance(first, (exp.SetOperation, exp.Subquery)):
        first = first.this
    into = first.args.get("into")
    relation = scope.query(node)
    if isinstance(into, exp.Into) and isinstance(into.this, exp.Table) and not isinstance(into.this.this, exp.Placeholder):
        kind = DatasetKind.TEMPORARY if into.args.get("temporary") else DatasetKind.TABLE
        return Statement(
            JobKind.CREATE, (Write(relation_name(into.this, scope), relation, kind, span=scope.text.node_span(into)),)
        )
    return Statement(
        JobKind.QUERY, (Write(RelationName(NameKind.THIS, ()), relation, DatasetKind.QUERY, span=scope.text.whole()),)
    )
