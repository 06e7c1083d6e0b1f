"""Functions that return rows: UNNEST, FLATTEN, LATERAL VIEW, ``json_each(t.doc)``, JSON_TABLE, ``rows from (f(a), g(b))``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.names import NameKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import FunctionUse, Input, Projection, Relation, Use
from sqllineage_scan.parse.expressions import stacked, uses_of
from sqllineage_scan.parse.files import all_of
from sqllineage_scan.parse.names import called, dynamic_name
from sqllineage_scan.parse.relations.crosstab import read_crosstab
from sqllineage_scan.parse.relations.external import external_name, paths_read
from sqllineage_scan.parse.relations.function_columns import columns_of
from sqllineage_scan.parse.relations.model_function import MODEL_FUNCTIONS, read_model_function
from sqllineage_scan.parse.relations.polymorphic import read_table_argument, takes_table
from sqllineage_scan.parse.relations.remote_query import is_remote_query, read_remote_query
from sqllineage_scan.parse.relations.semantic_view import read_semantic_view
from sqllineage_scan.parse.relations.vector_search import read_vector_search
from sqllineage_scan.parse.scope import FromItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.parse.scope import Scope

FROM_ITEMS = (exp.Unnest, exp.Lateral, exp.TableFromRows, exp.Pivot, exp.AtIndex)


def read_from(node: exp.Expr, scope: Scope) -> FromItem:
    """``unnest(o.items) as i``, ``lateral flatten(input => o.items) i``, ``lateral (select …) l``."""
    if isinstance(node, (exp.Pivot, exp.AtIndex)):
        return FromItem([_navigated(node, scope)], [])
    alias = node.args.get("alias")
    inner = node if isinstance(node, exp.Unnest) or dynamic_name(node, scope) is not None else node.this
    if isinstance(inner, exp.Subquery):
        span = scope.text.node_span(node)
        name, columns = scope.table_alias(alias)
        return FromItem([Input(name, scope.inner(nested=True).query(inner), span, columns)], [])
    return FromItem([call(inner, alias, scope)], [])


def call(function: exp.Expr, alias: exp.Expr | None, scope: Scope) -> Input:
    """A table function as an input. Whatever is asked of it comes from its arguments, of several arrays each from its own."""
    if isinstance(function, exp.Anonymous) and function.name.lower() == "table" and len(function.expressions) == 1:
        function = function.expressions[0]  # Trino: table(f(…))
    span = scope.text.node_span(function)
    name, columns = scope.table_alias(alias)
    paths = paths_read(function)
    if len(paths) > 1:
        return Input(name, all_of(paths, span, scope), span, columns)
    external = external_name(function, scope) or dynamic_name(function, scope)
    if external is not None:
        return Input(name or ("" if external.kind is NameKind.FILE else scope.alias_name(external.last)), external, span, columns)
    if is_remote_query(function):
        return read_remote_query(function, scope)._replace(alias=name, columns=columns)
    spread = read_crosstab(function, columns, scope)
    if spread is not None:
        return spread._replace(alias=name)
    if isinstance(function, exp.VectorSearch):
        return read_vector_search(function, scope)._replace(alias=name, columns=columns)
    if isinstance(function, exp.SemanticView):
        return read_semantic_view(function, scope)._replace(alias=name, columns=columns)
    if isinstance(function, MODEL_FUNCTIONS):
        return read_model_function(function, scope)._replace(alias=name, columns=columns)
    bare = function.expression if isinstance(function, exp.Dot) else function  # ds.f(table ds.t)
    if takes_table(bare):
        return read_table_argument(bare, columns, scope)._replace(alias=name, columns=columns)
    offset = function.args.get("offset")
    if columns and isinstance(offset, exp.Identifier):  # with ordinality as u (x, n)
        columns = (*columns, scope.alias_name(offset))
    parts = list(function.expressions) if isinstance(function, exp.Unnest) else [function]
    return _computed(parts, name or _implied(function, alias, columns, scope), columns, bool(offset), scope)


def rows_from(node: exp.Table, scope: Scope) -> Input:
    """``rows from (unnest(a), generate_series(1, b)) with ordinality as r (x, y, n)``: side by side."""
    name, columns = scope.table_alias(node.args.get("alias"))
    parts = [part.this if isinstance(part, exp.Table) else part for part in node.args["rows_from"]]
    return _computed(parts, name, columns, bool(node.args.get("ordinality")), scope)


def _computed(parts: Sequence[exp.Expr], alias: str, columns: tuple[str, ...], numbered: bool, scope: Scope) -> Input:  # noqa: FBT001
    span = scope.text.node_span(parts[0]) if parts else scope.text.whole()
    inner = scope.inner(nested=True, multiplying=[])
    if len(parts) == 1 and isinstance(parts[0], exp.Stack):
        return _stacked(parts[0], alias, columns, inner)
    uses = [uses_of(part, inner, Subtype.TRANSFORMATION) for part in parts]
    every = tuple(dict.fromkeys(use for part in uses for use in part))
    listed = columns or (columns_of(parts[0], scope) if len(parts) == 1 else ())
    made = tuple(
        Projection(name, found, name, span)
        for name, found in zip(listed, _spread(uses, every, len(listed), numbered=numbered), strict=True)
    )
    one_row = isinstance(parts[0], exp.Anonymous) and parts[0].name.lower() == "json_tuple"
    function = _call_of(parts[0], scope) if len(parts) == 1 else None
    index = inner.add(Relation(arguments=() if one_row and made else every, projections=made, function=function))
    return Input(alias, index, span, () if columns[:1] == (alias,) else columns)


def _stacked(function: exp.Stack, alias: str, columns: tuple[str, ...], scope: Scope) -> Input:
    """Spark's ``stack(2, 'net', net, 'gross', gross) as s (kind, amount)``: a list of rows, however many values it has."""
    span = scope.text.node_span(function)
    made = [
        Projection(name, uses, name, span) for name, uses in zip(columns, stacked(function, len(columns), scope), strict=True)
    ]
    return Input(alias, scope.add(Relation(arguments=(), projections=tuple(made))), span, columns)


def _spread(uses: Sequence[tuple[Use, ...]], every: tuple[Use, ...], width: int, *, numbered: bool) -> list[tuple[Use, ...]]:
    """What each of ``width`` columns is made of. Of as many functions as columns each gives one; of maps each gives two."""
    values = width - numbered
    if len(uses) > 1 and values >= len(uses) and values % len(uses) == 0:
        each = values // len(uses)
        return [*(found for found in uses for _ in range(each)), *([every] if numbered else [])]
    return [every] * width


def _navigated(node: exp.Expr, scope: Scope) -> Input:
    """Redshift's ``from t, unpivot t.obj as v at k`` and ``from t, t.arr as a at i``: a value, and its key or its index."""
    inner = node.this if isinstance(node, exp.Pivot) else node
    key = inner.expression if isinstance(inner, exp.AtIndex) else None
    inner = inner.this if isinstance(inner, exp.AtIndex) else inner
    name = scope.alias_name(inner.args.get("alias"))
    columns = (name, scope.alias_name(key)) if key is not None else ()
    return _computed([inner.unalias()], name, columns, False, scope)


def _call_of(function: exp.Expr, scope: Scope) -> FunctionUse | None:
    """The call of a function that the repository may define: ``from recent_orders(7)``, ``table(recent_orders(7))``."""
    function = function.expression if isinstance(function, exp.Dot) else function  # dbo.recent_orders(7)
    while isinstance(function, exp.TableFromRows) or (
        isinstance(function, exp.Anonymous) and function.name.upper() == "TABLE" and len(function.expressions) == 1
    ):
        function = function.this if isinstance(function, exp.TableFromRows) else function.expressions[0]
        function = function.expression if isinstance(function, exp.Dot) else function
    if scope.dialect.name == "oracle" and isinstance(function, exp.Column):  # table(f), where f has no parameters
        return FunctionUse((scope.dialect.relation(function.name),), (), Subtype.IDENTITY, masking=False)
    if not isinstance(function, exp.Anonymous):
        return None
    arguments = tuple(uses_of(argument, scope.inner(nested=True)) for argument in function.expressions)
    return FunctionUse(called(function, scope), arguments, Subtype.IDENTITY, masking=False)


def _implied(function: exp.Expr, alias: exp.Expr | None, columns: tuple[str, ...], scope: Scope) -> str:
    """BigQuery's ``unnest(a) as x`` names a column that can be qualified like a table, and sqlglot files it as a column;
    with no alias at all, Postgres calls the result after the function.
    """
    if columns:
        return columns[0]
    return scope.alias_name(function.name) if alias is None and isinstance(function, exp.Anonymous) else ""
