"""``stream(live.orders)``: the rows of a table as they come, in Databricks' pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.parse.scope import FromItem, UnsupportedSyntaxError

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

FROM_ITEMS = (exp.Stream,)


def read_from(node: exp.Stream, scope: Scope) -> FromItem:
    """They have the columns of the table."""
    inner = node.this
    while isinstance(inner, (exp.Subquery, exp.Paren)):
        inner = inner.this
    if not isinstance(inner, exp.Table):
        raise UnsupportedSyntaxError("STREAM of something that is no table")
    alias = node.args.get("alias") or (node.this.args.get("alias") if isinstance(node.this, exp.Subquery) else None)
    if alias is not None:
        inner.set("alias", alias)
    return scope.from_item(inner)
