"""UPDATE, with FROM, joins, correlated subqueries and row assignments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Relation, Write
from sqllineage_scan.parse.assignments import assignments
from sqllineage_scan.parse.expressions import influence
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.relations.join import joined
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.unit import Influence, Input, Projection
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.Update,)


def compile_statement(node: exp.Update, scope: Scope) -> Statement:
    """``update t set a = u.b from u where t.id = u.id``: u.b goes to t.a, and u.id decides which rows get it."""
    if not isinstance(node.this, exp.Table):
        raise UnsupportedSyntaxError(f"UPDATE {node.this.key.upper()}")
    scope = with_common_tables(node, scope)
    inputs, influences = _inputs(node, scope)
    default = _target(node.this, inputs, scope)
    named = {found.alias: found.source for found in inputs if not isinstance(found.source, int)}
    values: dict[RelationName, list[Projection]] = {}
    for assignment in assignments(node.expressions, scope):
        # MySQL updates several tables at once: update a join b … set a.x = 1, b.y = 2
        target = named.get(assignment.input, default) if assignment.input else default
        values.setdefault(target, []).append(assignment.value)
    writes = []
    for target, projections in values.items():
        index = scope.add(Relation(inputs=tuple(inputs), projections=tuple(projections), influences=tuple(influences)))
        names = tuple(projection.name for projection in projections)
        writes.append(Write(target, index, None, names, in_place=True, span=scope.text.node_span(node.this)))
    return Statement(JobKind.UPDATE, tuple(writes))


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
    return inputs, influences


def _target(table: exp.Table, inputs: list[Input], scope: Scope) -> RelationName:
    """The updated table; where an alias of FROM stands in its place, what that is an alias of."""
    name = relation_name(table, scope)
    alias = scope.alias_name(table.this)
    aliased = next((found.source for found in inputs if found.alias == alias), None)
    return aliased if aliased is not None and not isinstance(aliased, int) and len(name.parts) <= 1 else name
