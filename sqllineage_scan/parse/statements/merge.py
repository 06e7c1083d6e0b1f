"""MERGE: every WHEN branch is a write of its own, under the condition of ON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Influence, Input, Projection, Reference, Relation, SetOperator, Star, Write
from sqllineage_scan.parse.assignments import assignments, is_default
from sqllineage_scan.parse.expressions import influence, uses_of
from sqllineage_scan.parse.normal_form import normal_form
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.rows import logged, output_clause, returned, updated_row
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError
from sqllineage_scan.parse.text import extent
from sqllineage_scan.parse.updatable import rows_of, written_to

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

STATEMENTS = (exp.Merge,)


def compile_statement(node: exp.Merge, scope: Scope) -> Statement:
    """``merge into t using s on t.id = s.id when matched then update … when not matched then insert …``."""
    if not isinstance(node.this, exp.Table):
        raise UnsupportedSyntaxError(f"MERGE INTO {node.this.key.upper()}")
    merge = _Merge(node, with_common_tables(node, scope))
    for when in node.args["whens"].expressions:
        merge.branch(when)
    return merge.statement(node)


class _Merge:
    """``rows``: the relations of the target's rows as the branches leave them."""

    def __init__(self, node: exp.Merge, scope: Scope) -> None:
        self.scope = scope
        self.into = scope.from_item(node.this).inputs[0]
        self.source = scope.from_item(node.args["using"]).inputs[0]
        self.target = rows_of(self.into, scope)
        self.on = self._on(node)
        self.writes: list[Write] = []
        self.rows: list[int] = []
        self.shows_rows = scope.output is not None or bool(node.args.get("returning"))

    def _on(self, node: exp.Merge) -> Influence:
        condition = node.args.get("on")
        if isinstance(condition, exp.Expr):
            return influence(condition, self.scope, Subtype.JOIN)
        keys = [self.scope.alias_name(part) for part in node.args.get("using_cond") or ()]  # using s using (id)
        sides = (self.into.alias, self.source.alias)
        uses = (Reference(key, (side,), (), Subtype.JOIN, masking=False, span=self.into.span) for key in keys for side in sides)
        return Influence(Subtype.JOIN, tuple(uses))

    def statement(self, node: exp.Merge) -> Statement:
        """The branches' writes; what OUTPUT and RETURNING show is a row of any of them."""
        rows = None
        if self.rows:
            index = self.rows[0]
            if len(self.rows) > 1:
                index = self.scope.add(Relation(branches=tuple(self.rows), operator=SetOperator.UNION, by_name=True))
            row = Input(self.into.alias, index, self.into.span)
            rows = returned(node, (row, self.source), (), self.scope)
            output = output_clause(self.scope)
            if output is not None:
                self.writes.append(logged(output, (row, self.into), (self.source,), self.scope))
        return Statement(JobKind.MERGE, tuple(self.writes), rows=rows)

    def branch(self, when: exp.When) -> None:
        """``when matched and s.gone then delete``: the condition is a FILTER of what the branch does."""
        then = when.args["then"]
        influences = [self.on]
        where = then.args.get("where") if isinstance(then, exp.Expr) else None  # Oracle: update set … where …
        conditions = (when.args.get("condition"), where.this if isinstance(where, exp.Where) else None)
        influences.extend(influence(part, self.scope, Subtype.FILTER) for part in conditions if part is not None)
        if isinstance(then, exp.Update):
            self._update(then, influences)
        elif isinstance(then, exp.Insert):
            self._insert(then, influences)
        elif str(then).upper() == "DELETE":
            self._write(self._relation((self.into, self.source), (), influences), ())
            if self.shows_rows:
                self.rows.append(self._relation((self.into, self.source), (), influences))

    def _update(self, then: exp.Update, influences: list[Influence]) -> None:
        sets = then.args.get("expressions")
        inputs = (self.into, self.source)
        star = sets if isinstance(sets, exp.Star) else next((part for part in sets or () if isinstance(part, exp.Star)), None)
        if star is not None or not sets:  # update set *: by name
            items: tuple[Projection | Star, ...] = (self._everything(star),)
            self._write(self._relation(inputs, items, influences), None, by_name=True)
            self._show(inputs, items, influences)
            return
        assigned = assignments(sets, self.scope, (self.into.alias, self.source.alias))
        values = tuple(assignment.value for assignment in assigned)
        columns = tuple(written_to(self.into, value.name, self.scope).column for value in values)
        self._write(self._relation(inputs, values, influences), columns)
        if self.shows_rows:
            self._keep(updated_row(self.into, values, inputs, influences, self.scope))

    def _insert(self, then: exp.Insert, influences: list[Influence]) -> None:
        """Names in VALUES mean the source only: the row is not in the target."""
        inputs = (self.source, self.into._replace(visible=False, by_alias_only=True))
        columns, values = _inserted(then)
        names = None if columns is None else tuple(self._name(part) for part in columns)
        by_name = isinstance(then.this, exp.Star)
        items: tuple[Projection | Star, ...]
        if values is not None:
            items = tuple(self._value(part, number) for number, part in enumerate(values, 1))
        else:  # insert *, insert row
            items = (self._everything(then.this if by_name else None),)
        index = self._relation(inputs, items, influences)
        self._write(index, names, by_name=by_name)
        if self.shows_rows:
            row = Input("", index, self.into.span, names or (), named_after=None if by_name else self.target)
            self.rows.append(self._relation((row,), (Star(None, self.into.span),), []))

    def _value(self, part: exp.Expr, number: int) -> Projection:
        start, end = extent(part) or self.scope.text.bounds()
        name = self.scope.alias_name(part.output_name) or f"_col_{number}"
        uses = () if is_default(part) else uses_of(part, self.scope)
        text, span, normal = self.scope.text.written(start, end), self.scope.text.span(start, end), normal_form(part, self.scope)
        self.scope.told[id(part)] = (part, None)
        return Projection(name, uses, text, span, normal=normal)

    def _name(self, part: exp.Expr) -> str:
        name = self.scope.alias_name(part.this if isinstance(part, exp.Column) else part)
        return written_to(self.into, name, self.scope).column

    def _everything(self, star: exp.Expr | None) -> Star:
        """``*``, and ``* except (a)`` in Databricks."""
        excluded = () if star is None else tuple(self.scope.alias_name(part) for part in star.args.get("except_") or ())
        return Star(self.source.alias, self.source.span, excluded=excluded)

    def _relation(self, inputs: tuple[Input, ...], items: tuple[Projection | Star, ...], influences: list[Influence]) -> int:
        return self.scope.add(Relation(inputs=inputs, projections=items, influences=tuple(influences)))

    def _write(self, index: int, columns: tuple[str, ...] | None, *, by_name: bool = False) -> None:
        write = Write(self.target, index, None, columns, by_name=by_name, in_place=True, span=self.into.span)
        self.writes.append(write)

    def _show(self, inputs: tuple[Input, ...], items: tuple[Projection | Star, ...], influences: list[Influence]) -> None:
        if self.shows_rows:
            self.rows.append(self._relation(inputs, items, influences))

    def _keep(self, row: Input) -> None:
        assert isinstance(row.source, int)
        self.rows.append(row.source)


def _inserted(then: exp.Insert) -> tuple[list[exp.Expr] | None, list[exp.Expr] | None]:
    """The columns and the values of ``insert (a, b) values (x, y)``. Of Redshift's ``insert values (x, y)`` sqlglot makes a
    list of one column, the call of a function VALUES.
    """
    columns = then.this.expressions if isinstance(then.this, (exp.Tuple, exp.Schema)) else None
    if isinstance(then.expression, exp.Tuple):
        return columns, then.expression.expressions
    if columns and isinstance(columns[0], exp.Anonymous) and columns[0].name.upper() == "VALUES":
        return None, columns[0].expressions
    return columns, None
