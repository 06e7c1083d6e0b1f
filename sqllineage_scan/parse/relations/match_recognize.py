"""``t match_recognize (partition by … order by … measures … pattern (a b+) define a as …)``: rows that follow each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Influence, Input, Projection, Relation, Star
from sqllineage_scan.parse.expressions import uses_of

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

# FIRST(a.price), LAST, PREV and NEXT say of which row; they are no aggregates here.
_NAVIGATION = (exp.First, exp.Last, exp.Lag, exp.Lead)


def matched(node: exp.MatchRecognize, source: Input, scope: Scope) -> Input:
    """Measures are made of the rows of a match; which rows those are, the partition and the order say for the values, and
    with the conditions of DEFINE for the rows. One row a match shows the partition and the measures, all rows show all.
    """
    span = scope.text.node_span(node)
    keys = list(node.args.get("partition_by") or ())
    order = node.args.get("order")
    ordered = [key.this for key in order.expressions] if order is not None else []
    window = tuple(use for key in (*keys, *ordered) for use in uses_of(_bare(key), scope, Subtype.WINDOW))
    measures = [
        Projection(
            scope.alias_name(measure.this.args.get("alias")), (*uses_of(_bare(measure.this), scope), *window), measure.sql(), span
        )
        for measure in node.args.get("measures") or ()
    ]
    all_rows = str(node.args.get("rows") or "").upper().startswith("ALL")
    shown: list[Projection | Star] = [Star(None, span)]
    if not all_rows:
        shown = [Projection(scope.alias_name(key.output_name), uses_of(key, scope), key.sql(), span) for key in keys]
    define = [use for part in node.args.get("define") or () for use in uses_of(_bare(part.this), scope, Subtype.FILTER)]
    influences = (
        Influence(Subtype.GROUP_BY, tuple(use for key in keys for use in uses_of(key, scope, Subtype.GROUP_BY))),
        Influence(Subtype.SORT, tuple(use for key in ordered for use in uses_of(key, scope, Subtype.SORT))),
        Influence(Subtype.FILTER, tuple(dict.fromkeys(define))),
    )
    index = scope.add(Relation((source,), (*shown, *measures), influences))
    name, columns = scope.table_alias(node.args.get("alias"))
    return Input(name, index, span, columns)


def _bare(node: exp.Expr) -> exp.Expr:
    """The expression without its pattern variables, which stand where a table's name would: ``last(down.price)``."""
    found = node.copy()
    for column in list(found.find_all(exp.Column)):
        column.set("table", None)
    for call in list(found.find_all(*_NAVIGATION)):
        call.replace(exp.Anonymous(this=f"row_{call.key}", expressions=[call.this]))
    while isinstance(found, exp.Alias):
        found = found.this
    return found
