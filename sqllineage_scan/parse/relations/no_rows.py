"""Queries that have columns and never a row: ``where 1 = 0``, ``where false``, ``limit 0``, ``select top 0 …``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable

_CONDITIONS = ("where", "having", "qualify")


def has_no_rows(node: exp.Expr) -> bool:
    """Whether the constants of a query's own clauses say so. Without GROUP BY an aggregate has a row all the same, but nothing
    that is in any table decides what is in it.
    """
    limit = node.args.get("limit")
    count = (
        limit.args.get("count") if isinstance(limit, exp.Fetch) else limit.args.get("expression") if limit is not None else None
    )
    if isinstance(count, exp.Literal) and not count.is_string and str(count.this) == "0":
        return True
    conditions = (node.args.get(key) for key in _CONDITIONS)
    return any(_is_false(condition.this) for condition in conditions if condition is not None)


def _is_false(node: exp.Expr) -> bool:
    if isinstance(node, exp.Paren):
        return _is_false(node.this)
    if isinstance(node, exp.And):
        return _is_false(node.this) or _is_false(node.expression)
    if isinstance(node, exp.Or):
        return _is_false(node.this) and _is_false(node.expression)
    if isinstance(node, exp.Not):
        return isinstance(node.this, exp.Boolean) and bool(node.this.this)
    if isinstance(node, exp.Boolean):
        return not node.this
    compare = _COMPARED.get(type(node))
    left, right = node.args.get("this"), node.args.get("expression")
    if compare is None or not isinstance(left, exp.Literal) or not isinstance(right, exp.Literal):
        return False
    return left.is_string == right.is_string and compare(str(left.this), str(right.this))


_COMPARED: dict[type[exp.Expr], Callable[[str, str], bool]] = {
    exp.EQ: lambda left, right: left != right,
    exp.NEQ: lambda left, right: left == right,
}
