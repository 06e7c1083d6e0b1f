"""What decides which rows a SELECT has, clause by clause, in normal form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.unit import Clause
from sqllineage_scan.parse.normal_form import clause, conjuncts, extras, normal_form, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqllineage_scan.parse.scope import Scope

INNER = "inner"

# Of the arguments of a SELECT: said elsewhere (its list, FROM, CTEs, DISTINCT), or of no meaning for its rows
_ELSEWHERE = frozenset("with_ kind expressions distinct into from_ joins laterals windows exclude".split())
_NO_ROWS = frozenset("hint operation_modifiers locks options distribute sort cluster format".split())
_CONDITIONS = {"prewhere": "filter", "where": "filter", "having": "having", "qualify": "qualify"}
_NAMES = ("this", "db", "catalog", "alias", "joins")  # of a table: bound, or of no meaning, or clauses of their own
_QUERIES = (exp.Select, exp.SetOperation, exp.Values)
_SAID_ELSEWHERE: dict[type[exp.Expr], tuple[str, ...]] = {
    exp.Insert: ("this", "expression", "with_", "hint"),
    exp.Update: ("this", "with_", "hint"),
    exp.Delete: ("this", "with_", "hint"),
    exp.Merge: ("this", "using", "with_", "hint"),
}


def of_select(node: exp.Select, starts: Sequence[int], scope: Scope, *, ordered: bool) -> tuple[Clause, ...]:
    """``starts``: the input at which each join begins. ``ordered``: the order of the rows is seen outside."""
    found: list[Clause] = []
    source = node.args.get("from_")
    if source is not None:
        found.extend(_from_item(source.this, 0, scope))
    for join, start in zip((*(node.args.get("joins") or ()), *(node.args.get("laterals") or ())), starts, strict=True):
        found.extend(_join(join, start, scope))
    for key, kind in _CONDITIONS.items():
        condition = node.args.get(key)
        if condition is not None:
            found.extend(clause(kind, part, scope) for part in conjuncts(condition.this))
    found.extend(_grouping(node, scope))
    found.extend(_cut(node, scope, ordered=ordered))
    known = {*_ELSEWHERE, *_NO_ROWS, *_CONDITIONS, "group", "order", "limit", "offset"}
    for key, value in node.args.items():
        if key not in known and value:
            parts = value if isinstance(value, list) else [value]
            found.extend(clause(key, part, scope) for part in parts if isinstance(part, exp.Expr))
    return tuple(found)


def of_cut(node: exp.Expr, scope: Scope, *, ordered: bool) -> tuple[Clause, ...]:
    """Of ``(select …) order by a limit 1``."""
    return tuple(_cut(node, scope, ordered=ordered))


def of_values(node: exp.Values, scope: Scope) -> tuple[Clause, ...]:
    return (Clause("values", extras(node, scope, beside=("alias",)), "VALUES", scope.text.node_span(node)),)


def of_statement(node: exp.Expr, scope: Scope) -> tuple[Clause, ...]:
    """What a statement says beside the query whose rows it writes: ``insert overwrite``, ``on conflict do nothing``, and the
    conditions of an UPDATE or MERGE. A CREATE and a bare query are all query.
    """
    if isinstance(node, (exp.Create, exp.Query, exp.Subquery, exp.Column, exp.Pivot)):
        return ()
    said = extras(node, scope, beside=_SAID_ELSEWHERE.get(type(node), ("with_", "hint")))
    table = node.this.this if isinstance(node.this, exp.Schema) else node.this
    if isinstance(table, exp.Table):
        said = " ".join(part for part in (said, extras(table, scope, beside=_NAMES)) if part)
    return (Clause(node.key, said, node.key.upper(), scope.text.whole()),) if said else ()


def _from_item(node: exp.Expr, of: int, scope: Scope) -> Iterator[Clause]:
    """What stands at an item of FROM beside its name: ``tablesample (10 percent)``, a pivot, the arguments of a function."""
    named = isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier)
    if named or (isinstance(node, exp.Subquery) and isinstance(node.this, _QUERIES)):
        said = extras(node, scope, beside=_NAMES)
    elif isinstance(node, exp.Values):
        said = ""
    else:
        said = f"{node.key}({extras(node, scope, beside=('alias', 'joins'))})"
    if said:
        yield Clause("from", said, shown(node, scope), scope.text.node_span(node), of)
    for join in node.args.get("joins") or ():
        yield from _join(join, of, scope)


def _join(join: exp.Expr, of: int, scope: Scope) -> Iterator[Clause]:
    if not isinstance(join, exp.Join):  # LATERAL VIEW
        yield Clause("join", "lateral", _joined(join, scope), scope.text.node_span(join), of)
        yield from _from_item(join, of, scope)
        return
    words = [str(join.args.get(key) or "").lower() for key in ("method", "side", "kind")]
    how = " ".join(word for word in words if word and word not in ("inner", "cross", "outer")) or INNER
    using = ",".join(sorted(scope.alias_name(part) for part in join.args.get("using") or ()))
    more = extras(join, scope, beside=("this", "on", "using", "method", "side", "kind", "hint", "global_", "directed"))
    normal = " ".join(part for part in (how, f"using({using})" if using else "", more) if part)
    yield Clause("join", normal, _joined(join, scope), scope.text.node_span(join.this), of)
    condition = join.args.get("on")
    if condition is not None:
        yield from (clause("on", part, scope, of=of) for part in conjuncts(condition))
    yield from _from_item(join.this, of, scope)


def _joined(join: exp.Expr, scope: Scope) -> str:
    """``left join users``: how, and what."""
    how = " ".join(str(join.args.get(key) or "") for key in ("method", "side", "kind"))
    item = join.this if isinstance(join, exp.Join) else join
    name = ".".join(part.name for part in item.parts) if isinstance(item, exp.Table) else item.alias_or_name
    return " ".join(f"{how} join {scope.text.in_template(str(name))}".split()).lower()


def _grouping(node: exp.Select, scope: Scope) -> Iterator[Clause]:
    """A number is the item of the list that it means: ``group by 1``."""
    group = node.args.get("group")
    if group is None:
        return
    star = next((number for number, item in enumerate(node.expressions) if item.is_star), len(node.expressions))
    for key in group.expressions:
        item = _item(key, node.expressions[:star])
        if item is None:
            yield clause("group by", key, scope)
        else:
            yield Clause(
                "group by", normal_form(item.unalias(), scope), item.alias_or_name or key.name, scope.text.node_span(key)
            )
    rest = extras(group, scope, beside=("expressions",))
    if rest:
        yield clause("group by", group, scope)._replace(normal=rest)


def _item(key: exp.Expr, items: Sequence[exp.Expr]) -> exp.Expr | None:
    """The item that a number means; of ``items`` before any star, since behind one nobody can count."""
    if not isinstance(key, exp.Literal) or key.is_string or not str(key.this).isdigit():
        return None
    return items[int(key.this) - 1] if 0 < int(key.this) <= len(items) else None


def _cut(node: exp.Expr, scope: Scope, *, ordered: bool) -> Iterator[Clause]:
    """What leaves only some of the rows; and then ORDER BY says which."""
    distinct = node.args.get("distinct")
    on = distinct.args.get("on") if isinstance(distinct, exp.Distinct) else None
    if on is not None:
        yield from (clause("distinct on", key, scope) for key in (on.expressions if isinstance(on, exp.Tuple) else [on]))
    cuts = ordered or on is not None
    for key in ("limit", "offset"):
        found = node.args.get(key)
        if found is not None:
            cuts = True
            yield clause(key, found, scope)
    order = node.args.get("order")
    if order is not None and cuts:
        yield clause("order by", order, scope)
