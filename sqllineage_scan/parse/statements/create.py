"""CREATE TABLE and CREATE VIEW: ``as select``, or a list of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.dataset import Column, DatasetKind
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.unit import Relation, SchemaAction, SchemaChange, Star, Write
from sqllineage_scan.parse.column_definition import defined_column
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.Create,)

_NO_COLUMNS = frozenset(
    "SCHEMA DATABASE INDEX SEQUENCE TYPE ROLE USER EXTENSION WAREHOUSE STAGE TAG POLICY DOMAIN CATALOG TRIGGER".split()
)


def compile_statement(node: exp.Create, scope: Scope) -> Statement | None:
    """``create view v (a, b) as select …``: a write by position; ``create table t (a int)``: a schema."""
    what = str(node.args.get("kind") or "").upper()
    if what in _NO_COLUMNS:
        return None
    if what not in ("TABLE", "VIEW"):
        raise UnsupportedSyntaxError(f"CREATE {what}")
    table = node.this.this if isinstance(node.this, exp.Schema) else node.this
    if not isinstance(table, exp.Table):
        raise UnsupportedSyntaxError(f"CREATE {what} of this form")
    target = relation_name(table, scope)
    kind = _kind(node, what)
    span = scope.text.node_span(table)
    listed = _columns(_declared(node), scope)
    if node.expression is None:
        clone = node.args.get("clone")
        if isinstance(clone, exp.Clone) and isinstance(clone.this, exp.Table):
            everything = Relation(inputs=tuple(scope.from_item(clone.this).inputs), projections=(Star(None, span),))
            return Statement(JobKind.COPY, (Write(target, scope.add(everything), kind, span=span),))
        other = _like(node)
        if other is not None:
            return Statement(JobKind.CREATE, changes=(_copied(target, relation_name(other, scope), kind, span),))
        if not listed:
            raise UnsupportedSyntaxError(f"CREATE {what} without columns")
        return Statement(JobKind.CREATE, changes=(SchemaChange(SchemaAction.CREATE, target, span, listed, kind=kind),))
    if not isinstance(node.expression, (exp.Query, exp.Subquery)):
        raise UnsupportedSyntaxError(f"CREATE {what} AS {node.expression.key.upper()}")
    relation = with_common_tables(node, scope).query(node.expression)
    names = tuple(column.name for column in listed) or None
    write = Write(target, relation, kind, names, schema_only=_schema_only(node), span=span)
    return Statement(JobKind.CREATE, (write,))


def _like(node: exp.Create) -> exp.Table | None:
    """``create table t like other`` and Postgres' ``create table t (like other including all)``."""
    parts = list(node.this.expressions) if isinstance(node.this, exp.Schema) else []
    properties = node.args.get("properties")
    parts.extend(properties.expressions if properties is not None else ())
    return next((part.this for part in parts if isinstance(part, exp.LikeProperty) and isinstance(part.this, exp.Table)), None)


def _copied(target: RelationName, other: RelationName, kind: DatasetKind, span: Span) -> SchemaChange:
    return SchemaChange(SchemaAction.CREATE, target, span, like=other, kind=kind)


def _declared(node: exp.Create) -> list[exp.Expr]:
    """The column definitions; Hive's ``partitioned by (ds string)`` are columns too, the last ones."""
    parts = list(node.this.expressions) if isinstance(node.this, exp.Schema) else []
    properties = node.args.get("properties")
    for part in properties.expressions if properties is not None else ():
        if isinstance(part, exp.PartitionedByProperty) and isinstance(part.this, exp.Schema):
            parts.extend(column for column in part.this.expressions if isinstance(column, exp.ColumnDef))
    return parts


def _columns(parts: Iterable[exp.Expr], scope: Scope) -> tuple[Column, ...]:
    found: list[Column] = []
    for part in parts:
        if isinstance(part, exp.ColumnDef):
            found.append(defined_column(part, scope, len(found) + 1))
        elif isinstance(part, (exp.Identifier, exp.Column)):
            found.append(Column(scope.alias_name(part), None, len(found) + 1))
    return tuple(found)


def _kind(node: exp.Create, what: str) -> DatasetKind:
    properties = node.args.get("properties")
    kinds = {type(part) for part in properties.expressions} if properties is not None else set()
    if exp.TemporaryProperty in kinds or any(part.args.get("temporary") for part in node.this.find_all(exp.Identifier)):
        return DatasetKind.TEMPORARY
    if what == "VIEW":
        return DatasetKind.MATERIALIZED_VIEW if exp.MaterializedProperty in kinds else DatasetKind.VIEW
    return DatasetKind.TABLE


def _schema_only(node: exp.Create) -> bool:
    """``create table t as select … with no data``."""
    properties = node.args.get("properties")
    return any(
        isinstance(part, exp.WithDataProperty) and part.args.get("no") for part in (properties.expressions if properties else ())
    )
