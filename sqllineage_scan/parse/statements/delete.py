"""DELETE: no value moves, but what the condition reads decides which rows stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Relation, Write
from sqllineage_scan.parse.expressions import influence
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError

if TYPE_CHECKING:
    from sqllineage_scan.domain.unit import Influence, Input
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.Delete,)


def compile_statement(node: exp.Delete, scope: Scope) -> Statement:
    """``delete from t using u where t.id = u.id``: both ids decide the rows of t."""
    if not isinstance(node.this, exp.Table) or node.args.get("tables"):
        raise UnsupportedSyntaxError("DELETE of this form")
    scope = with_common_tables(node, scope)
    inputs: list[Input] = []
    influences: list[Influence] = []
    for table in (node.this, *(node.args.get("using") or ())):
        item = scope.from_item(table)
        inputs.extend(item.inputs)
        influences.extend(item.influences)
    where = node.args.get("where")
    if where is not None:
        influences.append(influence(where.this, scope, Subtype.FILTER))
    index = scope.add(Relation(inputs=tuple(inputs), influences=tuple(influences)))
    write = Write(relation_name(node.this, scope), index, None, columns=(), span=scope.text.node_span(node.this))
    return Statement(JobKind.DELETE, (write,))
