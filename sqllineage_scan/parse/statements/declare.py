"""T-SQL's table variables: ``declare @t table (id int)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.names import table
from sqllineage_scan.domain.unit import SchemaAction, SchemaChange
from sqllineage_scan.parse.column_definition import defined_column
from sqllineage_scan.parse.scope import Statement

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.Declare,)


def compile_statement(node: exp.Declare, scope: Scope) -> Statement | None:
    """A temporary table called ``@t``; other variables are read in ``parse/script``."""
    changes = []
    for item in node.expressions:
        schema = item.args.get("kind")
        if isinstance(schema, exp.Schema):
            definitions = [part for part in schema.expressions if isinstance(part, exp.ColumnDef)]
            columns = tuple(defined_column(part, scope, ordinal) for ordinal, part in enumerate(definitions, 1))
            named = item.this[0] if isinstance(item.this, list) else item.this
            target = table(f"@{scope.dialect.relation(named.name)}")
            span = scope.text.node_span(item)
            changes.append(SchemaChange(SchemaAction.CREATE, target, span, columns, kind=DatasetKind.TEMPORARY))
    return Statement(JobKind.CREATE, changes=tuple(changes)) if changes else None
