"""``t pivot (sum(amount) for quarter in ('q1', 'q2'))``, and DuckDB's statement ``pivot t on quarter using sum(amount)``."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Influence, Input, Projection, Reference, Relation, RowUse, Star, Use
from sqllineage_scan.parse.expressions import uses_of
from sqllineage_scan.parse.relations.pivot_names import column_name, value_name
from sqllineage_scan.parse.relations.unpivot import unpivoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.parse.scope import Scope

QUERIES = (exp.Pivot,)

ANY = "*"  # the name of a column that the data names


class _Aggregate(NamedTuple):
    """``sum(amount) as total``."""

    uses: tuple[Use, ...]
    alias: str
    text: str


def build(node: exp.Pivot, scope: Scope) -> int:
    """A PIVOT or UNPIVOT that is a statement: its source stands inside it."""
    source = scope.from_item(node.this).inputs[0]
    return _relation(node, source, scope)


def pivoted(pivot: exp.Pivot, source: Input, scope: Scope) -> Input:
    """The input that a pivot makes of another: what is neither aggregated nor spread stays, the rest becomes new columns."""
    index = _relation(pivot, source, scope)
    name, columns = scope.table_alias(pivot.args.get("alias"))
    return Input(name or source.alias, index, source.span, columns)


def _relation(pivot: exp.Pivot, source: Input, scope: Scope) -> int:
    if pivot.args.get("unpivot"):
        return unpivoted(pivot, source, scope)
    span = scope.text.node_span(pivot)
    statement = not pivot.args.get("fields")
    fields = pivot.expressions if statement else pivot.args["fields"]
    aggregates = _aggregates((pivot.args.get("using") or ()) if statement else pivot.expressions, scope)
    keys = tuple(use for field in fields for use in _keys(field, scope))
    used = (*(use for aggregate in aggregates for use in aggregate.uses), *keys)
    spread = tuple(dict.fromkeys(use.name for use in used if isinstance(use, Reference)))
    made = _columns(fields, aggregates, keys, span, scope)
    group = pivot.args.get("group")
    if group is not None:
        kept: list[Projection | Star] = [
            Projection(scope.alias_name(key.output_name), uses_of(key, scope), key.sql(), span) for key in group.expressions
        ]
        by = tuple(use for key in group.expressions for use in uses_of(key, scope, Subtype.GROUP_BY))
    else:
        kept = [Star(None, span, excluded=spread)]
        by = (RowUse(None, Subtype.GROUP_BY, masking=False, span=span, excluded=spread),)
    return scope.add(Relation((source,), (*kept, *made), (Influence(Subtype.GROUP_BY, by),)))


def _aggregates(nodes: Sequence[exp.Expr], scope: Scope) -> list[_Aggregate]:
    """DuckDB counts where nothing is said: ``pivot t on quarter``."""
    found = [
        _Aggregate(
            uses_of(node, scope),
            scope.alias_name(node.args.get("alias")),
            (node.unalias()).sql(scope.dialect.name or None, comments=False).lower(),
        )
        for node in nodes
    ]
    return found or [_Aggregate((), "", "count(*)")]


def _keys(field: exp.Expr, scope: Scope) -> tuple[Use, ...]:
    """What chooses the column that a row counts for: the FOR columns, and the query that lists their values."""
    key = field.this if isinstance(field, exp.In) else field
    listed = [part for part in _listed(field) if isinstance(part, (exp.Query, exp.Subquery))]
    return tuple(use for node in (key, *listed) for use in uses_of(node, scope, Subtype.CONDITIONAL))


def _listed(field: exp.Expr) -> list[exp.Expr]:
    if not isinstance(field, exp.In):
        return []
    query = field.args.get("query")
    return [query] if query is not None else list(field.expressions)


def _columns(
    fields: Sequence[exp.Expr], aggregates: Sequence[_Aggregate], keys: tuple[Use, ...], span: Span, scope: Scope
) -> list[Projection | Star]:
    """One column for each value and aggregate. Where the data gives the values, the columns are a family with one name,
    ``*``: nobody can say which there are, but each is made alike.
    """
    names = [[_name(value, scope) for value in _listed(field)] or [ANY] for field in fields]
    if scope.dialect.name == "oracle" and any(ANY in values for values in names):  # only PIVOT XML has no list of values
        key = fields[0].this
        names = [[f"{scope.alias_name(key.this)}_xml"]] if isinstance(key, exp.Column) else names
    made: list[Projection | Star] = []
    for values in product(*names):
        for aggregate in aggregates:
            name = column_name(values, aggregate.alias, aggregate.text, len(aggregates), scope.dialect)
            item = Projection(name, (*aggregate.uses, *keys), aggregate.text, span)
            made.append(Star("", span, uses=item.uses, family=name, pattern=_quoted(scope)) if ANY in values else item)
    return made


def _name(value: exp.Expr, scope: Scope) -> str:
    """A template's expression, or a text that is put together, may list any values: ``for q in ({{ quarters }})``."""
    columns = (column.name.lower() for column in value.find_all(exp.Column)) if scope.text.holes else ()
    return ANY if any(name in scope.text.holes for name in columns) else value_name(value, scope)


def _quoted(scope: Scope) -> str:
    """Of the names that data gives, some show where they come from: Snowflake calls the column of a string ``'Q1'``."""
    return "(?=\"?'.*')" if scope.dialect.pivot_quotes else ""
