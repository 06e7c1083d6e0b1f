"""DELETE: no value moves, but what the condition reads decides which rows stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Relation, Write
from sqllineage_scan.parse.expressions import influence
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.rows import logged, output_clause, returned, updated_row
from sqllineage_scan.parse.scope import Statement
from sqllineage_scan.parse.updatable import limited, rows_of, target_among

if TYPE_CHECKING:
    from sqllineage_scan.domain.unit import Influence, Input
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.Delete,)


def compile_statement(node: exp.Delete, scope: Scope) -> Statement:
    """``delete from t using u where t.id = u.id``: both ids decide the rows of t. ``delete a, b from a join b …`` deletes from
    those that stand before FROM.
    """
    scope = with_common_tables(node, scope)
    inputs, influences = _inputs(node, scope)
    named = node.args.get("tables") or ()
    targets = [target_among(table, inputs, scope) for table in named] or inputs[:1]
    writes = []
    for target in targets:
        index = scope.add(Relation(inputs=tuple(inputs), influences=tuple(influences)))
        writes.append(Write(rows_of(target, scope), index, None, columns=(), span=target.span))
    others = [found for found in inputs if found is not targets[0]]
    rows = returned(node, (targets[0], *others), influences, scope)
    output = output_clause(scope)
    if output is not None:
        gone = updated_row(targets[0], (), inputs, influences, scope)
        writes.append(logged(output, (None, gone), others, scope))
    return Statement(JobKind.DELETE, tuple(writes), rows=rows)


def _inputs(node: exp.Delete, scope: Scope) -> tuple[list[Input], list[Influence]]:
    inputs: list[Input] = []
    influences: list[Influence] = []
    first = node.this if isinstance(node.this, exp.Expr) else None
    tables = [first, *(node.args.get("using") or ())] if first is not None else list(node.args.get("tables") or ())
    for table in tables:
        item = scope.from_item(table)
        # MySQL: delete from t using t join u …: t stands twice and is one
        inputs = [found for found in inputs if not any(found.alias == more.alias for more in item.inputs)]
        inputs.extend(item.inputs)
        influences.extend(item.influences)
    if first is not None and not node.args.get("tables"):
        own = scope.table_alias(first.args.get("alias")).name
        alias = own or (scope.alias_name(first.this) if isinstance(first, exp.Table) else "")
        inputs.sort(key=lambda found: found.alias != alias)  # the target first
    where = node.args.get("where")
    if where is not None:
        influences.append(influence(where.this, scope, Subtype.FILTER))
    return inputs, [*influences, *limited(node, scope)]
