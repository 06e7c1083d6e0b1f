"""``amount decimal(18, 2) not null comment 'in euros'``: a column as DDL defines it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.dataset import Column

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope


def defined_column(node: exp.ColumnDef, scope: Scope, ordinal: int | None = None) -> Column:
    """Its name, its type in the words of its dialect, and its comment."""
    kind = node.args.get("kind")
    type_name = kind.sql(dialect=scope.dialect.name or None).lower() if isinstance(kind, exp.Expr) else None
    return Column(scope.alias_name(node.this), type_name, ordinal, _comment(node))


def _comment(node: exp.ColumnDef) -> str:
    for constraint in node.args.get("constraints") or ():
        if isinstance(constraint.args.get("kind"), exp.CommentColumnConstraint):
            return str(constraint.args["kind"].name)
    return ""
