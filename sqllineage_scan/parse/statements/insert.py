"""INSERT: a query's rows into a table, a file or a function that stands for one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.names import NameKind
from sqllineage_scan.domain.unit import Relation, Star, Write
from sqllineage_scan.parse.files import file_name
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.relations.external import external_name
from sqllineage_scan.parse.rows import asks_beyond, inserted_row, logged, output_clause, returned
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError
from sqllineage_scan.parse.updatable import base_of
from sqllineage_scan.parse.upsert import conflict_write

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.Insert,)

_PARTITION_COLUMNS = frozenset({"hive", "spark", "spark2", "databricks"})  # elsewhere partition (p0) names a partition


def compile_statement(node: exp.Insert, scope: Scope) -> Statement:
    """``insert into t (a, b) select x, y``: x goes to a, y to b. Without a list, to the columns of t in their order."""
    schema = node.this
    table = schema.this if isinstance(schema, exp.Schema) else schema
    scope = with_common_tables(node, scope)
    relation = _rows(node, scope)
    elsewhere = external_name(table, scope)  # ClickHouse: insert into function remote('host', db.t) select …
    if elsewhere is not None and elsewhere.kind is NameKind.TABLE:
        return Statement(JobKind.INSERT, (Write(elsewhere, relation, None, span=scope.text.node_span(table)),))
    path = _path(table)
    if path is not None:
        return Statement(JobKind.INSERT, (Write(path, relation, DatasetKind.FILE, span=scope.text.node_span(table)),))
    listed = schema.expressions if isinstance(schema, exp.Schema) else None
    star = next((part for part in listed or () if isinstance(part, exp.Star)), None)
    columns = None if listed is None or star is not None else tuple(scope.alias_name(part) for part in listed)
    if isinstance(table, exp.Subquery):  # insert into (select a, b from t where …) values …
        return _into_view(table, relation, columns, scope)
    if not isinstance(table, exp.Table):
        raise UnsupportedSyntaxError(f"INSERT INTO {table.key.upper()}")
    write = _write(node, table, relation, columns, scope)
    if star is not None:  # ClickHouse: insert into t (* except (c))
        write = replace(write, fixed=tuple(scope.alias_name(part) for part in star.args.get("except_") or ()))
    return _into_table(node, table, write, scope)


def _into_table(node: exp.Insert, table: exp.Table, write: Write, scope: Scope) -> Statement:
    into = scope.from_item(table).inputs[0]
    writes = [write]
    upsert = conflict_write(node, into, write, scope)
    if upsert is not None:
        writes.append(upsert)
    output, rows = output_clause(scope), None
    shown = output or node.args.get("returning")
    if shown is not None:
        row = inserted_row(into, write, scope, whole=asks_beyond(shown, write.columns, scope))
        rows = returned(node, (row,), (), scope)
        if output is not None:
            writes.append(logged(output, (row, None), (), scope))
    return Statement(JobKind.INSERT, tuple(writes), rows=rows)


def _rows(node: exp.Insert, scope: Scope) -> int:
    if node.expression is not None:
        return scope.query(node.expression)
    source = node.args.get("source")
    if isinstance(source, exp.Table):  # insert into t table s
        item = scope.from_item(source)
        return scope.add(Relation(inputs=tuple(item.inputs), projections=(Star(None, scope.text.node_span(source)),)))
    return scope.add(Relation())  # insert into t default values


def _write(node: exp.Insert, table: exp.Table, relation: int, columns: tuple[str, ...] | None, scope: Scope) -> Write:
    fixed: list[str] = []
    last: list[str] = []
    partition = table.args.get("partition")
    if isinstance(partition, exp.Partition) and scope.dialect.name in _PARTITION_COLUMNS:
        for part in partition.expressions:
            (fixed if isinstance(part, exp.EQ) else last).append(scope.alias_name(part.find(exp.Identifier)))
    if columns is not None:
        columns, last = (*columns, *last), []
    return Write(
        relation_name(table, scope),
        relation,
        None,
        columns,
        by_name=bool(node.args.get("by_name")),
        fixed=tuple(fixed),
        last=tuple(last),
        span=scope.text.node_span(table),
    )


def _into_view(view: exp.Subquery, relation: int, columns: tuple[str, ...] | None, scope: Scope) -> Statement:
    """Oracle: into the table behind a query, under that table's names."""
    index = scope.query(view)
    names = columns or tuple(item.name for item in scope.relations[index].projections if not isinstance(item, Star))
    bases = [base_of(index, name, scope) for name in names]
    target = next((base.table for base in bases if base is not None), None)
    if target is None:
        raise UnsupportedSyntaxError("INSERT INTO a query")
    listed = tuple(base.column if base is not None else name for base, name in zip(bases, names, strict=True))
    return Statement(JobKind.INSERT, (Write(target, relation, None, listed, span=scope.text.node_span(view)),))


def _path(target: exp.Expr) -> RelationName | None:
    """``insert overwrite directory '/out'`` and ClickHouse's ``insert into function s3('https://…', 'CSV')``."""
    if isinstance(target, exp.Directory):
        return file_name(target.name)
    if isinstance(target, exp.Func):
        path = next((part for part in target.find_all(exp.Literal) if part.is_string), None)
        return file_name(path.name) if path is not None else None
    return None
