"""``with moved as (delete from t returning *) …``: a CTE that writes, and whose rows are those of its RETURNING."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.unit import Relation
from sqllineage_scan.parse.registry import statements

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope, Statement

QUERIES = (exp.Insert, exp.Update, exp.Delete, exp.Merge)


def build(node: exp.Expr, scope: Scope) -> int:
    """The statement's writes are added to those of the statement around it."""
    found: Statement = statements()[type(node)](node, scope)
    scope.writes.extend(found.writes)
    return found.rows if found.rows is not None else scope.add(Relation())
