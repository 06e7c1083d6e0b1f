"""CREATE TABLE and CREATE VIEW: ``as select``, or a list of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.dataset import Column, DatasetKind
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.unit import Input, Relation, SchemaAction, SchemaChange, Star, Write
from sqllineage_scan.parse.column_definition import defined_column
from sqllineage_scan.parse.external_table import computed_columns, paths_of, property_of
from sqllineage_scan.parse.files import load
from sqllineage_scan.parse.moves import moved
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.relations.external import engine_name
from sqllineage_scan.parse.relations.select_list import select_list
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.Create,)

_NO_COLUMNS = frozenset(
    "SCHEMA DATABASE INDEX SEQUENCE TYPE ROLE USER EXTENSION WAREHOUSE STAGE TAG POLICY DOMAIN CATALOG TRIGGER FORMAT "
    "INTEGRATION".split()
)


def compile_statement(node: exp.Create, scope: Scope) -> Statement | None:
    """``create view v (a, b) as select …``: a write by position; ``create table t (a int)``: a schema."""
    what = str(node.args.get("kind") or "").upper()
    if what.rpartition(" ")[2] in _NO_COLUMNS:  # file format, masking policy
        return None
    if what not in ("TABLE", "VIEW", "MODEL"):
        raise UnsupportedSyntaxError(f"CREATE {what}")
    table = node.this.this if isinstance(node.this, exp.Schema) else node.this
    if not isinstance(table, exp.Table):
        raise UnsupportedSyntaxError(f"CREATE {what} of this form")
    target, kind, span = relation_name(table, scope), _kind(node, what), scope.text.node_span(table)
    listed = _columns(_declared(node), scope)
    if node.expression is None or isinstance(node.expression, exp.Table):
        return _without_query(node, Write(target, None, kind, span=span), listed, scope)
    if not isinstance(node.expression, (exp.Query, exp.Subquery)):
        raise UnsupportedSyntaxError(f"CREATE {what} AS {node.expression.key.upper()}")
    relation = with_common_tables(node, scope).query(node.expression)
    features = property_of(node, exp.TransformModelProperty)
    if features is not None:  # BigQuery: create model m transform (a + 1 as b) … as select a
        items = select_list(exp.Select(expressions=features.expressions), scope)
        relation = scope.add(Relation(inputs=(Input("", relation, span),), projections=tuple(items)))
    to = property_of(node, exp.ToTableProperty)
    if to is not None and isinstance(to.this, exp.Table):
        return _feeds(Write(target, relation, kind, span=span), relation_name(to.this, scope))
    if scope.dialect.name == "mysql" and any(part.args.get("kind") for part in _declared(node)):
        return _by_name(Write(target, relation, kind, span=span), listed)
    named = isinstance(node.this, exp.Schema)  # partitioned by (ds string) alone names no other column
    names = tuple(column.name for column in listed) or None if named else None
    return Statement(JobKind.CREATE, (Write(target, relation, kind, names, schema_only=_schema_only(node), span=span),))


def _feeds(view: Write, target: RelationName) -> Statement:
    """ClickHouse: ``create materialized view v to t as select …`` inserts into t, by name; reading v is reading t."""
    assert view.span is not None
    change = SchemaChange(SchemaAction.CREATE, view.target, view.span, like=target, kind=DatasetKind.MATERIALIZED_VIEW)
    write = Write(target, view.relation, None, by_name=True, span=view.span)
    return Statement(JobKind.CREATE, (write,), (change,))


def _by_name(write: Write, listed: tuple[Column, ...]) -> Statement:
    """MySQL: columns of the query that are listed too are one; those that are not come behind.

    create table t (k int auto_increment primary key, id int) select s.id, s.a from s      k, id, a
    """
    assert write.span is not None
    kind = write.kind or DatasetKind.TABLE
    return Statement(JobKind.CREATE, (write,), (SchemaChange(SchemaAction.CREATE, write.target, write.span, listed, kind=kind),))


def _without_query(node: exp.Create, write: Write, listed: tuple[Column, ...], scope: Scope) -> Statement:
    """A list of columns, another table's columns, files that are the table, or nothing at all."""
    clone = node.args.get("clone")
    if isinstance(clone, exp.Clone) and isinstance(clone.this, exp.Table):
        return Statement(JobKind.COPY, (moved(clone.this, write.target, scope, write.kind),))
    assert write.span is not None
    changes = _defined(node, write, listed, scope)
    paths = paths_of(node)
    computed = computed_columns(node, paths, write, scope)
    if computed is not None:
        return Statement(JobKind.CREATE, (computed,), changes)
    behind = _behind_engine(node, scope)
    if behind is not None:
        everything = Relation(inputs=(Input("", behind, write.span),), projections=(Star(None, write.span),))
        kind = None if changes else write.kind
        return Statement(
            JobKind.CREATE, (Write(write.target, scope.add(everything), kind, by_name=True, span=write.span),), changes
        )
    if paths:
        kind = None if changes else write.kind
        return Statement(JobKind.CREATE, (load(paths, write.target, write.span, scope, kind=kind),), changes)
    return Statement(JobKind.CREATE, () if changes else (write,), changes)


def _behind_engine(node: exp.Create, scope: Scope) -> RelationName | None:
    """ClickHouse: ``create table all_orders as orders engine = Distributed(cluster, db, orders)`` shows db.orders."""
    engine = property_of(node, exp.EngineProperty)
    return engine_name(engine.this, scope) if engine is not None else None


def _defined(node: exp.Create, write: Write, listed: tuple[Column, ...], scope: Scope) -> tuple[SchemaChange, ...]:
    assert write.span is not None
    kind = write.kind or DatasetKind.TABLE
    other = _like(node)
    if other is None:
        made = _passed_over(node, scope)
        return (
            (SchemaChange(SchemaAction.CREATE, write.target, write.span, listed, kind=kind, passed_over=made),) if listed else ()
        )
    copied = SchemaChange(SchemaAction.CREATE, write.target, write.span, like=relation_name(other, scope), kind=kind)
    more = (SchemaChange(SchemaAction.ADD_COLUMN, write.target, write.span, (column,)) for column in listed)
    return (copied, *more)


def _passed_over(node: exp.Create, scope: Scope) -> frozenset[str]:
    """The columns that the table fills itself, where the dialect lets an INSERT without a list pass them over."""
    kinds = tuple(kind for name in scope.dialect.passed_over for kind in _FILLED[name])
    return frozenset(
        scope.alias_name(part.this)
        for part in _declared(node)
        for constraint in part.args.get("constraints") or ()
        if kinds and isinstance(constraint.args.get("kind"), kinds)
    )


_FILLED = {
    "computed": (exp.ComputedColumnConstraint, exp.EphemeralColumnConstraint),
    "identity": (exp.GeneratedAsIdentityColumnConstraint,),
}


def _like(node: exp.Create) -> exp.Table | None:
    """The table whose columns this one has: ``like other``, ``(like other including all)``, ``partition of other``,
    ``inherits (other)``, and ClickHouse's ``as other``.
    """
    if isinstance(node.expression, exp.Table):
        return node.expression
    parts = list(node.this.expressions) if isinstance(node.this, exp.Schema) else []
    properties = node.args.get("properties")
    parts.extend(properties.expressions if properties is not None else ())
    for part in parts:
        other = part.this
        if isinstance(part, exp.InheritsProperty):
            other = part.expressions[0]
        if isinstance(part, (exp.LikeProperty, exp.PartitionedOfProperty, exp.InheritsProperty)) and isinstance(other, exp.Table):
            return other
    return None


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
    if what == "MODEL":
        return DatasetKind.MODEL
    if what == "VIEW":
        return DatasetKind.MATERIALIZED_VIEW if exp.MaterializedProperty in kinds else DatasetKind.VIEW
    return DatasetKind.TABLE


def _schema_only(node: exp.Create) -> bool:
    """``create table t as select … with no data``."""
    properties = node.args.get("properties")
    return any(
        isinstance(part, exp.WithDataProperty) and part.args.get("no") for part in (properties.expressions if properties else ())
    )
