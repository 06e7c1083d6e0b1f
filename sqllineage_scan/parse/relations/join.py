"""Joins: which inputs they add, what their condition reads, and whether their columns can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Input, Relation, Star
from sqllineage_scan.parse.expressions import influence
from sqllineage_scan.parse.relations.array_join import array_join
from sqllineage_scan.parse.relations.pivot import pivoted
from sqllineage_scan.parse.scope import FromItem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.parse.scope import Scope


def joined(node: exp.Expr, scope: Scope) -> FromItem:
    """What a JOIN (or a LATERAL, or a comma) adds to FROM, with the influence of its ON."""
    if not isinstance(node, exp.Join):
        return scope.from_item(node)
    if str(node.args.get("kind") or "").upper() == "ARRAY":
        return FromItem([array_join(node, scope)], [])
    inputs, influences = scope.from_item(node.this)
    conditions = [node.args.get(key) for key in ("on", "match_condition")]  # Snowflake: asof join q match_condition (…)
    influences = [*influences, *(influence(found, scope, Subtype.JOIN) for found in conditions if found is not None)]
    kind = str(node.args.get("kind") or "").upper()
    inputs[0] = inputs[0]._replace(
        using=tuple(scope.alias_name(part) for part in node.args.get("using") or ()),
        natural=str(node.args.get("method") or "").upper() == "NATURAL",
        side=str(node.args.get("side") or "").lower(),
        visible=kind != "ANTI" and (kind != "SEMI" or scope.dialect.semi_joins_show),
    )
    return FromItem(inputs, influences)


def with_joins(item: FromItem, joins: Iterable[exp.Expr], scope: Scope, starts: list[int] | None = None) -> FromItem:
    """An item of FROM with all that is joined to it. A comma ends an item: a PIVOT behind the joins of the next one does
    not spread what stands before it: from a, b cross join c unpivot (v for n in (x, y))

    ``starts`` is told the input at which each join begins.
    """
    before = FromItem([], [])
    for join in joins:
        if starts is not None:
            starts.append(len(before.inputs) + len(item.inputs))
        if _is_comma(join):
            before = FromItem([*before.inputs, *item.inputs], [*before.influences, *item.influences])
            item = joined(join, scope)
        else:
            item = with_join(item, join, scope)
    return FromItem([*before.inputs, *item.inputs], [*before.influences, *item.influences])


def _is_comma(join: exp.Expr) -> bool:
    return isinstance(join, exp.Join) and not any(value for key, value in join.args.items() if key != "this")


def with_join(item: FromItem, join: exp.Expr, scope: Scope) -> FromItem:
    """What stands in FROM so far, and one join more. A PIVOT behind it spreads all of that:
    from orders o join lines l on l.order_id = o.id pivot (sum(amount) for quarter in ('Q1', 'Q2'))
    """
    pivots = _of_the_join(join, scope)
    more = joined(_of_array(join, item, scope), scope)
    item = FromItem([*item.inputs, *more.inputs], [*item.influences, *more.influences])
    for pivot in pivots:
        span = scope.text.node_span(pivot)
        both = Relation(inputs=tuple(item.inputs), projections=(Star(None, span),), influences=tuple(item.influences))
        item = FromItem([pivoted(pivot, Input("", scope.add(both), span), scope)], [])
    return item


def _of_array(join: exp.Expr, item: FromItem, scope: Scope) -> exp.Expr:
    """BigQuery and Redshift: ``from orders o left join o.items i on true`` joins the items of an array. The parser knows that of
    a comma, and of a join without ON.
    """
    table = join.this
    if scope.dialect.name not in ("bigquery", "redshift") or not isinstance(table, exp.Table) or table.args.get("catalog"):
        return join
    owner = table.args.get("db")
    if owner is None or scope.alias_name(owner) not in {found.alias for found in item.inputs}:
        return join
    found = join.copy()
    alias = table.args.get("alias")
    name = alias.this if alias is not None else table.this
    array = exp.Column(this=table.this.copy(), table=owner.copy())
    found.set("this", exp.Unnest(expressions=[array], alias=exp.TableAlias(columns=[name.copy()])))
    return found


def _of_the_join(join: exp.Expr, scope: Scope) -> list[exp.Pivot]:
    """The pivots that belong to the join and not to its right side. Behind ON that is plain; without an ON, sqlglot leaves
    them with the right side: from a cross join b pivot (…)
    """
    if not isinstance(join, exp.Join):
        return []
    found = list(join.args.get("pivots") or ())
    bare = join.args.get("kind") == "CROSS" or str(join.args.get("method") or "").upper() in ("NATURAL", "POSITIONAL")
    if not found and bare and scope.dialect.pivots_joins and isinstance(join.this, (exp.Table, exp.Subquery)):
        found = list(join.this.args.get("pivots") or ())
        join.this.set("pivots", None)
    return found
