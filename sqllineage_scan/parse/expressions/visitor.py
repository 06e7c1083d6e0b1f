"""The walk over an expression: columns, subqueries and whole rows here, every other operator in a file of ``operators``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import AliasRule, HoleUse, Influence, Projection, Reference, RowUse, Star, SubqueryUse, Use
from sqllineage_scan.parse.column_patterns import taken
from sqllineage_scan.parse.expressions.aggregates import aggregates, aggregates_by_type, multiplies, multiplies_by_type
from sqllineage_scan.parse.expressions.purpose import EVERY_FIELD, Purpose
from sqllineage_scan.parse.expressions.shape import Field, shape_of
from sqllineage_scan.parse.masking import masks
from sqllineage_scan.parse.normal_form import normal_form, qualifier_name
from sqllineage_scan.parse.text import place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import ModuleType

    from sqllineage_scan.domain.source import Hole
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.parse.scope import Scope

    Read = Callable[[Any, "Visitor", Purpose], None]

_SEQUENCE = frozenset({"nextval", "currval"})
_TRANSPARENT = (exp.Alias, exp.Paren)
_NO_COLUMNS = (
    type(None),
    str,  # of db.raw..t sqlglot keeps a part as a bare string
    exp.Literal,
    exp.Identifier,
    exp.DataType,
    exp.Null,
    exp.Boolean,
    exp.Var,
    exp.JSONPath,
    exp.SessionParameter,
    exp.NextValueFor,
)


_WHOLE = {subtype: Purpose(subtype) for subtype in Subtype}


def uses_of(node: exp.Expr, scope: Scope, subtype: Subtype = Subtype.IDENTITY, path: tuple[str, ...] = ()) -> tuple[Use, ...]:
    """The columns and subqueries that ``node`` uses, in the order written, each use once; with a ``path``: those of a field.

    case when o.paid > 0 then sum(o.amount) end  ->  o.paid CONDITIONAL, o.amount AGGREGATION
    row_number() over (partition by o.id)        ->  o.id WINDOW
    struct(o.a as x, o.b as y)                   ->  o.a, o.b; with path ("x",) o.a
    """
    visitor = Visitor(scope)
    visitor.visit(node, Purpose(subtype, path=path) if path else _WHOLE[subtype])
    return tuple(dict.fromkeys(visitor.uses)) if len(visitor.uses) > 1 else tuple(visitor.uses)


def influence(node: exp.Expr, scope: Scope, subtype: Subtype, *, aliases: AliasRule | None = None) -> Influence:
    """What a condition reads, all of it for the same purpose: ``where o.paid and o.day > '2026-01-01'``."""
    uses = uses_of(node, scope, subtype)
    equal = _equal(node, scope) if subtype in (Subtype.JOIN, Subtype.FILTER) else ()
    return Influence(subtype, uses, AliasRule.NEVER if aliases is None else aliases, equal=equal)


def _equal(node: exp.Expr, scope: Scope) -> tuple[tuple[Span, Span], ...]:
    """The places of the columns that every row has to have equal: ``on o.id = p.order_id and o.day > p.day``."""
    bare = node.unnest()
    found = []
    for part in bare.flatten() if isinstance(bare, exp.And) else (bare,):
        held = part.unnest()
        if isinstance(held, exp.EQ) and isinstance(held.left, exp.Column) and isinstance(held.right, exp.Column):
            sides = [use for side in (held.left, held.right) for use in uses_of(side, scope, Subtype.JOIN)]
            if len(sides) == 2 and isinstance(sides[0], Reference) and isinstance(sides[1], Reference):  # noqa: PLR2004 -- a side each
                found.append((sides[0].span, sides[1].span))
    return tuple(found)


def fields_of(node: exp.Expr, scope: Scope, span: Span) -> tuple[Projection | Star, ...]:
    """The fields of a value that the expression puts together, each with what it uses; () when it shows none.

    struct(o.a as x, o.b + 1 as y)                ->  x from o.a, y from o.b
    array_agg(struct(o.a as x) order by o.day)    ->  x from o.a, aggregated, sorted by o.day
    array_agg(o)                                  ->  whatever columns o has, aggregated
    """
    shape = shape_of(node, scope)
    return _fields(node, shape, scope, span, ()) if shape else ()


def _fields(
    node: exp.Expr, shape: Iterable[Field], scope: Scope, span: Span, path: tuple[str, ...]
) -> tuple[Projection | Star, ...]:
    found: list[Projection | Star] = []
    for field in shape:
        if field.row is not None:
            uses = uses_of(node, scope, path=(*path, EVERY_FIELD))
            rows = [use for use in uses if isinstance(use, RowUse)]
            along = tuple(use for use in uses if not isinstance(use, RowUse))
            found.extend(
                Star(row.input, span, row.excluded, pattern=row.pattern, subtype=row.subtype, uses=along) for row in rows
            )
            continue
        inner = (*path, field.name)
        name = scope.alias_name(field.name)
        uses = uses_of(node, scope, path=inner)
        deeper = _fields(node, field.inner, scope, span, inner)
        found.append(Projection(name, uses, name, span, deeper, normal=f"{'.'.join(inner)} of {normal_form(node, scope)}"))
    return tuple(found)


class Visitor:
    """Collects ``uses``. An operator calls ``visit`` for each operand, with what the operand is wanted for."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.uses: list[Use] = []

    def visit(self, node: exp.Expr | str | None, purpose: Purpose) -> None:
        means = _MEANINGS[type(node)]
        if means is not None:
            means(node, self, purpose)

    def children(self, node: exp.Expr, purpose: Purpose, *, skip: tuple[str, ...] = ()) -> None:
        """All operands for one purpose."""
        meanings = _MEANINGS
        for key, value in node.args.items():
            if key in skip:
                continue
            for child in value if type(value) is list else (value,):
                means = meanings[type(child)]
                if means is not None:
                    means(child, self, purpose)

    def operands(self, node: exp.Expr, purpose: Purpose, *, skip: tuple[str, ...] = ()) -> None:
        """An operator or a function of which nothing more is known: its result is made of all that it is given."""
        self.children(node, self.argument(node, purpose).whole(), skip=skip)

    def argument(self, node: exp.Expr, purpose: Purpose) -> Purpose:
        """For the arguments of a function, by what kind of function it is."""
        purpose = purpose.aggregated() if aggregates(node, self.scope.dialect.name) else purpose.computed()
        return purpose.masked() if isinstance(node, exp.Func) and not purpose.masking and masks(node) else purpose

    def column(self, node: exp.Column, purpose: Purpose) -> None:
        args, scope = node.args, self.scope
        name, owner = args.get("this"), args.get("table")
        if scope.text.holes or type(name) is not exp.Identifier or args.get("db") or args.get("catalog"):
            self._long_column(node, purpose)
        elif owner is None:
            self._bare_column(name, purpose)
        elif type(owner) is exp.Identifier:
            self._owned_column(owner, name, purpose)
        else:
            self._long_column(node, purpose)

    def _bare_column(self, part: exp.Identifier, purpose: Purpose) -> None:
        """``a``: nearly always a column."""
        scope = self.scope
        quoted = bool(part.args.get("quoted"))
        name = scope.dialect.column(part.args["this"], quoted=quoted)
        if name in scope.expressions:
            self._named(name, purpose)
        elif name not in scope.parameters and (quoted or not self._is_no_column(name)):
            self._refer(name, (), part, part, purpose)

    def _owned_column(self, owner: exp.Identifier, part: exp.Identifier, purpose: Purpose) -> None:
        """``o.a``"""
        scope = self.scope
        dialect = scope.dialect
        name = dialect.column(part.args["this"], quoted=bool(part.args.get("quoted")))
        qualifier = dialect.column(owner.args["this"], quoted=bool(owner.args.get("quoted")))
        if qualifier in scope.parameters or name in _SEQUENCE:
            return
        if scope.text.names:
            qualifier = self.qualifier(owner)
        self._refer(name, (qualifier,), owner, part, purpose)

    def _refer(
        self, name: str, qualifier: tuple[str, ...], first: exp.Identifier, last: exp.Identifier, purpose: Purpose
    ) -> None:
        scope = self.scope
        begin, end = place(first), place(last)
        span = scope.text.span(begin[0], end[1]) if begin and end else scope.text.whole()
        path = purpose.path
        if path:
            if path[0] == EVERY_FIELD:
                self.uses.append(RowUse(name, purpose.subtype, purpose.masking, span))
                return
            path = tuple([scope.alias_name(step) for step in path])
        piped = scope.piped is not None and len(qualifier) == 1 and qualifier[0] not in scope.piped
        self.uses.append(Reference(name, qualifier, path, purpose.subtype, purpose.masking, span, piped))

    def _long_column(self, node: exp.Column, purpose: Purpose) -> None:
        """``db.t.a``, and whatever else the parser takes for a column."""
        if isinstance(node.this, exp.Star):
            self.row(node, purpose)
            return
        parts = [part for part in node.parts if isinstance(part, exp.Identifier)]
        scope = self.scope
        for part in parts if scope.text.holes else ():
            hole = self._hole_in(part.name.lower())
            if hole is not None:
                self._hole(hole, node, part, purpose)
                return
        if isinstance(node.this, exp.Literal):  # ClickHouse: t.1, the first item of a tuple
            purpose = purpose.inside(node.this.name)
        names = [scope.dialect.column(part.this, quoted=bool(part.args.get("quoted"))) for part in parts]
        if isinstance(node.this, exp.Parameter):  # Snowflake: t.$1
            found = Reference(
                f"${node.this.name}", tuple(names), purpose.path, purpose.subtype, purpose.masking, scope.text.node_span(node)
            )
            self.uses.append(found)
            return
        if len(parts) == 1:
            self._bare_column(parts[0], purpose)
            return
        if not names or names[0] in scope.parameters or names[-1] in _SEQUENCE:
            return
        qualifier = tuple([self.qualifier(part) for part in parts[:-1]]) if scope.text.names else tuple(names[:-1])
        self._refer(names[-1], qualifier, parts[0], parts[-1], purpose)

    def _named(self, name: str, purpose: Purpose) -> None:
        """ClickHouse's ``with a + 1 as b select b``: the expression that the name stands for."""
        scope = self.scope
        self.scope = scope.inner(expressions={other: value for other, value in scope.expressions.items() if other != name})
        self.visit(scope.expressions[name], purpose)
        self.scope = scope

    def _is_no_column(self, name: str) -> bool:
        """``rownum`` in Oracle, ``$name`` in SQLite, which is given from outside."""
        dialect = self.scope.dialect
        return name in dialect.pseudo_columns or (name.startswith("$") and dialect.name != "mysql")

    def row(self, node: exp.Expr, purpose: Purpose) -> None:
        """``*``, ``t.* exclude (a)``, ``columns('_id$')``."""
        inner = node.this if isinstance(node, exp.Columns) else node
        table = inner.args.get("table") if isinstance(inner, exp.Column) else None
        name = self.qualifier(table) if isinstance(table, exp.Identifier) else None
        span = self.scope.text.node_span(node)
        if purpose.path and purpose.path[0] != EVERY_FIELD:  # struct(o.*).amount
            wanted, *rest = (self.scope.alias_name(step) for step in purpose.path)
            qualifier = () if name is None else (name,)
            self.uses.append(Reference(wanted, qualifier, tuple(rest), purpose.subtype, purpose.masking, span))
            return
        excluded, pattern = taken(inner, self.scope)
        self.uses.append(RowUse(name, purpose.subtype, purpose.masking, span, excluded, pattern))

    def _hole_in(self, name: str) -> Hole | None:
        """The hole that a name is, or that stands for columns and is a part of it."""
        holes = self.scope.text.holes
        known = holes.get(name)
        return known or next((hole for token, hole in holes.items() if hole.star and token in name), None)

    def _hole(self, hole: Hole, node: exp.Column, part: exp.Identifier, purpose: Purpose) -> None:
        """A stand-in for all columns of a relation is each of them; any other is anybody's guess, and so is a name made of one:
        ``{{ column }}_previous``.
        """
        span = self.scope.text.node_span(part)
        relation = self.scope.text.names.get(hole.star)
        if relation is None or part.name.lower() != hole.token:
            self.uses.append(HoleUse(hole.expression, span))
            return
        table = node.args.get("table")
        name = self.qualifier(table) if isinstance(table, exp.Identifier) else self.scope.alias_name(hole.alias or relation.last)
        excluded = tuple(self.scope.dialect.column(column) for column in hole.excluded)
        self.uses.append(RowUse(name, purpose.subtype, purpose.masking, span, excluded))

    def qualifier(self, part: exp.Identifier) -> str:
        return qualifier_name(part, self.scope)

    def subquery(self, node: exp.Expr, purpose: Purpose, *, rows_only: bool = False) -> None:
        clause = node.unnest().args.get("for_")
        text = clause is not None and str(clause.args.get("kind")).upper() in ("XML", "JSON")  # a text of all the rows
        if text:
            purpose = purpose.computed()
        index = self.scope.inner(nested=True, ordered=text or _collects(node.parent)).query(node)
        path = () if EVERY_FIELD in purpose.path else tuple(self.scope.alias_name(step) for step in purpose.path)
        self.uses.append(SubqueryUse(index, purpose.subtype, rows_only, path=path, masking=purpose.masking))


def _collects(node: exp.Expr | None) -> bool:
    """``array(select a from t order by b)``, Oracle's ``multiset(…)``: every row becomes an item, in the order of the rows."""
    return isinstance(node, exp.Array) or (isinstance(node, exp.Anonymous) and node.name.lower() == "multiset")


def stacked(function: exp.Stack, width: int, scope: Scope) -> list[tuple[Use, ...]]:
    """What each of ``width`` columns of ``stack(2, 'net', net, 'gross', gross)`` holds: the values in turns."""
    return [
        tuple(dict.fromkeys(use for value in function.expressions[position::width] for use in uses_of(value, scope)))
        for position in range(width)
    ]


class _Meanings(dict[type, "Read | None"]):
    """What an expression of some type means to a visitor, found out once a type; None: it is no column and holds none."""

    def __missing__(self, kind: type) -> Read | None:
        found = self[kind] = _meaning(kind)
        return found


_MEANINGS = _Meanings()


def _meaning(kind: type) -> Read | None:
    if issubclass(kind, _NO_COLUMNS) or not issubclass(kind, exp.Expr):
        return None
    if issubclass(kind, (exp.Star, exp.Columns)):
        return _row
    if issubclass(kind, exp.Column):
        return _column
    if issubclass(kind, _TRANSPARENT):
        return _inside
    if issubclass(kind, (exp.Query, exp.Subquery)):
        return _subquery
    if issubclass(kind, exp.Anonymous):
        return _named_operator
    read = _by_type().get(kind)
    if read is None:
        read = _any_operator if aggregates_by_type(kind) or issubclass(kind, exp.Func) else _plain_operator
    return _multiplying(read) if multiplies_by_type(kind) else read


def _column(node: exp.Column, visitor: Visitor, purpose: Purpose) -> None:
    visitor.column(node, purpose)


def _row(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    visitor.row(node, purpose)


def _subquery(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    visitor.subquery(node, purpose)


def _inside(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``(a)``, ``a as b``."""
    visitor.visit(node.args.get("this"), purpose)


def _any_operator(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    visitor.operands(node, purpose)


def _plain_operator(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """``a + b``: no function of any kind."""
    visitor.children(node, purpose.computed().whole())


def _named_operator(node: exp.Anonymous, visitor: Visitor, purpose: Purpose) -> None:
    """A function for which sqlglot has no type."""
    if multiplies(node):
        visitor.scope.multiplying.append(node)
    read = _by_name().get(node.name.lower()) or _by_type().get(type(node)) or _any_operator
    read(node, visitor, purpose)


def _multiplying(read: Read) -> Read:
    """The same, of an operator that makes many rows of one."""

    def noted(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
        if node.arg_key != "unnest":  # a in unnest(b)
            visitor.scope.multiplying.append(node)
        read(node, visitor, purpose)

    return noted


@cache
def _by_type() -> Mapping[type[exp.Expr], Read]:
    return {kind: read for module in _operators() for kind, read in getattr(module, "EXPRESSIONS", {}).items()}


@cache
def _by_name() -> Mapping[str, Read]:
    return {name: read for module in _operators() for name, read in getattr(module, "FUNCTIONS", {}).items()}


def _operators() -> list[ModuleType]:
    package = import_module("sqllineage_scan.parse.expressions.operators")
    return [import_module(f"{package.__name__}.{module.name}") for module in iter_modules(package.__path__)]
