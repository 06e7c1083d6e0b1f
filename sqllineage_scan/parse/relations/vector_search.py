"""BigQuery's ``vector_search(table base, 'emb', table queries, top_k => 5)``: rows of both tables that are near each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Influence, Input, Projection, Reference, Relation, RowUse, Star

if TYPE_CHECKING:
    from sqllineage_scan.domain.unit import Use
    from sqllineage_scan.parse.scope import Scope


def read_vector_search(function: exp.VectorSearch, scope: Scope) -> Input:
    """Its columns are ``query`` and ``base``, each a whole row, and ``distance``, made of the two columns compared."""
    span = scope.text.node_span(function)
    sides: list[Input] = []
    compared: list[Use] = []
    searched = _text(function.args.get("column_to_search"))
    asked = _text(function.args.get("query_column_to_search"))
    for name, node, column in (("query", function.args["query_table"], asked), ("base", function.this, searched)):
        inner = node.expression if isinstance(node, exp.Kwarg) else node
        found = scope.from_item(inner).inputs[0]
        sides.append(Input(name, found.source, found.span, found.columns))
        if column:
            key = scope.dialect.column(column)
            compared.append(Reference(key, (name,), (), Subtype.TRANSFORMATION, masking=False, span=span))
        else:  # it takes the column that fits
            compared.append(RowUse(name, Subtype.TRANSFORMATION, masking=False, span=span))
    rows = [
        Projection(
            side.alias,
            (RowUse(side.alias, Subtype.TRANSFORMATION, masking=False, span=side.span),),
            side.alias,
            side.span,
            fields=(Star(side.alias, side.span),),
        )
        for side in sides
    ]
    distance = Projection("distance", tuple(compared), "distance", span)
    near = Influence(Subtype.JOIN, tuple(_joining(use) for use in compared))
    return Input("", scope.add(Relation(tuple(sides), (*rows, distance), (near,))), span)


def _joining(use: Use) -> Use:
    assert isinstance(use, (Reference, RowUse))
    if isinstance(use, Reference):
        return Reference(use.name, use.qualifier, (), Subtype.JOIN, masking=False, span=use.span)
    return RowUse(use.input, Subtype.JOIN, masking=False, span=use.span)


def _text(node: exp.Expr | None) -> str:
    value = node.expression if isinstance(node, exp.Kwarg) else node
    return str(value.name) if isinstance(value, exp.Literal) else ""
