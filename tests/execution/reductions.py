"""Smaller or looser versions of a query: to show a failure by its shortest SQL, and to find what hides an edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CLAUSES = {
    "where": "a filter",
    "having": "a filter",
    "qualify": "a filter",
    "limit": "a limit",
    "offset": "a limit",
    "order": "an order",
    "distinct": "DISTINCT",
    "group": "a grouping",
}
_CONNECTORS = (exp.And, exp.Or)


def reductions(sql: str) -> Iterator[tuple[str, str]]:
    """Every query that is one step simpler, with the name of what was taken away; none of one that sqlglot cannot read."""
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
    except SqlglotError:
        return
    for index, node in enumerate(tree.walk()):
        for name, change in _changes(node):
            copy = tree.copy()
            twin = next(found for number, found in enumerate(copy.walk()) if number == index)
            result = change(twin)
            if result is not False:
                root = result if twin is copy and isinstance(result, exp.Expr) else copy
                yield name, root.sql(dialect="duckdb")


def _changes(node: exp.Expr) -> Iterator[tuple[str, Callable[[exp.Expr], object]]]:
    for key, name in _CLAUSES.items():
        if isinstance(node, exp.Query) and node.args.get(key):
            yield name, _without(key)
    if isinstance(node, exp.SetOperation):
        yield from _arm_changes(node)
    if isinstance(node, exp.Join):
        yield from _join_changes(node)
    if isinstance(node, exp.Select):
        yield from _list_changes(node)
    if isinstance(node, exp.With):
        for number in range(len(node.expressions)):
            yield "a CTE", _without_item("expressions", number)
    yield from _expression_changes(node)


def _arm_changes(node: exp.SetOperation) -> Iterator[tuple[str, Callable[[exp.Expr], object]]]:
    yield "a set operation", lambda found: found.replace(found.this)
    yield "a set operation", lambda found: found.replace(found.expression)
    if not isinstance(node, exp.Union) or node.args.get("distinct"):
        yield "a set operation", _union_all
    if not isinstance(node.parent, exp.SetOperation):
        for number in range(len(node.left.selects) if len(node.left.selects) > 1 else 0):
            yield "other columns", _without_place(number)


def _list_changes(node: exp.Select) -> Iterator[tuple[str, Callable[[exp.Expr], object]]]:
    for number in range(len(node.expressions) if len(node.expressions) > 1 else 0):
        yield "other columns", _without_item("expressions", number)
    if not node.args.get("group") and not any(node.find_all(exp.AggFunc)) and not node.is_star:
        yield "columns not shown", _everything


def _join_changes(node: exp.Join) -> Iterator[tuple[str, Callable[[exp.Expr], object]]]:
    yield "a join", lambda found: found.pop() and None
    if node.args.get("side") or node.args.get("kind"):
        yield "an outer join", _inner
    if node.args.get("on"):
        yield "a join condition", _cross


def _expression_changes(node: exp.Expr) -> Iterator[tuple[str, Callable[[exp.Expr], object]]]:
    """``f(a, b)`` becomes ``a`` or ``b``, ``case when c then a else b end`` one of its values, a constant another."""
    if isinstance(node, _CONNECTORS):
        yield "a condition beside it", lambda found: found.replace(found.this)
        yield "a condition beside it", lambda found: found.replace(found.expression)
    elif isinstance(node, exp.Case):
        for number in range(len(node.args["ifs"])):
            yield "a CASE", lambda found, number=number: found.replace(found.args["ifs"][number].args["true"])
            yield "a CASE", lambda found, number=number: found.args["ifs"][number].set("true", exp.Null())
        if node.args.get("default"):
            yield "a CASE", lambda found: found.replace(found.args["default"])
            yield "a CASE", lambda found: found.set("default", exp.Null())
    elif isinstance(node, exp.In) and len(node.expressions) > 1:
        for number in range(len(node.expressions)):
            yield "a condition beside it", _without_item("expressions", number)
    elif isinstance(node, exp.Between):
        yield "a condition beside it", lambda found: found.replace(exp.GTE(this=found.this, expression=found.args["low"]))
        yield "a condition beside it", lambda found: found.replace(exp.LTE(this=found.this, expression=found.args["high"]))
    elif isinstance(node, (exp.Func, exp.Binary, exp.Unary, exp.Window, exp.Filter, exp.Paren)) and isinstance(
        node.parent, (exp.Expr, type(None))
    ):
        for part in node.iter_expressions():
            if isinstance(part, exp.Condition) and not isinstance(part, exp.Identifier):
                yield "an expression around it", lambda found, part=part: found.replace(part.copy())
    if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Select) and isinstance(node.parent, exp.From):
        yield "a derived table", _inline_table


def _without(key: str) -> Callable[[exp.Expr], object]:
    return lambda found: found.set(key, None)


def _without_item(key: str, number: int) -> Callable[[exp.Expr], object]:
    def change(found: exp.Expr) -> object:
        items = list(found.args[key])
        del items[number]
        if not items:
            return found.pop() and None
        found.set(key, items)
        return None

    return change


def _without_place(number: int) -> Callable[[exp.Expr], object]:
    def change(found: exp.Expr) -> object:
        for arm in found.find_all(exp.Select):
            top = arm.parent if isinstance(arm.parent, (exp.Subquery, exp.SetOperation)) else None
            if top is not None and arm.parent_select is found.parent_select and number < len(arm.expressions):
                arm.set("expressions", [item for place, item in enumerate(arm.expressions) if place != number])
        return None

    return change


def _union_all(found: exp.Expr) -> object:
    return found.replace(
        exp.Union(this=found.this, expression=found.expression, distinct=False, by_name=found.args.get("by_name"))
    )


def _everything(found: exp.Expr) -> None:
    found.set("expressions", [exp.Star()])


def _inner(found: exp.Expr) -> None:
    found.set("side", None)
    found.set("kind", None)


def _cross(found: exp.Expr) -> None:
    found.set("on", None)
    found.set("side", None)
    found.set("kind", "CROSS")


def _inline_table(found: exp.Expr) -> object:
    """``from (select … from t as a) as b`` becomes ``from t as b``."""
    source = found.this.args.get("from_")
    if source is None or not isinstance(source.this, exp.Table):
        return False
    table = source.this.copy()
    table.set("alias", found.args["alias"].copy() if found.args.get("alias") else None)
    return found.replace(table)


def shortest(sql: str, fails: Callable[[str], bool], tries: int = 300) -> str:
    """The query of fewest words that still ``fails``, reached by one reduction after the other."""
    found = True
    while found and tries > 0:
        found = False
        for _, candidate in sorted(reductions(sql), key=lambda pair: len(pair[1])):
            tries -= 1
            if len(candidate) < len(sql) and fails(candidate):
                sql, found = candidate, True
                break
            if tries <= 0:
                break
    return sql
