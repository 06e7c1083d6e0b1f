"""ALTER TABLE: columns added, dropped and renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.dataset import Column, DatasetKind
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.names import RelationName
from sqllineage_scan.domain.unit import Relation, SchemaAction, SchemaChange, Star, Write
from sqllineage_scan.parse.column_definition import defined_column
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.Alter,)

_NO_COLUMNS = (exp.AddConstraint, exp.AlterColumn, exp.AlterSet, exp.Drop)


def compile_statement(node: exp.Alter, scope: Scope) -> Statement | None:
    """``alter table t add column a int, drop column b, rename column c to d``: one change each, in order."""
    if not isinstance(node.this, exp.Table):
        return None
    target = relation_name(node.this, scope)
    renamed = next((action.this for action in node.args.get("actions") or () if isinstance(action, exp.AlterRename)), None)
    if isinstance(renamed, exp.Table):
        return _renamed(node.this, target, renamed, scope)
    changes = tuple(change for action in node.args.get("actions") or () for change in _changes(action, target, scope))
    return Statement(JobKind.CREATE, changes=changes) if changes else None


def _changes(action: exp.Expr, target: RelationName, scope: Scope) -> list[SchemaChange]:
    span = scope.text.node_span(action)
    if isinstance(action, exp.ColumnDef):
        return [SchemaChange(SchemaAction.ADD_COLUMN, target, span, (defined_column(action, scope),))]
    if isinstance(action, exp.RenameColumn):
        old, new = scope.alias_name(action.this.this), scope.alias_name(action.args["to"].this)
        return [SchemaChange(SchemaAction.RENAME_COLUMN, target, span, (Column(new),), renamed_from=old)]
    if isinstance(action, exp.Drop) and str(action.args.get("kind") or "").upper() == "COLUMN":
        named = action.args.get("tables") or [action.this]  # older releases of sqlglot hold one name, newer ones a list
        names = [part.this if isinstance(part, (exp.Column, exp.Table)) else part for part in named]
        return [SchemaChange(SchemaAction.DROP_COLUMN, target, span, tuple(Column(scope.alias_name(name)) for name in names))]
    if isinstance(action, exp.Schema):  # alter table t add (a int, b int)
        return [change for part in action.expressions for change in _changes(part, target, scope)]
    if isinstance(action, _NO_COLUMNS):
        return []
    raise UnsupportedSyntaxError(f"ALTER TABLE … {action.key.upper()}")


def _renamed(table: exp.Table, old: RelationName, new: exp.Table, scope: Scope) -> Statement:
    """``alter table a.t rename to u``: from here on all of a.t is called a.u."""
    name = relation_name(new, scope)
    if len(name.parts) == 1 and name.kind is old.kind:
        name = RelationName(name.kind, (*old.parts[:-1], *name.parts))
    span = scope.text.node_span(new)
    everything = Relation(inputs=tuple(scope.from_item(table).inputs), projections=(Star(None, span),))
    return Statement(JobKind.RENAME, (Write(name, scope.add(everything), DatasetKind.TABLE, span=span),))
