"""Snowflake's ``semantic_view(sv dimensions c.region metrics o.revenue)``: the view groups and aggregates by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Influence, Input, Projection, Reference, Relation
from sqllineage_scan.parse.names import relation_name

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope


def read_semantic_view(node: exp.SemanticView, scope: Scope) -> Input:
    """Dimensions and facts pass through, metrics are aggregated, and their rows are grouped by the dimensions."""
    span = scope.text.node_span(node)

    def reference(column: exp.Expr, subtype: Subtype) -> Reference:
        named = column.find(exp.Column) or column  # customer.region: of the view it is the column region
        return Reference(scope.alias_name(named.this), (), (), subtype, masking=False, span=scope.text.node_span(column))

    subtypes = {"dimensions": Subtype.IDENTITY, "facts": Subtype.IDENTITY, "metrics": Subtype.AGGREGATION}
    items = [
        Projection(
            scope.alias_name(column.args["alias"] if isinstance(column, exp.Alias) else column.this),
            (reference(column, subtype),),
            column.sql(),
            span,
        )
        for key, subtype in subtypes.items()
        for column in node.args.get(key) or ()
    ]
    influences = []
    if node.args.get("metrics"):
        by = tuple(reference(column, Subtype.GROUP_BY) for column in node.args.get("dimensions") or ())
        influences.append(Influence(Subtype.GROUP_BY, by))
    where = node.args.get("where")
    if where is not None:
        asked = tuple(reference(column, Subtype.FILTER) for column in where.find_all(exp.Column))
        influences.append(Influence(Subtype.FILTER, asked))
    source = Input("", relation_name(node.this, scope), span)
    return Input("", scope.add(Relation((source,), tuple(items), tuple(influences))), span)
