"""Which columns an expression uses, and what for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.transformation import compose
from sqllineage_scan.domain.unit import FunctionUse, HoleUse, Influence, Reference, RowUse, SubqueryUse, Use
from sqllineage_scan.parse.column_patterns import COMPARISONS, comparison, taken
from sqllineage_scan.parse.dictionaries import lookup_of, relation_of
from sqllineage_scan.parse.masking import masks
from sqllineage_scan.parse.text import place

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqllineage_scan.parse.scope import Scope

# Aggregates to sqlglot that hand one row's value through when they stand over a window.
_ROW_FUNCTIONS = (exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.NthValue)
_SEQUENCE = frozenset({"nextval", "currval"})
# Functions that make many rows of one where they stand in a SELECT list.
_MULTIPLYING = (exp.Explode, exp.Posexplode, exp.Inline, exp.ExplodingGenerateSeries, exp.Unnest)
_RETURN_ROWS = frozenset(
    "json_array_elements json_array_elements_text jsonb_array_elements jsonb_array_elements_text json_each jsonb_each "
    "json_each_text jsonb_each_text json_object_keys jsonb_object_keys regexp_split_to_table regexp_matches string_to_table "
    "generate_subscripts explode_outer posexplode_outer inline_outer variant_explode arrayjoin".split()
)
_ASK_ABOUT_GROUPS = tuple(getattr(exp, name) for name in ("Grouping", "GroupingId") if hasattr(exp, name))
_TRANSPARENT = (exp.Alias, exp.Paren)
_NO_COLUMNS = (
    exp.Literal,
    exp.Identifier,
    exp.DataType,
    exp.Null,
    exp.Boolean,
    exp.Var,
    exp.JSONPath,
)


_AS_IT_IS = (exp.Anonymous, exp.Parameter, exp.Placeholder)  # what they do to a value is not to be seen here


def uses_of(node: exp.Expr, scope: Scope, subtype: Subtype = Subtype.IDENTITY) -> tuple[Use, ...]:
    """The columns and subqueries that ``node`` uses, in the order written, each use once.

    case when o.paid > 0 then sum(o.amount) end  ->  o.paid CONDITIONAL, o.amount AGGREGATION
    row_number() over (partition by o.id)        ->  o.id WINDOW
    """
    collector = _Collector(scope)
    collector.visit(node, subtype, masking=False)
    return tuple(dict.fromkeys(collector.uses))


def stacked(function: exp.Stack, width: int, scope: Scope) -> list[tuple[Use, ...]]:
    """What each of ``width`` columns of ``stack(2, 'net', net, 'gross', gross)`` holds: the values in turns."""
    return [
        tuple(dict.fromkeys(use for value in function.expressions[position::width] for use in uses_of(value, scope)))
        for position in range(width)
    ]


def influence(node: exp.Expr, scope: Scope, subtype: Subtype, *, aliases: bool = False) -> Influence:
    """What a condition reads, all of it for the same purpose: ``where o.paid and o.day > '2026-01-01'``."""
    return Influence(subtype, uses_of(node, scope, subtype), aliases)


class _Collector:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.uses: list[Use] = []

    def visit(self, node: exp.Expr | str, subtype: Subtype, *, masking: bool) -> None:
        if isinstance(node, str):
            return  # of db.raw..t sqlglot keeps a part as a bare string
        if isinstance(node, (exp.Star, exp.Columns)) or (isinstance(node, exp.Column) and isinstance(node.this, exp.Star)):
            self._row(node, subtype, masking=masking)
        elif isinstance(node, exp.Column):
            self._column(node, subtype, masking=masking)
        elif isinstance(node, _NO_COLUMNS):
            return
        elif isinstance(node, _TRANSPARENT):
            self.visit(node.this, subtype, masking=masking)
        elif isinstance(node, (exp.Query, exp.Subquery)):
            self._subquery(node, subtype)
        elif isinstance(node, _AS_IT_IS):
            _HANDLERS[type(node)](self, node, subtype, masking)
        else:
            handler = _HANDLERS.get(type(node), _Collector.any)
            handler(self, node, compose(Subtype.TRANSFORMATION, subtype) if subtype is Subtype.IDENTITY else subtype, masking)

    def children(self, node: exp.Expr, subtype: Subtype, *, masking: bool, skip: tuple[str, ...] = ()) -> None:
        for key, value in node.args.items():
            if key in skip:
                continue
            for child in value if isinstance(value, list) else (value,):
                if isinstance(child, exp.Expr):
                    self.visit(child, subtype, masking=masking)

    def any(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001 -- a table's signature
        if isinstance(node, exp.AggFunc):
            subtype = compose(Subtype.AGGREGATION, subtype)
        if isinstance(node, exp.Count) and any(isinstance(part, exp.Star) for part in node.find_all(exp.Star)):
            return  # count(*), count(t.*): rows are counted, no value is looked at
        if isinstance(node, _ASK_ABOUT_GROUPS):
            return  # grouping(a) says whether a row is a total over a, whatever a is
        if not masking and isinstance(node, exp.Func):
            masking = masks(node)
        if isinstance(node, _MULTIPLYING):
            self.scope.multiplying.append(node)
        self.children(node, subtype, masking=masking)

    def compared(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001
        """DuckDB's ``* like '%_id'`` takes columns by their names; ``a like '%_id'`` compares a value."""
        if isinstance(node.this, exp.Star):
            excluded, _ = taken(node.this, self.scope)
            span = self.scope.text.node_span(node)
            self.uses.append(RowUse(None, Subtype.IDENTITY, masking, span, excluded, comparison(node, self.scope)))
        else:
            self.any(node, subtype, masking)

    def applied(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001
        """ClickHouse's ``* apply(sum)`` and ``* apply(x -> x + 1)``."""
        function = exp.maybe_parse(node.expression.name, dialect=self.scope.dialect.name or None)
        while isinstance(function, (exp.Lambda, exp.Paren)):
            function = function.this
        if isinstance(function, (exp.Column, exp.Var)):
            function = exp.maybe_parse(f"{function.name}(x)", dialect=self.scope.dialect.name or None)
        if next(function.find_all(exp.AggFunc), None) is not None:
            subtype = compose(Subtype.AGGREGATION, subtype)
        masking = masking or any(masks(call) for call in function.find_all(exp.Func))
        self.visit(node.this, subtype, masking=masking)

    def _column(self, node: exp.Column, subtype: Subtype, *, masking: bool) -> None:
        parts = [part for part in node.parts if isinstance(part, exp.Identifier)]
        scope = self.scope
        for part in parts:
            hole = scope.text.holes.get(part.name.lower())
            if hole is not None:
                self.uses.append(HoleUse(hole.expression, scope.text.node_span(part)))
                return
        names = [scope.alias_name(part) for part in parts]
        if isinstance(node.this, exp.Parameter):  # t.$1
            span = scope.text.node_span(node)
            self.uses.append(Reference(f"${node.this.name}", tuple(names), (), subtype, masking, span))
            return
        if len(names) == 1 and names[0] in scope.expressions:  # with a + 1 as b select b
            self.scope = scope.inner(expressions={name: value for name, value in scope.expressions.items() if name != names[0]})
            self.visit(scope.expressions[names[0]], subtype, masking=masking)
            self.scope = scope
            return
        if not names or names[0] in scope.parameters or self._is_no_column(names):
            return
        first, last = place(parts[0]), place(parts[-1])
        span = scope.text.span(first[0], last[1]) if first and last else scope.text.whole()
        qualifier = tuple(self._qualifier(part) for part in parts[:-1])
        if scope.piped is not None and len(qualifier) == 1 and qualifier[0] not in scope.piped:
            qualifier = ()
        self.uses.append(Reference(names[-1], qualifier, (), subtype, masking, span))

    def _is_no_column(self, names: list[str]) -> bool:
        """``rownum`` in Oracle, ``orders_seq.nextval`` anywhere."""
        return (len(names) == 1 and names[0] in self.scope.dialect.pseudo_columns) or (len(names) > 1 and names[-1] in _SEQUENCE)

    def _row(self, node: exp.Expr, subtype: Subtype, *, masking: bool) -> None:
        """``*``, ``t.* exclude (a)``, ``columns('_id$')``."""
        inner = node.this if isinstance(node, exp.Columns) else node
        table = inner.args.get("table") if isinstance(inner, exp.Column) else None
        name = self._qualifier(table) if isinstance(table, exp.Identifier) else None
        excluded, pattern = taken(inner, self.scope)
        self.uses.append(RowUse(name, subtype, masking, self.scope.text.node_span(node), excluded, pattern))

    def _qualifier(self, part: exp.Identifier) -> str:
        """`ref__0`.amount, which the template wrote as {{ ref('orders') }}.amount, is qualified by ``orders``."""
        symbolic = self.scope.text.names.get(part.name.lower())
        return self.scope.alias_name(symbolic.last if symbolic else part)

    def _subquery(self, node: exp.Expr, subtype: Subtype, *, rows_only: bool = False) -> None:
        index = self.scope.inner(nested=True).query(node)
        self.uses.append(SubqueryUse(index, subtype, rows_only))

    def dot(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001
        """``o.address.zip`` and ``f(x).y``: the part behind the dot is a field, not a column."""
        if isinstance(node.expression, exp.Func):  # schema.function(a)
            self.visit(node.expression, subtype, masking=masking)
        else:
            self.visit(node.this, subtype, masking=masking)

    def case(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001
        if node.this is not None:
            self.visit(node.this, compose(Subtype.CONDITIONAL, subtype), masking=masking)
        for branch in node.args.get("ifs") or ():
            self.if_(branch, subtype, masking)
        if node.args.get("default") is not None:
            self.visit(node.args["default"], subtype, masking=masking)

    def if_(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001
        self.visit(node.this, compose(Subtype.CONDITIONAL, subtype), masking=masking)
        self.children(node, subtype, masking=masking, skip=("this",))

    def window(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001
        function = node.this
        if isinstance(function, exp.IgnoreNulls | exp.RespectNulls):
            function = function.this
        if isinstance(function, _ROW_FUNCTIONS):
            self.children(function, subtype, masking=masking)
        else:
            self.visit(function, subtype, masking=masking)
        over = compose(Subtype.WINDOW, subtype)
        self._over(node, over)
        named = self.scope.windows.get(self.scope.alias_name(node.args.get("alias")))
        if named is not None:
            self._over(named, over)

    def _over(self, window: exp.Expr, subtype: Subtype) -> None:
        for part in window.args.get("partition_by") or ():
            self.visit(part, subtype, masking=False)
        if window.args.get("order") is not None:
            self.children(window.args["order"], subtype, masking=False)

    def filter(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001
        """``sum(a) filter (where b > 0)``: b chooses which values count."""
        self.visit(node.this, subtype, masking=masking)
        self.visit(node.expression.this, compose(Subtype.CONDITIONAL, subtype), masking=masking)

    def order(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001
        """``array_agg(a order by b)`` and ``… within group (order by b)``."""
        if isinstance(node, exp.WithinGroup):
            aggregate = compose(Subtype.AGGREGATION, subtype)
            self.visit(node.this, subtype, masking=masking)
            # percentile_cont(0.5) within group (order by b): b is what is aggregated
            ordered = Subtype.SORT if any(node.this.find_all(exp.Column)) else aggregate
            self.children(node.expression, compose(ordered, subtype), masking=masking)
            return
        if node.this is not None:
            self.visit(node.this, subtype, masking=masking)
        self.children(node, compose(Subtype.SORT, subtype), masking=masking, skip=("this",))

    def exists(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001
        if isinstance(node.this, (exp.Query, exp.Subquery)):
            self._subquery(node.this, subtype, rows_only=True)
        else:
            self.children(node, subtype, masking=masking)

    def lambda_(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001
        """``transform(xs, x -> x + y)``: x is no column, y is."""
        names = frozenset(self.scope.alias_name(name) for name in node.expressions if isinstance(name, exp.Identifier))
        outer = self.scope
        self.scope = outer.inner(parameters=outer.parameters | names)
        self.visit(node.this, subtype, masking=masking)
        self.scope = outer

    def variable(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001
        """``@v``, ``$v``, ``:v``: what the script has put there, if it has; no column ever."""
        sign = "" if isinstance(node, exp.Placeholder) else "$" if self.scope.dialect.name == "snowflake" else "@"
        if self.scope.dialect.numbered_columns and node.name.isdigit():  # Snowflake: select $1 from @stage
            span = self.scope.text.node_span(node)
            self.uses.append(Reference(f"${node.name}", (), (), subtype, masking, span))
            return
        self._variable(f"{sign}{self.scope.dialect.column(node.name)}", node, subtype, masking=masking)

    def _variable(self, name: str, node: exp.Expr, subtype: Subtype, *, masking: bool) -> bool:
        if name not in self.scope.variables:
            return False
        self.uses.append(Reference(name, (), (), subtype, masking, self.scope.text.node_span(node)))
        return True

    def call(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001
        """A function that sqlglot does not know; perhaps the repository does."""
        name = self.scope.dialect.relation(node.name)
        held = f"${node.expressions[0].name.lower()}" if name == "getvariable" and node.expressions else name  # DuckDB
        if self._variable(held, node, subtype, masking=masking):
            return
        if self.scope.dialect.name == "clickhouse" and self._dictionary(node, subtype, masking=masking):
            return
        if name.lower() in ("grouping", "grouping_id"):
            return
        if name.lower() in _RETURN_ROWS:
            self.scope.multiplying.append(node)
        masking = masking or masks(node)  # type: ignore[arg-type]
        arguments = tuple(uses_of(argument, self.scope) for argument in node.expressions if isinstance(argument, exp.Expr))
        self.uses.append(FunctionUse((name,), arguments, subtype, masking))

    def _dictionary(self, node: exp.Expr, subtype: Subtype, *, masking: bool) -> bool:
        assert isinstance(node, exp.Anonymous)
        found = lookup_of(node, self.scope)
        if found is None:
            return False
        inner = self.scope.inner(nested=True)
        keys = tuple(use for key in found.keys for use in uses_of(key, inner, Subtype.JOIN))
        relation = relation_of(found, keys, self.scope, node)
        several = len(found.attributes) > 1 or found.default
        made = compose(Subtype.TRANSFORMATION, subtype) if several and subtype is Subtype.IDENTITY else subtype
        self.uses.append(SubqueryUse(relation, made, rows_only=not found.attributes))
        for value in found.default:
            self.visit(value, made, masking=masking)
        return True

    def named(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001
        """``f(input => a)``, ``struct(a as b)``: the name is no column."""
        self.visit(node.expression, subtype, masking=masking)

    def cast(self, node: exp.Expr, subtype: Subtype, masking: bool) -> None:  # noqa: FBT001
        self.visit(node.this, subtype, masking=masking)


_HANDLERS: dict[type[exp.Expr], Callable[[_Collector, exp.Expr, Subtype, bool], None]] = {
    exp.Dot: _Collector.dot,
    exp.Case: _Collector.case,
    exp.If: _Collector.if_,
    exp.Window: _Collector.window,
    exp.Filter: _Collector.filter,
    exp.Order: _Collector.order,
    exp.WithinGroup: _Collector.order,
    exp.Exists: _Collector.exists,
    exp.Lambda: _Collector.lambda_,
    exp.Apply: _Collector.applied,
    **dict.fromkeys(COMPARISONS, _Collector.compared),
    exp.Kwarg: _Collector.named,
    exp.PropertyEQ: _Collector.named,
    exp.Anonymous: _Collector.call,
    exp.Parameter: _Collector.variable,
    exp.Placeholder: _Collector.variable,
    exp.Cast: _Collector.cast,
    exp.TryCast: _Collector.cast,
}
