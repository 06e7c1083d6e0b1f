"""One query into several tables: ``insert all when … then into …`` and Hive's ``from s insert … insert …``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Input, Relation, Star, Write
from sqllineage_scan.parse.expressions import influence
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.relations.select_list import projection
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError
from sqllineage_scan.parse.statements.insert import compile_statement as compile_insert
from sqllineage_scan.parse.text import extent

if TYPE_CHECKING:
    from sqllineage_scan.domain.unit import Influence, Projection
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.MultitableInserts,)


def compile_statement(node: exp.MultitableInserts, scope: Scope) -> Statement:
    """One write an INTO, with the condition of its WHEN as a FILTER."""
    scope = with_common_tables(node, scope)
    source = node.args["source"]
    if all(isinstance(part, exp.ConditionalInsert) for part in node.expressions):
        return _by_condition(node, source, scope)
    writes = [write for part in node.expressions for write in _own_query(part, source, scope)]
    return Statement(JobKind.INSERT, tuple(writes))


def _own_query(insert: exp.Expr, source: exp.Expr, scope: Scope) -> tuple[Write, ...]:
    """``from s insert overwrite table a select id where … insert into b select …``: FROM belongs to every SELECT."""
    query = insert.args.get("expression")
    if not isinstance(insert, exp.Insert) or not isinstance(query, exp.Select):
        raise UnsupportedSyntaxError("INSERT of this form after FROM")
    query.set("from_", exp.From(this=source.copy()))
    return compile_insert(insert, scope).writes


def _by_condition(node: exp.MultitableInserts, source: exp.Expr, scope: Scope) -> Statement:
    """With FIRST, a row goes where the first condition holds, so the conditions before decide too; ELSE takes what none wants."""
    rows = Input("", scope.query(source), scope.text.node_span(source))
    first = str(node.args.get("kind") or "").upper() == "FIRST"
    writes: list[Write] = []
    conditions: list[Influence] = []
    current: list[Influence] = []
    for part in node.expressions:
        if part.args.get("else_"):
            current = conditions
        elif part.expression is not None:
            condition = influence(part.expression, scope, Subtype.FILTER)
            conditions = [*conditions, condition]
            current = conditions if first else [condition]
        writes.append(_into(part.this, rows, current, scope))
    return Statement(JobKind.INSERT, tuple(writes))


def _into(insert: exp.Insert, rows: Input, conditions: list[Influence], scope: Scope) -> Write:
    """``into t (a, b) values (x, y + 1)``; without VALUES the query's own columns, by position."""
    schema = insert.this
    table = schema.this if isinstance(schema, exp.Schema) else schema
    columns = tuple(scope.alias_name(part) for part in schema.expressions) if isinstance(schema, exp.Schema) else None
    span = scope.text.node_span(table)
    items: list[Projection | Star] = [Star(None, span)]
    if isinstance(insert.expression, exp.Values):
        row = insert.expression.expressions[0]
        items = [
            projection(value, extent(value) or scope.text.bounds(), scope)
            for value in (row.expressions if isinstance(row, exp.Tuple) else [row])
        ]
    index = scope.add(Relation(inputs=(rows,), projections=tuple(items), influences=tuple(conditions)))
    return Write(relation_name(table, scope), index, None, columns, span=span)
