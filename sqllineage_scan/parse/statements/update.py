"""UPDATE, with FROM, joins, correlated subqueries and row assignments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Relation, Star, Write
from sqllineage_scan.parse.assignments import assignments
from sqllineage_scan.parse.expressions import influence
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.relations.join import joined
from sqllineage_scan.parse.relations.values import record
from sqllineage_scan.parse.rows import logged, output_clause, returned, updated_row
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError
from sqllineage_scan.parse.updatable import limited, target_among, written_to

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.unit import Influence, Input, Projection
    from sqllineage_scan.parse.assignments import Assignment
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.Update,)


def compile_statement(node: exp.Update, scope: Scope) -> Statement:
    """``update t set a = u.b from u where t.id = u.id``: u.b goes to t.a, and u.id decides which rows get it."""
    if not isinstance(node.this, exp.Table):
        raise UnsupportedSyntaxError(f"UPDATE {node.this.key.upper()}")
    scope = with_common_tables(node, scope)
    inputs, influences = _inputs(node, scope)
    into = target_among(node.this, inputs, scope)
    whole = _whole_row(node, scope)
    if whole is not None:
        index = scope.add(Relation(inputs=tuple(inputs), projections=(whole,), influences=tuple(influences)))
        write = Write(relation_name(node.this, scope), index, None, in_place=True, span=into.span)
        return Statement(JobKind.UPDATE, (write,))
    assigned = assignments(node.expressions, scope, [found.alias for found in inputs])
    writes = _writes(assigned, into, inputs, influences, scope)
    output = output_clause(scope)
    rows = None
    if output is not None or node.args.get("returning"):
        others = [found for found in inputs if found is not into]
        values = [assignment.value for assignment in assigned if assignment.input in ("", into.alias)]
        row = updated_row(into, values, inputs, influences, scope)
        rows = returned(node, (row, *others), (), scope)
        if output is not None:
            writes.append(logged(output, (row, into), others, scope))
    return Statement(JobKind.UPDATE, tuple(writes), rows=rows)


def _whole_row(node: exp.Update, scope: Scope) -> Star | None:
    """Oracle: ``update t set row = r``."""
    item = node.expressions[0] if len(node.expressions) == 1 else None
    if not isinstance(item, exp.EQ) or item.this.name.lower() != "row":
        return None
    value = record(item.expression, scope)
    return Star(scope.alias_name(value.args["table"]), scope.text.node_span(item)) if value.is_star else None


def _writes(
    assigned: list[Assignment], into: Input, inputs: list[Input], influences: list[Influence], scope: Scope
) -> list[Write]:
    """One write a table: MySQL updates several at once, ``update a join b … set a.x = 1, b.y = 2``."""
    named = {found.alias: found for found in inputs}
    values: dict[RelationName, list[tuple[str, Projection]]] = {}
    for owner, value in assigned:
        base = written_to(named.get(owner, into), value.name, scope)
        values.setdefault(base.table, []).append((base.column, value))
    writes = []
    for target, columns in values.items():
        projections = tuple(value for _, value in columns)
        index = scope.add(Relation(inputs=tuple(inputs), projections=projections, influences=tuple(influences)))
        writes.append(Write(target, index, None, tuple(name for name, _ in columns), in_place=True, span=into.span))
    return writes


def _inputs(node: exp.Update, scope: Scope) -> tuple[list[Input], list[Influence]]:
    inputs: list[Input] = []
    influences: list[Influence] = []
    source = node.args.get("from_")
    for part in (source.this if source is not None else None, *(node.args.get("joins") or ())):
        if part is not None:
            item = joined(part, scope) if isinstance(part, exp.Join) else scope.from_item(part)
            inputs.extend(item.inputs)
            influences.extend(item.influences)
    own = scope.from_item(node.this)
    if not any(found.alias == own.inputs[0].alias for found in inputs):  # T-SQL: update x set … from t as x
        inputs = [*own.inputs, *inputs]
        influences = [*own.influences, *influences]
    where = node.args.get("where")
    if where is not None:
        influences.append(influence(where.this, scope, Subtype.FILTER))
    return inputs, [*influences, *limited(node, scope)]
