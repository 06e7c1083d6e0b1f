"""Random items of FROM and the joins between them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from expressions import condition, constant, leaf
from writer import SCALARS, Column, Input, Scope, columns_of

if TYPE_CHECKING:
    from writer import Query, Writer

# combinations.py and this file draw each other's parts; it gives its own when it is imported.
QUERY_MAKER = []


def subquery(w: Writer, depth: int, outer: Scope | None = None) -> Query:
    return QUERY_MAKER[0](w, depth, outer)


def from_clause(w: Writer, depth: int, outer: Scope | None = None) -> tuple[str, Scope]:
    """``from a join b on … left join lateral (…) l on true``, and what is in sight behind it."""
    sql, first = item(w, depth)
    scope = Scope((first,), outer)
    for _ in range(w.pick((0, 0, 0, 1, 1, 2))):
        sql, scope = joined(w, sql, scope, depth)
    return sql, scope


def item(w: Writer, depth: int) -> tuple[str, Input]:
    """One item of FROM that needs no other."""
    makers = [_table, _table, _table]
    if w.ctes:
        makers += [_cte, _cte, _cte]
    if w.table_macros:
        makers += [_table_macro, _table_macro]
    if depth > 0:
        makers += [_derived, _derived, _values, _unpivot, _unpivot_pairs, _pivot, _nested]
    return w.pick(makers)(w, depth)


def _table(w: Writer, depth: int) -> tuple[str, Input]:
    tables = [table for table in w.tables if table.name not in w.ctes]
    if not tables:
        return _values(w, depth)
    table = w.pick(tables)
    columns = columns_of(table)
    alias = w.fresh("t")
    if w.chance(10):
        w.use("column aliases")
        columns = (Column(w.fresh("x"), "int"), Column(w.fresh("x"), "int"), *columns[2:])
        names = ", ".join(column.name for column in columns[:2])
        return f"{table.name} as {alias}({names})", Input(alias, columns, key=columns[0].name if "id" in table.unique else "")
    return f"{table.name} as {alias}", Input(alias, columns, key="id" if "id" in table.unique else "")


def _cte(w: Writer, depth: int) -> tuple[str, Input]:
    name = w.pick(sorted(w.ctes))
    alias = w.fresh("t")
    return f"{name} as {alias}", Input(alias, w.ctes[name])


def _table_macro(w: Writer, depth: int) -> tuple[str, Input]:
    w.use("table macro")
    name, columns = w.pick(w.table_macros)
    alias = w.fresh("t")
    return f"{name}({w.rng.randrange(3)}) as {alias}", Input(alias, columns)


def _nested(w: Writer, depth: int) -> tuple[str, Input]:
    """``(select * from (t join u on …))``: a join in parentheses."""
    w.use("nested join")
    left, right = _table(w, 0), _table(w, 0)
    keys = [key_of(w, Scope((side[1],))) for side in (left, right)]
    alias, names = w.fresh("t"), [w.fresh("x"), w.fresh("x")]
    kinds = [w.pick(left[1].columns), w.pick(right[1].columns)]
    first, second = f"{left[1].alias}.{kinds[0].name} as {names[0]}", f"{right[1].alias}.{kinds[1].name} as {names[1]}"
    third, extra = _table(w, 0)
    on = f"{keys[0]} = {keys[1]}" if all(keys) else "true"
    outside = key_of(w, Scope((extra,)))
    inner = f"{third} left join ({left[0]} join {right[0]} on {on}) on {outside} = {keys[0]}" if outside and keys[0] else None
    inner = inner or f"({left[0]} join {right[0]} on {on})"
    columns = tuple(Column(name, column.kind) for name, column in zip(names, kinds, strict=True))
    return f"(select {first}, {second} from {inner}) as {alias}", Input(alias, columns)


def _derived(w: Writer, depth: int) -> tuple[str, Input]:
    w.use("derived table")
    query = subquery(w, depth - 1)
    alias = w.fresh("t")
    if w.chance(20):
        columns = tuple(Column(w.fresh("x"), column.kind) for column in query.columns)
        return f"({query.sql}) as {alias}({', '.join(column.name for column in columns)})", Input(alias, columns)
    return f"({query.sql}) as {alias}", Input(alias, query.columns)


def _values(w: Writer, depth: int) -> tuple[str, Input]:
    w.use("values")
    kinds = w.some(SCALARS, 3)
    rows = ", ".join("(" + ", ".join(constant(w, kind) for kind in kinds) + ")" for _ in range(2))
    columns = tuple(Column(w.fresh("x"), kind) for kind in kinds)
    alias = w.fresh("t")
    return f"(values {rows}) as {alias}({', '.join(column.name for column in columns)})", Input(alias, columns)


def _unpivot(w: Writer, depth: int) -> tuple[str, Input]:
    """``(unpivot (select id, a, b from t) on a, b into name m value v)``"""
    table = w.pick([table for table in w.tables if table.name not in w.ctes] or [None])
    numbers = [column.name for column in columns_of(table) if column.kind == "int"] if table else []
    if len(numbers) < 3 or table.name in w.ctes:
        return _derived(w, depth)
    w.use("unpivot")
    kept, *folded = numbers[:1] + w.some(numbers[1:], 2)
    rest = [column for column in columns_of(table) if column.name == kept]
    name, value, alias = w.fresh("m"), w.fresh("v"), w.fresh("t")
    inner = f"(select {', '.join([kept, *folded])} from {table.name})"
    columns = (*rest, Column(name, "text"), Column(value, "int"))
    nulls = w.pick(("", "include nulls "))
    if w.chance(50):
        sql = f"(unpivot {inner} on {', '.join(folded)} into name {name} value {value})"
        return f"{sql} as {alias}", Input(alias, columns)
    return f"{inner} unpivot {nulls}({value} for {name} in ({', '.join(folded)})) as {alias}", Input(alias, columns)


def _unpivot_pairs(w: Writer, depth: int) -> tuple[str, Input]:
    """``(select id, k, a from t) unpivot ((v, x) for m in ((id, k) as 'p', (k, a) as 'q'))``: two value columns."""
    table = w.pick([table for table in w.tables if table.name not in w.ctes] or [None])
    numbers = [column.name for column in columns_of(table) if column.kind == "int"] if table else []
    if len(numbers) < 3:
        return _derived(w, depth)
    w.use("unpivot pairs")
    a, b, c = w.rng.sample(numbers, 3)
    name, values, alias = w.fresh("m"), (w.fresh("v"), w.fresh("v")), w.fresh("t")
    inner = f"(select {a}, {b}, {c} from {table.name})"
    sql = f"{inner} unpivot (({values[0]}, {values[1]}) for {name} in (({a}, {b}) as 'p', ({b}, {c}) as 'q')) as {alias}"
    return sql, Input(alias, (Column(name, "text"), Column(values[0], "int"), Column(values[1], "int")))


def _pivot(w: Writer, depth: int) -> tuple[str, Input]:
    """``(pivot t on k in (0, 1) using sum(a) group by b)``: the columns it makes are called after its values."""
    table = w.pick([table for table in w.tables if table.name not in w.ctes and "k" in table.names] or [None])
    numbers = (
        [column.name for column in columns_of(table) if column.kind == "int" and column.name not in ("id", "k")] if table else []
    )
    groups = (
        [column for column in columns_of(table) if column.kind in SCALARS and column.name not in ("id", "k")] if table else []
    )
    groups = [column for column in groups if column.name not in numbers[:1]]
    if not numbers or not groups:
        return _derived(w, depth)
    w.use("pivot")
    group, value, alias = w.pick(groups), numbers[0], w.fresh("t")
    first, second = w.fresh("p"), w.fresh("p")
    function = w.pick(("sum", "max", "count"))
    inner = f"(select k, {value}, {group.name} from {table.name})"
    columns = (group, Column(first, "int"), Column(second, "int"))
    names = f"{alias}({group.name}, {first}, {second})"
    if w.chance(50):
        return f"(pivot {inner} on k in (0, 1) using {function}({value}) group by {group.name}) as {names}", Input(alias, columns)
    return f"{inner} pivot ({function}({value}) for k in (0 as {first}, 1 as {second})) as {alias}", Input(alias, columns)


_JOINS = (
    "on on on left left right full cross comma using using natural semi anti asof positional lateral lateral unnest range"
).split()


def joined(w: Writer, sql: str, scope: Scope, depth: int) -> tuple[str, Scope]:
    """One more item, joined in one of the ways there are."""
    kind = w.pick(_JOINS)
    if kind in ("lateral", "unnest", "range"):
        return _LATERAL[kind](w, sql, scope, depth)
    if kind == "positional" and (len(scope.inputs) > 1 or "(" in sql):
        kind = "cross"  # in which order the rows of a join or a subquery come is nobody's promise
    text, other = item(w, depth)
    both = Scope((*scope.inputs, other), scope.outer)
    w.use(f"{kind} join")
    if kind in ("cross", "comma", "positional"):
        if text[-1] != ")" and ("pivot (" in text or "pivot include" in text):
            text = f"(select * from {text}) as {other.alias}"  # a join b pivot (…) pivots both
        word = {"cross": "cross join", "comma": ",", "positional": "positional join"}[kind]
        return f"{sql} {word} {text}" if kind != "comma" else f"{sql}, {text}", both
    if kind in ("using", "natural"):
        return _merging(w, sql, scope, (text, other), kind)
    left, right = (key_of(w, side) for side in (scope, Scope((other,))))
    if left is None or right is None:
        return f"{sql} cross join {text}", both
    if kind == "asof":
        word = w.pick(("asof join", "asof left join"))
        return f"{sql} {word} {text} on {left} {w.pick(('>=', '>', '<='))} {right}", both
    on = f"{left} = {right}" if w.chance(80) else condition(w, replace(both, outer=None), 1)
    if kind in ("on", "left", "full", "right") and w.chance(25):
        on += f" and {condition(w, replace(both, outer=None), 1)}" if kind != "full" else ""
    word = "join" if kind == "on" else f"{kind} join"
    if kind in ("semi", "anti"):
        return f"{sql} {word} {text} on {left} = {right}", replace(both, inputs=(*scope.inputs, replace(other, visible=False)))
    if kind == "full":
        on = f"{left} = {right}"
    return f"{sql} {word} {text} on {on}", both


def one_of(w: Writer, scope: Scope, kind: str) -> str | None:
    """A column of a type, always qualified."""
    found = [
        f"{item.alias}.{column.name}"
        for item in scope.inputs
        if item.visible and item.alias
        for column in item.columns
        if column.kind == kind and column.name not in item.merged
    ]
    return w.pick(found) if found else None


def key_of(w: Writer, scope: Scope) -> str | None:
    """Something to join by: most often the key that all tables have."""
    key = Column("k", "int")
    having = [item for item in scope.inputs if item.visible and "k" not in item.merged and key in item.columns]
    keys = [f"{item.alias}.k" for item in having]
    return w.pick(keys) if keys and w.chance(60) else one_of(w, scope, "int")


def _merging(w: Writer, sql: str, scope: Scope, joined_item: tuple[str, Input], kind: str) -> tuple[str, Scope]:
    """USING and NATURAL: the columns that both have become one."""
    text, other = joined_item
    names = [column.name for column in other.columns if scope.names(column.name) == 1 and column.kind in SCALARS]
    shared = [column.name for column in other.columns if scope.names(column.name)]
    if not names or (kind == "natural" and names != shared):
        return f"{sql} cross join {text}", Scope((*scope.inputs, other), scope.outer)
    side = w.pick(("", "left ", "right ", "full "))
    if kind == "using":
        names = w.some(names, 2)
        clause, word = f" using ({', '.join(names)})", f"{side}join"
    else:
        clause, word = "", f"natural {side}join"
    merged = frozenset(names)
    columns = tuple(column for column in other.columns if column.name in merged)
    inputs = tuple(replace(item, merged=item.merged | merged) for item in (*scope.inputs, other))
    return f"{sql} {word} {text}{clause}", Scope((*inputs, Input("", columns)), scope.outer)


def _lateral(w: Writer, sql: str, scope: Scope, depth: int) -> tuple[str, Scope]:
    """``left join lateral (select …, o.a from t where t.k = o.k) l on true``"""
    w.use("lateral")
    table = w.pick([table for table in w.tables if "k" in table.names])
    alias, inside = w.fresh("t"), w.fresh("q")
    inner = Scope((Input(inside, columns_of(table)),), scope)
    names = [w.fresh("x"), w.fresh("x")]
    kinds = [w.pick(SCALARS), "int"]
    outer_value = one_of(w, scope, "int") or "0"
    value = w.pick((f"{inside}.k", f"{inside}.k + {outer_value}"))
    key = one_of(w, scope, "int")
    where = f" where {inside}.k = {key}" if key and w.chance(70) else ""
    first = leaf(w, replace(inner, outer=None), kinds[0])
    query = f"select {first} as {names[0]}, {value} as {names[1]} from {table.name} as {inside}{where}"
    if w.chance(30):
        query = f"select max({inside}.k) as {names[1]}, count(*) as {names[0]} from {table.name} as {inside}{where}"
        kinds[0] = "int"
        names.reverse()
        kinds.reverse()
    columns = tuple(Column(name, kind) for name, kind in zip(names, kinds, strict=True))
    words = [", lateral ({0}) as {1}", " cross join lateral ({0}) as {1}", " left join lateral ({0}) as {1} on true"]
    word = w.pick(words[:1] if "," in sql else words)  # behind a comma DuckDB 1.1 loses rows of the explicit joins
    return sql + word.format(query, alias), Scope((*scope.inputs, Input(alias, columns)), scope.outer)


def _unnest(w: Writer, sql: str, scope: Scope, depth: int) -> tuple[str, Scope]:
    """``cross join unnest(o.xs) as u(x)``"""
    w.use("unnest")
    array = one_of(w, scope, "ints")
    if array is None:
        array = f"[{one_of(w, scope, 'int') or 1}, 2]"
    alias, name = w.fresh("t"), w.fresh("x")
    word = w.pick(
        (", unnest({0}) as {1}({2})", " cross join unnest({0}) as {1}({2})", ", lateral (select unnest({0}) as {2}) as {1}")
    )
    return sql + word.format(array, alias, name), Scope((*scope.inputs, Input(alias, (Column(name, "int"),))), scope.outer)


def _range(w: Writer, sql: str, scope: Scope, depth: int) -> tuple[str, Scope]:
    w.use("table function")
    alias, name = w.fresh("t"), w.fresh("x")
    end = f"coalesce({one_of(w, scope, 'int') or 2}, 1)"
    return f"{sql}, {w.pick(('range', 'generate_series'))}({end}) as {alias}({name})", Scope(
        (*scope.inputs, Input(alias, (Column(name, "int"),))), scope.outer
    )


_LATERAL = {"lateral": _lateral, "unnest": _unnest, "range": _range}
