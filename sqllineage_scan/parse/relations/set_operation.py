"""UNION, INTERSECT and EXCEPT: columns meet by position, or by name where the statement says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.unit import Relation, SetOperator
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.relations.parenthesized import cut_off

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

QUERIES = (exp.Union, exp.Intersect, exp.Except)

_OPERATORS = {exp.Union: SetOperator.UNION, exp.Intersect: SetOperator.INTERSECT, exp.Except: SetOperator.EXCEPT}


def build(node: exp.SetOperation, scope: Scope) -> int:
    """A chain of the same operator becomes one relation of many branches, without recursing into its left side:
    ``a union all b union all … `` of 2,000 arms is a tree 2,000 deep.
    """
    scope = with_common_tables(node, scope)
    arms: list[exp.Expr] = []
    left: exp.Expr = node
    while type(left) is type(node) and (left is node or not left.args.get("with_")) and _same_mode(left, node):
        arms.append(left.args["expression"])
        left = left.this
    arms.append(left)
    arm_scope = scope.inner(ordered=False)
    branches = tuple(arm_scope.query(arm) for arm in reversed(arms))
    index = scope.add(
        Relation(
            branches=branches,
            operator=_OPERATORS[type(node)],
            by_name=bool(node.args.get("by_name")),
            distinct=bool(node.args.get("distinct")),
            clauses=(),
        )
    )
    return cut_off(node, index, scope)


def _same_mode(left: exp.Expr, node: exp.Expr) -> bool:
    """EXCEPT is not associative to the right, but its left-deep chain ``(a except b) except c`` is ``a`` less both."""
    return all(left.args.get(key) == node.args.get(key) for key in ("by_name", "distinct")) and (
        left is node or not left.args.get("limit")
    )
