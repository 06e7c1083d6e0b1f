"""Joins: which inputs they add, what their condition reads, and whether their columns can be seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.parse.expressions import influence
from sqllineage_scan.parse.relations.array_join import array_join
from sqllineage_scan.parse.scope import FromItem

if TYPE_CHECKING:
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
    inputs[0] = replace(
        inputs[0],
        using=tuple(scope.alias_name(part) for part in node.args.get("using") or ()),
        natural=str(node.args.get("method") or "").upper() == "NATURAL",
        side=str(node.args.get("side") or "").lower(),
        visible=kind != "ANTI" and (kind != "SEMI" or scope.dialect.semi_joins_show),
    )
    return FromItem(inputs, influences)


def with_joins(item: FromItem, node: exp.Expr, scope: Scope) -> FromItem:
    """An item of FROM with the joins that stand behind it inside the same parentheses."""
    for join in node.args.get("joins") or ():
        more = joined(join, scope)
        item = FromItem([*item.inputs, *more.inputs], [*item.influences, *more.influences])
    return item
