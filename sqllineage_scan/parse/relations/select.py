"""``select … from … join … where … group by … having … qualify … order by … limit``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import HoleUse, Influence, Input, Projection, Reference, Relation, RowUse, Star, Use
from sqllineage_scan.parse.expressions import influence, uses_of
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.relations.join import joined
from sqllineage_scan.parse.relations.match_recognize import matched
from sqllineage_scan.parse.relations.select_list import select_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqllineage_scan.parse.scope import Scope

QUERIES = (exp.Select,)

_HIERARCHY = frozenset({"level", "connect_by_isleaf", "connect_by_iscycle"})  # they say where a row is, and are no columns


def build(node: exp.Select, scope: Scope) -> int:
    """One SELECT. FROM is built first, so that whatever it reads has a lower index than the subqueries beside it."""
    scope = with_common_tables(node, scope)
    windows = {scope.alias_name(window.this): window for window in node.args.get("windows") or ()}
    scope = scope.inner(windows=windows) if windows else scope
    inputs: list[Input] = []
    influences: list[Influence] = []
    source = node.args.get("from_")
    scope = _piped(node, scope)
    if node.args.get("connect") is not None:
        scope = scope.inner(parameters=scope.parameters | _HIERARCHY)
    if source is not None:
        first = scope.from_item(source.this)
        inputs.extend(first.inputs)
        influences.extend(first.influences)
        if node.args.get("match") is not None:
            inputs[-1] = matched(node.args["match"], inputs[-1], scope)
    for join in (*(node.args.get("joins") or ()), *(node.args.get("laterals") or ())):
        item = joined(join, scope)
        inputs.extend(item.inputs)
        influences.extend(item.influences)
    if scope.dialect.name == "bigquery":
        scope = scope.inner(aliases=scope.aliases | {found.alias for found in inputs if found.alias})
    scope = scope.inner(multiplying=[])
    items = select_list(node, scope)
    influences.extend(influence(function, scope, Subtype.JOIN) for function in tuple(scope.multiplying))
    influences.extend(_clauses(node, scope, items))
    return scope.add(
        Relation(
            inputs=tuple(inputs),
            projections=tuple(items),
            influences=tuple(found for found in influences if found.uses),
            aliases=scope.dialect.alias_rule,
            distinct=node.args.get("distinct") is not None and not _distinct_on(node),
        )
    )


def _piped(node: exp.Select, scope: Scope) -> Scope:
    """In a pipeline sqlglot makes a CTE of every step, called ``__tmp1``. The aliases of the tables before it stay in sight:
    from t as a |> extend a.x + 1 as y |> where a.x > 2
    """
    source = node.args.get("from_")
    step = source is not None and isinstance(source.this, exp.Table) and source.this.name.startswith("__tmp")
    if not step and scope.piped is None:
        return scope
    tables = [part.this for part in (source, *(node.args.get("joins") or ())) if part is not None]
    own = {scope.alias_name(table.alias_or_name) for table in tables if table.alias_or_name}
    return scope.inner(piped=frozenset(own) | (scope.piped or frozenset()))


def _clauses(node: exp.Select, scope: Scope, items: Sequence[Projection | Star]) -> list[Influence]:
    found: list[Influence] = []
    aliases = {"where": scope.dialect.where_alias, "having": scope.dialect.having_alias, "qualify": True, "prewhere": True}
    for key, allowed in aliases.items():
        clause = node.args.get(key)
        if clause is not None:
            found.extend(_conditions(clause.this, scope, aliases=allowed))
    found.extend(_connect(node, scope))
    group = node.args.get("group")
    if group is not None:
        found.append(_grouping(group, scope, items))
    chosen = _distinct_on(node)
    if chosen:
        found.append(_by_ordinal(Subtype.GROUP_BY, chosen, scope, items))
    limit = node.args.get("limit")
    each = limit.expressions if isinstance(limit, exp.Limit) else ()
    if each:  # ClickHouse: limit 2 by id
        found.append(_by_ordinal(Subtype.GROUP_BY, each, scope, items))
    order = node.args.get("order")
    cuts = chosen or any(node.args.get(key) is not None for key in ("limit", "offset"))
    if order is not None and cuts:
        keys = [ordered.this for ordered in order.expressions]
        found.append(_by_ordinal(Subtype.SORT, keys, scope, items))
    return found


def _conditions(condition: exp.Expr, scope: Scope, *, aliases: bool) -> list[Influence]:
    """A WHERE filters; but where Oracle's ``a.id = b.id (+)`` stands in it, that is the condition of an outer join."""
    if not any(column.args.get("join_mark") for column in condition.find_all(exp.Column)):
        return [influence(condition, scope, Subtype.FILTER, aliases=aliases)]
    found = []
    for part in condition.flatten() if isinstance(condition, exp.And) else (condition,):
        joins = any(column.args.get("join_mark") for column in part.find_all(exp.Column))
        found.append(influence(part, scope, Subtype.JOIN if joins else Subtype.FILTER, aliases=aliases))
    return found


def _distinct_on(node: exp.Select) -> list[exp.Expr]:
    """The keys of ``select distinct on (a, b) …``: one row each, and ORDER BY says which."""
    distinct = node.args.get("distinct")
    on = distinct.args.get("on") if isinstance(distinct, exp.Distinct) else None
    if on is None:
        return []
    return list(on.expressions) if isinstance(on, exp.Tuple) else [on.this if isinstance(on, exp.Paren) else on]


def _connect(node: exp.Select, scope: Scope) -> list[Influence]:
    """``start with manager is null connect by prior id = manager``."""
    clause = node.args.get("connect")
    if clause is None:
        return []
    parts = ((Subtype.FILTER, clause.args.get("start")), (Subtype.JOIN, clause.args.get("connect")))
    return [influence(part, scope, subtype) for subtype, part in parts if part is not None]


def _grouping(group: exp.Group, scope: Scope, items: Sequence[Projection | Star]) -> Influence:
    """``group by a, 2``, ``group by rollup (a)``, ``group by all``: every key decides which rows there are."""
    if group.args.get("all"):
        keys = [use for item in items if isinstance(item, Projection) and not _aggregates(item) for use in item.uses]
        return Influence(Subtype.GROUP_BY, tuple(_as(use, Subtype.GROUP_BY) for use in keys))
    nodes = list(group.expressions)
    for key in ("cube", "rollup", "grouping_sets"):
        nodes.extend(part for part in group.args.get(key) or () if isinstance(part, exp.Expr))
    return _by_ordinal(Subtype.GROUP_BY, [key for node in nodes for key in _sets(node)], scope, items)


def _sets(node: exp.Expr) -> Iterator[exp.Expr]:
    """The keys inside ``rollup (a, b)``, ``grouping sets ((a, 2), ())``."""
    if isinstance(node, (exp.Rollup, exp.Cube, exp.GroupingSets, exp.Tuple)):
        for part in node.expressions:
            yield from _sets(part)
    elif isinstance(node, exp.Paren):
        yield from _sets(node.this)
    else:
        yield node


def _by_ordinal(subtype: Subtype, nodes: Sequence[exp.Expr], scope: Scope, items: Sequence[Projection | Star]) -> Influence:
    """``group by 1, x`` and ``order by 2``: a number means an item of the SELECT list, if no star stands before it."""
    uses: list[Use] = []
    countable = next((index for index, item in enumerate(items) if isinstance(item, Star)), len(items))
    for node in nodes:
        position = int(node.this) if isinstance(node, exp.Literal) and not node.is_string and str(node.this).isdigit() else 0
        if 0 < position <= countable:
            chosen = items[position - 1]
            assert isinstance(chosen, Projection)
            uses.extend(_as(use, subtype) for use in chosen.uses)
        else:
            uses.extend(uses_of(node, scope, subtype))
    in_sight = subtype is Subtype.SORT or scope.dialect.group_by_alias
    return Influence(subtype, tuple(dict.fromkeys(uses)), aliases=in_sight)


def _as(use: Use, subtype: Subtype) -> Use:
    """The same use for another purpose."""
    if isinstance(use, HoleUse):
        return use
    return replace(use, subtype=subtype, masking=False) if isinstance(use, (Reference, RowUse)) else replace(use, subtype=subtype)


def _aggregates(item: Projection) -> bool:
    return any(isinstance(use, Reference) and use.subtype is Subtype.AGGREGATION for use in item.uses)
