"""MERGE: every WHEN branch is a write of its own, under the condition of ON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Projection, Relation, Star, Write
from sqllineage_scan.parse.assignments import assignments
from sqllineage_scan.parse.expressions import influence, uses_of
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError
from sqllineage_scan.parse.text import extent

if TYPE_CHECKING:
    from sqllineage_scan.domain.unit import Influence
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.Merge,)


def compile_statement(node: exp.Merge, scope: Scope) -> Statement:
    """``merge into t using s on t.id = s.id when matched then update … when not matched then insert …``."""
    if not isinstance(node.this, exp.Table):
        raise UnsupportedSyntaxError(f"MERGE INTO {node.this.key.upper()}")
    merge = _Merge(node, with_common_tables(node, scope))
    return Statement(JobKind.MERGE, tuple(write for when in node.args["whens"].expressions for write in merge.branch(when)))


class _Merge:
    def __init__(self, node: exp.Merge, scope: Scope) -> None:
        self.scope = scope
        self.target = relation_name(node.this, scope)
        self.into = scope.from_item(node.this).inputs[0]
        self.source = scope.from_item(node.args["using"]).inputs[0]
        self.span = scope.text.node_span(node.this)
        condition = node.args.get("on")
        if not isinstance(condition, exp.Expr):
            raise UnsupportedSyntaxError("MERGE without ON")
        self.on = influence(condition, scope, Subtype.JOIN)

    def branch(self, when: exp.When) -> list[Write]:
        """``when matched and s.gone then delete``: the condition is a FILTER of what the branch does."""
        influences = [self.on]
        condition = when.args.get("condition")
        if condition is not None:
            influences.append(influence(condition, self.scope, Subtype.FILTER))
        then = when.args["then"]
        if isinstance(then, exp.Update):
            return [self._update(then, influences)]
        if isinstance(then, exp.Insert):
            return [self._insert(then, influences)]
        if str(then).upper() == "DELETE":
            return [self._write((), influences, ())]
        return []  # do nothing

    def _update(self, then: exp.Update, influences: list[Influence]) -> Write:
        sets = then.args.get("expressions")
        if isinstance(sets, exp.Star) or any(isinstance(part, exp.Star) for part in sets or ()):  # update set *: by name
            return self._write((Star(self.source.alias, self.source.span),), influences, None)
        values = [assignment.value for assignment in assignments(sets or (), self.scope)]
        return self._write(tuple(values), influences, tuple(value.name for value in values))

    def _insert(self, then: exp.Insert, influences: list[Influence]) -> Write:
        """Names in VALUES mean the source only: the row is not in the target."""
        inputs = (self.source, replace(self.into, visible=False, by_alias_only=True))
        if isinstance(then.this, exp.Star) or not isinstance(then.expression, exp.Tuple):  # insert *, insert row
            everything = Star(self.source.alias, self.source.span)
            index = self.scope.add(Relation(inputs=inputs, projections=(everything,), influences=tuple(influences)))
            return Write(self.target, index, None, None, by_name=isinstance(then.this, exp.Star), in_place=True, span=self.span)
        values = tuple(self._value(part, number) for number, part in enumerate(then.expression.expressions, 1))
        index = self.scope.add(Relation(inputs=inputs, projections=values, influences=tuple(influences)))
        columns = then.this.expressions if isinstance(then.this, (exp.Tuple, exp.Schema)) else None
        names = None if columns is None else tuple(self._name(part) for part in columns)
        return Write(self.target, index, None, names, in_place=True, span=self.span)

    def _value(self, part: exp.Expr, number: int) -> Projection:
        start, end = extent(part) or self.scope.text.bounds()
        name = self.scope.alias_name(part.output_name) or f"_col_{number}"
        return Projection(name, uses_of(part, self.scope), self.scope.text.written(start, end), self.scope.text.span(start, end))

    def _name(self, part: exp.Expr) -> str:
        return self.scope.alias_name(part.this if isinstance(part, exp.Column) else part)

    def _write(
        self, projections: tuple[Projection | Star, ...], influences: list[Influence], columns: tuple[str, ...] | None
    ) -> Write:
        index = self.scope.add(Relation(inputs=(self.into, self.source), projections=projections, influences=tuple(influences)))
        return Write(self.target, index, None, columns, by_name=columns is None, in_place=True, span=self.span)
