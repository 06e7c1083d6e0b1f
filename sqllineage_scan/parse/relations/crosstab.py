"""Postgres' ``crosstab('select row, category, value from t') as ct (row text, a int, b int)``: a pivot whose query is a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Influence, Input, Projection, Reference, Relation, Star, SubqueryUse
from sqllineage_scan.parse.constants import constant_text
from sqllineage_scan.parse.relations.remote_query import query_in

if TYPE_CHECKING:
    from sqllineage_scan.domain.unit import Use
    from sqllineage_scan.parse.scope import Scope

_NAMES = frozenset({"crosstab", "crosstab2", "crosstab3", "crosstab4"})
_LEAST = 3  # a row's name, a category, a value


def read_crosstab(function: exp.Expr, columns: tuple[str, ...], scope: Scope) -> Input | None:
    """Of the query's columns the first names the row, the last two are category and value, what lies between passes through.
    None where the text is not known, or the statement does not say what the columns are called.
    """
    if not (isinstance(function, exp.Anonymous) and function.name.lower() in _NAMES and function.expressions):
        return None
    texts = [constant_text(part, scope.constants) for part in function.expressions]
    tree = query_in(texts[0], scope) if texts[0] else None
    if tree is None or not columns:
        return None
    index = scope.inner(ctes={}).query(tree)
    items = scope.relations[index].projections
    if len(items) < _LEAST or any(isinstance(item, Star) for item in items):
        return None
    span = scope.text.node_span(function)
    names = ("row", *(f"extra_{number}" for number in range(1, len(items) - 2)), "category", "value")
    values: list[Use] = [_column("value", Subtype.IDENTITY, function, scope)]
    values.append(_column("category", Subtype.CONDITIONAL, function, scope))
    categories = query_in(texts[1], scope) if len(texts) > 1 and texts[1] else None
    if categories is not None:  # it says which category has which column
        values.append(SubqueryUse(scope.inner(ctes={}, nested=True).query(categories), Subtype.CONDITIONAL))
    made = [
        Projection(name, (_column(passed, Subtype.IDENTITY, function, scope),), name, span)
        for name, passed in zip(columns, names[:-2], strict=False)
    ]
    made += [Projection(name, tuple(values), name, span) for name in columns[len(made) :]]
    key = Influence(Subtype.GROUP_BY, (_column("row", Subtype.GROUP_BY, function, scope),))
    return Input("", scope.add(Relation((Input("", index, span, names),), tuple(made), (key,))), span)


def _column(name: str, subtype: Subtype, function: exp.Expr, scope: Scope) -> Reference:
    return Reference(name, (), (), subtype, masking=False, span=scope.text.node_span(function))
