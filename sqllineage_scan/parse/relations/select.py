"""``select … from … join … where … group by … having … qualify … order by … limit``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import AliasRule, Influence, Input, ItemUse, Reference, Relation
from sqllineage_scan.parse.clauses import of_select
from sqllineage_scan.parse.expressions import influence, uses_of
from sqllineage_scan.parse.relations.common_table import with_common_tables
from sqllineage_scan.parse.relations.join import with_joins
from sqllineage_scan.parse.relations.keys import counted, keys_of, order_of
from sqllineage_scan.parse.relations.match_recognize import matched
from sqllineage_scan.parse.relations.no_rows import has_no_rows
from sqllineage_scan.parse.relations.select_list import select_list, spread_of
from sqllineage_scan.parse.scope import FromItem

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    first_of_from = len(scope.relations)
    starts: list[int] = []
    source = node.args.get("from_")
    ordered, scope = scope.ordered, scope.inner(ordered=False) if scope.ordered else scope
    scope = _piped(node, scope)
    if node.args.get("connect") is not None:
        scope = scope.inner(parameters=scope.parameters | _HIERARCHY)
    if source is not None:
        first = (scope.inner(ordered=True) if _takes_first(node, scope) else scope).from_item(source.this)
        inputs.extend(first.inputs)
        influences.extend(first.influences)
        if node.args.get("match") is not None:
            inputs[-1] = matched(node.args["match"], inputs[-1], scope)
    joins = (*(node.args.get("joins") or ()), *(node.args.get("laterals") or ()))
    inputs, influences = with_joins(FromItem(inputs, influences), joins, scope, starts)
    scope.tell(first_of_from)
    names = {found.alias for found in inputs if found.alias}
    aliases = scope.aliases | names if scope.dialect.name == "bigquery" else scope.aliases
    scope = scope.inner(inputs=scope.inputs | names, aliases=aliases, multiplying=[])
    if scope.dialect.alias_rule is AliasRule.BEFORE_COLUMNS:
        scope = _with_inner_aliases(node, scope)
    items = select_list(node, scope)
    for function in tuple(scope.multiplying):
        influences.append(influence(function, scope, Subtype.JOIN)._replace(unless=spread_of(function, scope)))
    influences.extend(_clauses(node, scope.inner(ordered=True) if ordered else scope))
    clauses = of_select(node, starts, scope, ordered=ordered)
    return scope.add(
        Relation(
            inputs=tuple(inputs),
            projections=tuple(items),
            influences=tuple(found for found in influences if found.uses),
            aliases=scope.dialect.alias_rule,
            left_wins=scope.dialect.left_wins and len(inputs) == 2,  # noqa: PLR2004 -- of two joins the name is in doubt
            distinct=node.args.get("distinct") is not None and not _distinct_on(node),
            struct=node.args.get("kind") == "STRUCT",
            empty=has_no_rows(node),
            clauses=clauses,
        )
    )


def _with_inner_aliases(node: exp.Select, scope: Scope) -> Scope:
    """ClickHouse names any part of an expression, for the whole query: ``select (a + b as s) * 2 as d, s + 1 as e``."""
    clauses = (node.args.get(key) for key in ("where", "prewhere", "group", "having", "order"))
    parts = [*(item.unalias() for item in node.expressions), *(clause for clause in clauses if clause is not None)]
    named = {
        scope.alias_name(inner.args["alias"]): inner.this
        for part in parts
        for inner in part.walk(prune=lambda found: isinstance(found, exp.Query))
        if isinstance(inner, exp.Alias)
    }
    return scope.inner(expressions={**scope.expressions, **named}) if named else scope


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


def _clauses(node: exp.Select, scope: Scope) -> Iterator[Influence]:
    dialect = scope.dialect
    conditions = {
        "where": dialect.where_alias,
        "prewhere": dialect.where_alias,
        "qualify": dialect.qualify_alias,
    }
    for key, aliases in conditions.items():
        clause = node.args.get(key)
        if clause is not None:
            yield from _conditions(clause.this, scope, aliases)
    if node.args.get("having") is not None:
        yield from _having(node, scope)
    yield from _connect(node, scope)
    group = node.args.get("group")
    if group is not None:
        yield _grouping(group, scope)
    yield from _cut(node, scope)


def _cut(node: exp.Select, scope: Scope) -> Iterator[Influence]:
    """What leaves only some of the rows: DISTINCT ON, LIMIT … BY, LIMIT; and then ORDER BY says which.
    ``array(select a from t order by b)`` keeps all, and shows their order.
    """
    chosen = _distinct_on(node)
    limits = [clause for key in ("limit", "offset") if (clause := node.args.get(key)) is not None]
    for clause in limits:
        chosen.extend(clause.expressions)  # ClickHouse: limit 1 by a
    yield from counted(node, scope)
    if chosen:
        yield Influence(Subtype.GROUP_BY, keys_of(chosen, Subtype.GROUP_BY, scope), scope.dialect.group_by_alias)
    order = node.args.get("order")
    if order is not None and (chosen or limits or scope.ordered):
        yield from order_of(order, scope)


def _takes_first(node: exp.Select, scope: Scope) -> bool:
    """Oracle: ``select * from (select a from t order by b) where rownum <= 10``."""
    where = node.args.get("where")
    if where is None or "rownum" not in scope.dialect.pseudo_columns:
        return False
    return any(column.name.lower() == "rownum" and not column.table for column in where.find_all(exp.Column))


def _conditions(condition: exp.Expr, scope: Scope, aliases: AliasRule) -> list[Influence]:
    """A WHERE filters; but where Oracle's ``a.id = b.id (+)`` stands in it, that is the condition of an outer join."""
    marked = scope.text.mentions("(+)") and any(column.args.get("join_mark") for column in condition.find_all(exp.Column))
    if not marked:
        return [influence(condition, scope, Subtype.FILTER, aliases=aliases)]
    found = []
    bare = condition.unnest()
    for part in bare.flatten() if isinstance(bare, exp.And) else (bare,):
        joins = any(column.args.get("join_mark") for column in part.find_all(exp.Column))
        found.append(influence(part, scope, Subtype.JOIN if joins else Subtype.FILTER, aliases=aliases))
    return found


def _having(node: exp.Select, scope: Scope) -> Iterator[Influence]:
    """``having total > 5``: behind the grouping there are its keys, and else the items of the list; inside an aggregate,
    ``having max(total) > 5``, there are the rows before.
    """
    condition = node.args["having"].this
    rule = scope.dialect.having_alias
    uses = uses_of(condition, scope, Subtype.FILTER)
    if rule is AliasRule.NEVER:
        yield Influence(Subtype.FILTER, uses)
        return
    inside = {use for part in condition.find_all(exp.AggFunc) for use in uses_of(part, scope, Subtype.FILTER)}
    group = node.args.get("group")
    keys = {scope.alias_name(key.this) for key in (group.expressions if group else ()) if isinstance(key, exp.Column)}
    grouped = {use for use in uses if isinstance(use, Reference) and use.name in keys} - inside
    yield Influence(Subtype.FILTER, tuple(use for use in uses if use in inside))
    yield Influence(Subtype.FILTER, tuple(use for use in uses if use in grouped), rule)
    yield Influence(
        Subtype.FILTER, tuple(use for use in uses if use not in inside and use not in grouped), AliasRule.BEFORE_COLUMNS
    )


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


def _grouping(group: exp.Group, scope: Scope) -> Influence:
    """``group by a, 2``, ``group by rollup (a)``, ``group by all``: every key decides which rows there are."""
    if group.args.get("all"):
        return Influence(Subtype.GROUP_BY, (ItemUse(None, Subtype.GROUP_BY, scope.text.node_span(group)),))
    nodes = [*group.expressions]
    for key in ("cube", "rollup", "grouping_sets"):
        nodes.extend(part for part in group.args.get(key) or () if isinstance(part, exp.Expr))
    keys = keys_of([key for node in nodes for key in _sets(node)], Subtype.GROUP_BY, scope)
    return Influence(Subtype.GROUP_BY, keys, scope.dialect.group_by_alias)


def _sets(node: exp.Expr) -> Iterator[exp.Expr]:
    """The keys inside ``rollup (a, b)``, ``grouping sets ((a, 2), ())``."""
    if isinstance(node, (exp.Rollup, exp.Cube, exp.GroupingSets, exp.Tuple)):
        for part in node.expressions:
            yield from _sets(part)
    elif isinstance(node, exp.Paren):
        yield from _sets(node.this)
    else:
        yield node
