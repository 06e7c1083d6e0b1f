"""The items of a SELECT list: expressions and stars."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.transformation import compose
from sqllineage_scan.domain.unit import FunctionUse, HoleUse, Projection, Reference, RowUse, Star
from sqllineage_scan.parse.column_patterns import COMPARISONS, pattern_of, taken
from sqllineage_scan.parse.expressions import fields_of, stacked, uses_of
from sqllineage_scan.parse.kinds import Kinds
from sqllineage_scan.parse.normal_form import normal_form
from sqllineage_scan.parse.scope import UnsupportedSyntaxError
from sqllineage_scan.parse.text import anchor, extent
from sqllineage_scan.parse.text import place as text_place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.source import Hole
    from sqllineage_scan.domain.unit import Use
    from sqllineage_scan.parse.layout import SelectList
    from sqllineage_scan.parse.scope import Scope


_CALL = re.compile(r"(?:\w+\.)*(\w+)\s*\(")


def select_list(node: exp.Select, scope: Scope) -> list[Projection | Star]:
    """The items of ``node`` in order, with the text and the place of each."""
    layout = _layout(node, scope)
    kind = node.args.get("kind")
    plain = (
        kind != "VALUE" and not scope.text.holes and scope.dialect.name not in _OWN_ITEMS and not scope.text.mentions("columns")
    )
    items: list[Projection | Star] = []
    for index, written in enumerate(node.args["expressions"]):
        item = written if plain else _with_alias(written, scope)
        place = _place(item, index, layout, scope)
        if plain and _is_plain(item):
            items.append(projection(item, place, scope))
        else:
            items.extend(_item(item, place, kind, scope))
    return items


_EXPLODING = frozenset({"hive", "spark", "spark2", "databricks"})
_OWN_ITEMS = frozenset({"tsql", "fabric", "hive"})  # dialects in which any item may be more than it seems


def _is_plain(item: exp.Expr) -> bool:
    """Whether an item is one expression with one name, if at all; nearly always."""
    inner = item.args["this"] if type(item) is exp.Alias else item
    if type(inner) is exp.Column:
        return type(inner.args["this"]) is exp.Identifier
    return not _SPECIAL[type(inner)]


_SPECIAL = Kinds(
    exp.Alias,
    exp.Aliases,
    exp.Anonymous,
    exp.Apply,
    exp.Column,
    exp.Dot,
    exp.Explode,
    exp.Inline,
    exp.Posexplode,
    exp.QueryTransform,
    exp.Stack,
    exp.Star,
    *COMPARISONS,
)


def _item(item: exp.Expr, place: tuple[int, int], kind: str | None, scope: Scope) -> Iterable[Projection | Star]:
    """What an item of any form stands for."""
    star = _star_of(item)
    if star is not None:
        return (_star(item, star, place, scope),)
    if isinstance(item, exp.Dot) and isinstance(item.expression, exp.Star):
        return _fields_star(item.this, place, scope)
    if isinstance(item, exp.Anonymous) and item.name.lower() == "untuple":  # ClickHouse
        return _members(item.expressions[0], place, scope)
    if kind == "VALUE" and (fields := fields_of(item, scope, scope.text.span(*place))):
        return fields  # BigQuery: select as value struct(a as x)
    if _expands(item, scope):
        return (_expanded(item, place, scope),)
    hole = _hole_of(item, scope)
    if hole is not None:
        return (_star_hole(hole, item, place, scope),)
    if isinstance(item, exp.Aliases):  # Spark: explode(m) as (k, v)
        return _several(item.this, [scope.alias_name(name) for name in item.expressions], place, scope)
    if isinstance(item, exp.QueryTransform):  # Spark: transform(a, b) using 'x.py' as (c, d)
        schema = item.args.get("schema")
        names = [scope.alias_name(part) for part in schema.expressions] if schema is not None else ["key", "value"]
        return _several(item, names, place, scope)
    if isinstance(item, exp.Inline):  # a row for each struct of an array, a column for each of its fields
        uses_of(item, scope)
        made = _fields_star(item.this, place, scope)
        return [found._replace(subtype=Subtype.TRANSFORMATION) if isinstance(found, Star) else found for found in made]
    names = _given_names(item, scope)
    return _several(item, names, place, scope) if names else (projection(item, place, scope),)


def _given_names(item: exp.Expr, scope: Scope) -> list[str]:
    """What Hive and Spark call the columns of a function that makes several, where nobody does."""
    if isinstance(item, exp.Posexplode) and scope.dialect.name != "snowflake":
        return ["pos", "col"]
    if isinstance(item, exp.Explode) and scope.dialect.name in _EXPLODING:
        return ["col"]
    if isinstance(item, exp.Stack):
        rows = int(item.this.name) if isinstance(item.this, exp.Literal) and item.this.name.isdecimal() else 0
        return [f"col{number}" for number in range(-(-len(item.expressions) // rows))] if rows else []
    if isinstance(item, exp.Anonymous) and item.name.lower() == "json_tuple":
        return [f"c{number}" for number in range(len(item.expressions) - 1)]
    return []


def _with_alias(item: exp.Expr, scope: Scope) -> exp.Expr:
    """T-SQL's ``'total' = sum(a)`` is an alias, and a comparison to sqlglot."""
    if scope.dialect.name in ("tsql", "fabric") and isinstance(item, exp.EQ) and isinstance(item.this, exp.Literal):
        return exp.Alias(this=item.expression, alias=exp.to_identifier(item.this.name, quoted=True))
    return item


def _several(item: exp.Expr, names: list[str], place: tuple[int, int], scope: Scope) -> list[Projection]:
    """The columns of a function that makes several, each of them of all its arguments; those of STACK each of their own."""
    made = projection(item, place, scope)
    uses = stacked(item, len(names), scope) if isinstance(item, exp.Stack) else [made.uses] * len(names)
    return [made._replace(name=name, uses=found) for name, found in zip(names, uses, strict=True)]


def projection(item: exp.Expr, place: tuple[int, int], scope: Scope) -> Projection:
    """``sum(o.amount) as total``: name ``total``, expression ``sum(o.amount)``."""
    start, end = place
    dialect = scope.dialect
    span = scope.text.span(start, end)
    expression = _expression_text(item, start, end, scope)
    name = _output_name(item, scope)
    if not name and dialect.calls_name_columns:
        name = _called(item, expression, scope)
    uses = uses_of(item, scope)
    return Projection(
        name,
        uses,
        expression,
        span,
        fields_of(item, scope, span),
        spread_of(item, scope) if dialect.name == "duckdb" else None,
        type=_type(item.unalias(), scope),
        normal="" if _is_bare(item, uses) else normal_form(item, scope),
    )


def _type(item: exp.Expr, scope: Scope) -> str:
    """What an expression is made to be, where it says so: ``cast(a as int)``, ``a::int``, ``count(*)``."""
    if isinstance(item, (exp.Cast, exp.TryCast)) and isinstance(item.to, exp.DataType):
        return str(item.to.sql(dialect=scope.dialect.name)).lower()
    item = item.unnest()
    if isinstance(item, (exp.Predicate, exp.Connector, exp.Not, exp.RegexpLike, exp.RegexpILike, exp.StartsWith, exp.EndsWith)):
        return "boolean"
    return "bigint" if isinstance(item, (exp.Count, exp.CountIf, exp.Length)) else ""


def _is_bare(item: exp.Expr, uses: tuple[Use, ...]) -> bool:
    """Whether an item is a column and nothing more: ``o.amount as total``."""
    inner = item.unalias()
    if not isinstance(inner, exp.Column) or len(uses) != 1 or not isinstance(uses[0], Reference):
        return False
    return uses[0].subtype is Subtype.IDENTITY and not uses[0].path


def spread_of(item: exp.Expr, scope: Scope) -> Star | None:
    """DuckDB: ``unnest(t.s)`` is a row for each item of an array, but a column for each field of a struct, whatever its alias."""
    call = item.unalias()
    if scope.dialect.name != "duckdb" or not isinstance(call, exp.Explode) or not isinstance(call.this, exp.Column):
        return None
    names = [scope.alias_name(part) for part in call.this.parts]
    return Star(names[-1], scope.text.node_span(call), qualifier=tuple(names[:-1]))


def _output_name(item: exp.Expr, scope: Scope) -> str:
    if isinstance(item, exp.Alias):
        return scope.alias_name(item.args.get("alias"))
    column = isinstance(item, exp.Column)
    inner = item.args["this"] if column else item
    if isinstance(inner, exp.Parameter) and scope.dialect.numbered_columns:
        return f"${inner.name}"
    return scope.alias_name(inner if column else item.output_name)


def _called(item: exp.Expr, written: str, scope: Scope) -> str:
    """In Postgres and Redshift ``max(a)``, ``count(*) over ()``, ``pg_catalog.lower(b)`` are called max, count, lower."""
    while isinstance(item, (exp.Window, exp.Filter, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls)):
        item = item.this
    found = _CALL.match(written)
    call = isinstance(item, exp.Dot) or (isinstance(item, exp.Func) and not isinstance(item, (exp.Binary, exp.Cast, exp.Case)))
    return scope.dialect.column(found[1]) if call and found is not None else ""


def _expression_text(item: exp.Expr, start: int, end: int, scope: Scope) -> str:
    """The text without its alias: ``sum(a)`` of ``sum(a) as b``, of ``sum(a) b`` and of T-SQL's ``b = sum(a)``."""
    alias = item.args.get("alias") if isinstance(item, exp.Alias) else None
    named = text_place(alias) if isinstance(alias, exp.Identifier) else None
    if named is None:
        return scope.text.written(start, end)
    name_start, name_end = named
    if name_start <= start:
        return scope.text.written(name_end, end).lstrip(" =:").strip()
    text = scope.text.written(start, name_start).strip()
    return text[:-2].rstrip() if text[-3:].lower() in (" as", ")as", "'as") else text


def _layout(node: exp.Select, scope: Scope) -> SelectList | None:
    for item in node.expressions:
        offset = anchor(item)
        if offset is not None:
            layout = scope.text.select_list(offset)
            return layout if layout is not None and len(layout.items) == len(node.expressions) else None
    return None


def _place(item: exp.Expr, index: int, layout: SelectList | None, scope: Scope) -> tuple[int, int]:
    if layout is not None:
        first, last = layout.items[index]
        tokens = scope.text.tokens
        return tokens[first].start, tokens[last].end + 1
    return extent(item) or (scope.text.tokens[0].start, scope.text.tokens[-1].end + 1)


def _star_of(item: exp.Expr) -> exp.Star | None:
    if isinstance(item, exp.Star):
        return item
    if isinstance(item, exp.Column) and isinstance(item.this, exp.Star):
        return item.this
    return None


def _expands(item: exp.Expr, scope: Scope) -> bool:
    """Whether an item stands for one column for each that a star in it takes: ``max(columns(*))``, ``* like '%_id'``."""
    inner = item.this if isinstance(item, exp.Alias) else item
    if isinstance(inner, COMPARISONS) and isinstance(inner.this, exp.Star):
        return True
    if isinstance(inner, exp.Dot):  # ClickHouse: t.columns('^x')
        return isinstance(inner.expression, exp.Anonymous) and inner.expression.name.lower() == "columns"
    if isinstance(inner, exp.Apply):
        return True
    if not scope.text.mentions("columns") and scope.dialect.name != "hive":  # whose patterns in backticks are spelled as COLUMNS
        return False
    return any(not part.args.get("unpack") for part in inner.find_all(exp.Columns))


def _expanded(item: exp.Expr, place: tuple[int, int], scope: Scope) -> Star:
    """``max(columns('_id$'))`` as a star of aggregates. What else is in the expression goes into each of its columns."""
    inner = item.this if isinstance(item, exp.Alias) else item
    named = scope.alias_name(item.args["alias"]) if isinstance(item, exp.Alias) else ""
    if isinstance(inner, exp.Dot):
        pattern = pattern_of(inner.expression.expressions[0], scope)
        return Star(scope.alias_name(inner.this), scope.text.span(*place), pattern=pattern, normal=normal_form(item, scope))
    uses = uses_of(inner, scope)
    row = _row_in(uses)
    replaced: tuple[Projection, ...] = ()
    prefix, suffix = "", ""
    while isinstance(inner, exp.Apply):  # the result of * apply(sum) is called sum(id)
        if "->" not in inner.expression.name:
            prefix, suffix = f"{prefix}{inner.expression.name}(", f"){suffix}"
        inner = inner.this
    star = _star_of(inner)
    if star is not None:
        parts = [(part, extent(part) or place) for part in star.args.get("replace") or ()]
        replaced = tuple(_applied(projection(part, where, scope), row) for part, where in parts)
    return Star(
        row.input,
        scope.text.span(*place),
        excluded=row.excluded,
        replaced=replaced,
        uses=tuple(use for use in uses if use is not row),
        prefix=prefix,
        suffix=suffix,
        pattern=row.pattern,
        named=named,
        subtype=row.subtype,
        masking=row.masking,
        normal=normal_form(item, scope),
    )


def _row_in(uses: tuple[Use, ...]) -> RowUse:
    """The columns among what an expression uses; also of a function that nobody knows: ``f(columns(*))``."""
    for use in uses:
        if isinstance(use, RowUse):
            return use
        if isinstance(use, FunctionUse):
            inner = [item for argument in use.arguments for item in argument if isinstance(item, RowUse)]
            if inner:
                return inner[0]._replace(subtype=compose(Subtype.TRANSFORMATION, inner[0].subtype))
    raise UnsupportedSyntaxError("COLUMNS of this form")


def _applied(made: Projection, row: RowUse) -> Projection:
    """What a REPLACE makes, as APPLY behind it changes it once more."""
    uses = tuple(
        use if isinstance(use, (HoleUse, FunctionUse)) else use._replace(subtype=compose(use.subtype, row.subtype))
        for use in made.uses
    )
    return made._replace(uses=uses)


def _star(item: exp.Expr, star: exp.Star, place: tuple[int, int], scope: Scope) -> Star:
    """``t.* except (a) replace (b + 1 as b) rename (c as d)``."""
    table = item.args.get("table") if isinstance(item, exp.Column) else None
    owners = [item.args.get(key) for key in ("catalog", "db")] if isinstance(item, exp.Column) else []
    symbolic = scope.text.names.get(table.name.lower()) if isinstance(table, exp.Identifier) else None
    replaced = tuple(projection(part, extent(part) or place, scope) for part in star.args.get("replace") or ())
    excluded, pattern = taken(star, scope)
    renamed = [(part.this, part.args.get("alias")) for part in star.args.get("rename") or ()]
    return Star(
        input=None if table is None else scope.alias_name(symbolic.last if symbolic else table),
        span=scope.text.span(*place),
        excluded=excluded,
        pattern=pattern,
        replaced=replaced,
        renamed=tuple((scope.alias_name(old), scope.alias_name(new)) for old, new in renamed),
        qualifier=tuple(scope.alias_name(owner) for owner in owners if owner is not None),
    )


def _members(value: exp.Expr, place: tuple[int, int], scope: Scope) -> list[Projection | Star]:
    """``untuple((a, b + 1))``: what a tuple holds, as columns."""
    if not isinstance(value.unnest(), exp.Tuple):
        return _fields_star(value, place, scope)
    return [projection(part, extent(part) or place, scope) for part in value.unnest().expressions]


def _fields_star(value: exp.Expr, place: tuple[int, int], scope: Scope) -> list[Projection | Star]:
    """``(array_agg(t))[1].*``, ``(t.address).*``: the fields of a value, as far as they can be seen."""
    span = scope.text.span(*place)
    fields = fields_of(value, scope, span)
    if fields:
        return list(fields)
    inner = value.unnest()
    if isinstance(inner, exp.Column) and isinstance(inner.this, exp.Identifier):
        names = [scope.alias_name(part) for part in inner.parts]
        return [Star(names[-1], span, qualifier=tuple(names[:-1]))]
    uses = uses_of(value, scope, Subtype.TRANSFORMATION)
    return [Star(None, span, uses=uses, family="*", normal=normal_form(value, scope))]


def _hole_of(item: exp.Expr, scope: Scope) -> Hole | None:
    """A hole that is a whole item, or its name, may stand for any number of columns:
    ``select a, {{ more_columns() }} from t``, ``{% for key in unknown() %} max(b) as total_{{ key }}, {% endfor %}``.
    """
    if isinstance(item, exp.Column):
        hole = scope.text.holes.get(item.name.lower())
        return hole if hole is None or hole.star or not item.args.get("table") else None
    if isinstance(item, exp.Alias) and scope.text.holes:
        name = item.alias.lower()
        return next((scope.text.holes[token] for token in sorted(scope.text.holes, key=len, reverse=True) if token in name), None)
    return None


def _star_hole(hole: Hole, item: exp.Expr, place: tuple[int, int], scope: Scope) -> Star:
    """``{{ dbt_utils.star(ref('orders'), except=['id']) }}`` is ``*`` over orders, and so is an item that a loop over the
    columns of orders writes: ``max({{ column }}) as {{ column }}_max``. Any other hole may be any columns.
    """
    span = scope.text.span(*place)
    uses = uses_of(item, scope)
    row = next((use for use in uses if isinstance(use, RowUse)), None) if hole.star else None
    if row is None:
        beside = uses if isinstance(item, exp.Alias) else ()
        return Star(None, span, hole=hole.expression, uses=beside, normal=normal_form(item, scope))
    prefix, suffix = hole.prefix, hole.suffix
    if isinstance(item, exp.Alias):
        name = item.alias
        start = name.lower().index(hole.token)
        prefix, suffix = scope.dialect.column(name[:start]), scope.dialect.column(name[start + len(hole.token) :])
    return Star(
        input=row.input,
        span=span,
        excluded=row.excluded,
        uses=tuple(use for use in uses if use is not row),
        prefix=prefix,
        suffix=suffix,
        subtype=row.subtype,
        masking=row.masking,
        normal=normal_form(item, scope) if isinstance(item, exp.Alias) else "",
    )
