"""Random SELECTs: lists, stars, groups, windows, DISTINCT."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
from expressions import condition, expression, leaf
from relations import from_clause, one_of
from writer import SCALARS, TYPES, Column, Query, Scope

if TYPE_CHECKING:
    from writer import Input, Writer


NEW = tuple(int(part) for part in duckdb.__version__.split(".")[:2]) >= (1, 4)
"""RENAME in a star is not in 1.1, MERGE neither."""


def select(w: Writer, depth: int, outer: Scope | None = None) -> Query:
    sql, scope = from_clause(w, depth, outer)
    where = f" where {condition(w, scope)}" if w.chance(45) else ""
    form = w.pick((_plain, _plain, _star, _aggregate, _aggregate, _window, _distinct, _distinct_on, _columns))
    if form is _plain and not where and w.chance(15):
        return _alias_in_where(w, scope, sql)
    found = form(w, scope, f" from {sql}{where}", depth)
    if w.chance(8) and found.sql.count(f" from {sql}{where}") == 1:
        w.use("from first")
        found = found._replace(sql=f"from {sql} {found.sql.replace(f' from {sql}{where}', where)}")
    return found


# What a SELECT lists


def _items(w: Writer, scope: Scope, count: int) -> tuple[list[str], list[Column]]:
    """Expressions under new names, columns under their own, and now and then a name that was given before it."""
    items: list[str] = []
    columns: list[Column] = []
    for _ in range(count):
        kind = w.kind(scope)
        seen = [column for column in columns if column.kind == kind and not scope.names(column.name)]
        if seen and w.chance(15):
            w.use("lateral alias")
            name = w.fresh()
            text = w.pick(seen).name
            items.append(f"coalesce({text}, {leaf(w, scope, kind)}) as {name}")
        else:
            text = expression(w, scope, kind)
            bare = text.split(".")[-1]
            if bare in {column.name for item in scope.inputs for column in item.columns} and w.chance(50):
                name = bare
                items.append(text)
            else:
                name = _output_name(w, scope)
                items.append(f"{text} as {name}")
        if name in {column.name for column in columns}:
            items.pop()
            continue
        columns.append(Column(name, kind))
    return items, columns


def _output_name(w: Writer, scope: Scope) -> str:
    """A new name, or that of some column: ``a + 1 as b`` where b is a column too."""
    taken = [column.name for item in scope.inputs for column in item.columns]
    return w.pick(taken) if taken and w.chance(12) else w.fresh()


def _plain(w: Writer, scope: Scope, tail: str, depth: int) -> Query:
    items, columns = _items(w, scope, 1 + w.rng.randrange(3))
    keys: list[str] = []
    visible = [item for item in scope.inputs if item.visible]
    if all(item.key for item in visible) and not any(item.merged for item in visible) and w.chance(80):
        for item in visible:
            name = w.fresh("key")
            items.append(f"{item.alias}.{item.key} as {name}")
            columns.append(Column(name, "int"))
            keys.append(name)
    if w.chance(10):
        unnested = _unnested(w, scope)
        if unnested:
            items.append(unnested[0])
            columns.append(unnested[1])
            keys = []
    order, cut = order_by(w, scope, columns)
    return Query(f"select {', '.join(items)}{tail}{order}", tuple(columns), () if cut else tuple(keys))


def _alias_in_where(w: Writer, scope: Scope, source: str) -> Query:
    """``select a + 1 as c from t where c > 1``"""
    items, columns = _items(w, scope, 1 + w.rng.randrange(2))
    named = [column for column in columns if column.kind == "int" and not scope.names(column.name)]
    where = ""
    if named:
        w.use("alias in where")
        where = f" where {w.pick(named).name} {w.pick(('>', '<>', '='))} {leaf(w, scope, 'int')}"
    return Query(f"select {', '.join(items)} from {source}{where}", tuple(columns))


def _unnested(w: Writer, scope: Scope) -> tuple[str, Column] | None:
    array = one_of(w, scope, "ints")
    if array is None:
        return None
    w.use("unnest in the list")
    name = w.fresh()
    return f"unnest({array}) as {name}", Column(name, "int")


def order_by(w: Writer, scope: Scope, columns: list[Column]) -> tuple[str, bool]:
    """ORDER BY with LIMIT; alone it changes no row."""
    sortable = [column for column in columns if column.kind in SCALARS]
    form = w.rng.randrange(12)
    if form < 8 or not sortable:
        return (" order by 1" if form == 7 else ""), False
    w.use("order by limit")
    counted = f" limit (select count(*) from {w.pick(w.tables).name} as q where q.k > 1)"
    limit = w.pick((" limit 3", " limit 2 offset 1", " offset 2", " limit 50%", " limit 1 + 1", counted))
    if form == 8:
        w.use("order by all")
        return f" order by all{limit}", True
    keys = [str(columns.index(column) + 1) if w.chance(40) else column.name for column in w.some(sortable, 2)]
    keys[0] += w.pick(("", " desc", " nulls first"))
    return f" order by {', '.join(keys)}{limit}", True


def _star(w: Writer, scope: Scope, tail: str, depth: int) -> Query:
    """A star in one of its forms. Of several inputs only one is spread, so that no name stands twice."""
    chosen = w.pick([item for item in scope.inputs if item.visible and item.alias] or [None])
    if chosen is None:
        return _plain(w, scope, tail, depth)
    alone = len(scope.inputs) == 1
    prefix = "*" if alone and w.chance(50) else f"{chosen.alias}.*"
    text, columns = w.pick((_whole, _excluded, _replaced, _renamed, _regex, _fields))(w, chosen, prefix, scope)
    taken = {column.name for column in columns}
    more, extra = _items(w, scope, w.rng.randrange(2))
    if any(column.name in taken for column in extra):
        more, extra = [], []
    return Query(f"select {', '.join([text, *more])}{tail}", (*columns, *extra))


def _whole(w: Writer, item: Input, prefix: str, scope: Scope) -> tuple[str, tuple[Column, ...]]:
    w.use("star")
    return prefix, item.columns


def _excluded(w: Writer, item: Input, prefix: str, scope: Scope) -> tuple[str, tuple[Column, ...]]:
    if len(item.columns) < 2:
        return prefix, item.columns
    w.use("star exclude")
    gone = w.some(item.columns, 2)[: len(item.columns) - 1]
    names = ", ".join(column.name for column in gone)
    return f"{prefix} exclude ({names})", tuple(column for column in item.columns if column not in gone)


def _replaced(w: Writer, item: Input, prefix: str, scope: Scope) -> tuple[str, tuple[Column, ...]]:
    known = [column for column in item.columns if column.kind in TYPES]
    if not known:
        return prefix, item.columns
    w.use("star replace")
    column = w.pick(known)
    return f"{prefix} replace ({expression(w, scope, column.kind, 1)} as {column.name})", item.columns


def _renamed(w: Writer, item: Input, prefix: str, scope: Scope) -> tuple[str, tuple[Column, ...]]:
    if not NEW:
        return prefix, item.columns
    w.use("star rename")
    column, name = w.pick(item.columns), w.fresh()
    columns = tuple(Column(name, kind) if old == column.name else Column(old, kind) for old, kind in item.columns)
    return f"{prefix} rename ({column.name} as {name})", columns


def _regex(w: Writer, item: Input, prefix: str, scope: Scope) -> tuple[str, tuple[Column, ...]]:
    """``columns('^[ab]')`` names columns of all inputs."""
    letters = sorted({column.name[0] for column in item.columns})
    if len(scope.inputs) > 1 or prefix != "*":
        return prefix, item.columns
    w.use("columns regex")
    chosen = w.some(letters, 3)
    return f"columns('^[{''.join(chosen)}]')", tuple(column for column in item.columns if column.name[0] in chosen)


def _fields(w: Writer, item: Input, prefix: str, scope: Scope) -> tuple[str, tuple[Column, ...]]:
    """``s.*``, ``unnest(t.s)``: the fields of a struct."""
    found = next((column for column in item.columns if column.kind == "struct"), None)
    if found is None or found.name in item.merged:
        return prefix, item.columns
    w.use("struct star")
    fields = (Column("x", "int"), Column("y", "text"))
    if item.key and w.chance(50):  # the column of a table: only there its type is declared
        return f"unnest({item.alias}.{found.name})", fields
    return (f"{found.name}.*", fields) if scope.names(found.name) == 1 else (prefix, item.columns)


def _columns(w: Writer, scope: Scope, tail: str, depth: int) -> Query:
    """The same expression over several columns: ``columns(c -> c like 'a%')`` is the database's own, the regex is ours."""
    numbers = [column for item in scope.inputs for column in item.columns if column.kind == "int"]
    if len(scope.inputs) > 1 or len(numbers) < 2 or not scope.inputs[0].visible:
        return _plain(w, scope, tail, depth)
    w.use("columns expression")
    chosen = w.some(numbers, 2)
    pattern = "|".join(column.name for column in chosen)
    names = ", ".join(f"'{column.name}'" for column in chosen)
    listed = w.pick((
        f"columns('^({pattern})$') + 1",
        f"coalesce(columns('^({pattern})$'), 7)",
        f"columns([{names}]) * 2",
        f"columns('^({pattern})$') as 'p_\\0'",
        f"max(columns('^({pattern})$'))",
        f"coalesce(*columns('^({pattern})$')) as c",
    ))  # fmt: skip
    return Query(f"select {listed}{tail}", ()) if depth == 2 else _plain(w, scope, tail, depth)


# Grouping

_AGGREGATES = (
    ("sum({int})", "int"),
    ("count({text})", "int"),
    ("count(*)", "int"),
    ("min({date})", "date"),
    ("max({text})", "text"),
    ("count(distinct {int})", "int"),
    ("sum(distinct {int})", "int"),
    ("bool_or({bool})", "bool"),
    ("string_agg({text}, ',' order by {text2}, {text3})", "text"),
    ("list({int} order by {int2}, {int3})", "ints"),
    ("arg_max({int}, ({int2}, {int3}))", "int"),  # of equals the same one, however the rows are stored
    ("median({int})", "float"),
    ("avg({int})", "float"),
    ("quantile_cont({int}, 0.5)", "float"),
    ("string_agg({text}, '-' order by {text2})", "text"),
    ("percentile_cont(0.5) within group (order by {int})", "float"),
    ("percentile_disc(0.5) within group (order by {int} desc)", "int"),
    ("first({text} order by {int}, {text})", "text"),
    ("min_by({text}, ({int}, {text3}))", "text"),
    ("arg_max({int}, ({int2}, {int3}), 2)", "ints"),
    ("bit_xor({int})", "int"),
)


def aggregate(w: Writer, scope: Scope) -> tuple[str, str]:
    """``sum(a) filter (where b > 1)``, and its type."""
    have = {column.kind for item in scope.inputs for column in item.columns}
    fitting = [pair for pair in _AGGREGATES if all(slot in have for slot in SCALARS if "{" + slot in pair[0])]
    template, kind = w.pick(fitting)
    slots = {f"{slot}{number}": expression(w, scope, slot, 1) for slot in ("int", "text", "bool", "date") for number in ("", 2)}
    text = template.format(**slots, text3=slots["text"], int3=slots["int"])
    if w.chance(20):
        w.use("aggregate filter")
        text += f" filter (where {condition(w, scope, 1)})"
    return text, kind


def _aggregate(w: Writer, scope: Scope, tail: str, depth: int) -> Query:
    w.use("group by")
    keys, key_columns = _keys(w, scope)
    values, value_columns = [], []
    for _ in range(1 + w.rng.randrange(2)):
        text, kind = aggregate(w, scope)
        name = w.fresh()
        values.append(f"{text} as {name}")
        value_columns.append(Column(name, kind))
    items = [f"{text} as {column.name}" for text, column in zip(keys, key_columns, strict=True)]
    group = _group_clause(w, keys, key_columns) if keys else ""
    having = ""
    if w.chance(25):
        w.use("having")
        having = f" having {aggregate_condition(w, scope)}"
    if any(word in group for word in ("rollup", "cube", "sets")) and w.chance(40):
        w.use("grouping")
        name = w.fresh()
        values.append(f"grouping({keys[0]}) as {name}")
        value_columns.append(Column(name, "int"))
    columns = [*key_columns, *value_columns]
    order, _ = order_by(w, scope, columns)
    return Query(f"select {', '.join([*items, *values])}{tail}{group}{having}{order}", tuple(columns))


def aggregate_condition(w: Writer, scope: Scope) -> str:
    return w.pick((
        "count(*) > 1",
        f"max({leaf(w, scope, 'int')}) > 1",
        f"sum({leaf(w, scope, 'int')}) between 1 and 6",
        f"bool_or({condition(w, scope, 1)})",
    ))  # fmt: skip


def _keys(w: Writer, scope: Scope) -> tuple[list[str], list[Column]]:
    count = w.pick((1, 1, 2, 0, 2))
    texts, columns = [], []
    for _ in range(count):
        kind = w.kind(scope, SCALARS)
        text = w.reference(scope, kind, correlated=False)
        if text is None:
            continue
        if w.chance(30):
            text = {"int": f"{text} + 1", "text": f"upper({text})", "bool": f"not {text}", "date": f"day({text})"}[kind]
            kind = "int" if kind == "date" else kind
        texts.append(text)
        columns.append(Column(w.fresh(), kind))
    return texts, columns


def _group_clause(w: Writer, keys: list[str], columns: list[Column]) -> str:
    listed = ", ".join(keys)
    form = w.pick(("plain", "ordinal", "all", "alias", "rollup", "cube", "sets"))
    w.use(f"group by {form}")
    texts = {
        "plain": listed,
        "ordinal": ", ".join(str(number + 1) for number in range(len(keys))),
        "all": "all",
        "alias": ", ".join(column.name for column in columns),
        "rollup": f"rollup ({listed})",
        "cube": f"cube ({listed})",
        "sets": f"grouping sets (({listed}), ({keys[0]}), ())",
    }
    return f" group by {texts[form]}"


# Windows


_WINDOW_FUNCTIONS = (
    ("row_number()", "int"),
    ("rank()", "int"),
    ("sum({0})", "int"),
    ("count(*)", "int"),
    ("max({1})", "text"),
    ("lag({0})", "int"),
    ("lead({0}, 1, {2})", "int"),
    ("first_value({1})", "text"),
    ("dense_rank()", "int"),
    ("ntile(2)", "int"),
    ("lag({0} ignore nulls)", "int"),
    ("nth_value({0}, 2)", "int"),
    ("cume_dist()", "float"),
    ("count(distinct {0})", "int"),
    ("sum({0}) filter (where {2} > 1)", "int"),
    ("string_agg({1}, ',')", "text"),
)


def _window(w: Writer, scope: Scope, tail: str, depth: int) -> Query:
    w.use("window")
    items, columns = _items(w, scope, 1 + w.rng.randrange(2))
    over = _over(w, scope)
    named = ""
    if w.chance(30):
        w.use("named window")
        named, over = f" window w as ({over})", "w"
    else:
        over = f"({over})"
    number, text, other = leaf(w, scope, "int"), leaf(w, scope, "text"), leaf(w, scope, "int")
    functions = [(template.format(number, text, other), kind) for template, kind in _WINDOW_FUNCTIONS]
    function, kind = w.pick(functions)
    name = w.fresh()
    qualify = ""
    if w.chance(35):
        w.use("qualify")
        qualify = f" qualify {name if w.chance(50) else f'row_number() over ({_over(w, scope)})'} <= 2" if kind == "int" else ""
    text = f"select {', '.join([*items, f'{function} over {over} as {name}'])}{tail}{named}{qualify}"
    return Query(text, (*columns, Column(name, kind)))


def _over(w: Writer, scope: Scope) -> str:
    kinds = [w.pick(("int", "text", "bool")) for _ in range(w.rng.randrange(3))]
    parts = [part for part in (w.reference(scope, kind, correlated=False) for kind in kinds) if part]
    partition = f"partition by {', '.join(parts)} " if parts else ""
    keys = [
        item.alias + "." + item.key
        for item in scope.inputs
        if item.key and item.visible and item.alias and item.key not in item.merged
    ]
    order = [w.reference(scope, w.pick(("int", "date")), correlated=False) or "1", *keys]
    rows = " rows between 1 preceding and 1 following exclude current row"
    frame = w.pick(("", "", " rows between 1 preceding and current row", rows))
    return f"{partition}order by {', '.join(order)}{w.pick(('', ' desc'))}{frame}"


def _unique(scope: Scope) -> list[str]:
    """What breaks ties."""
    inputs = [item for item in scope.inputs if item.key and item.visible and item.alias]
    return [f"{item.alias}.{item.key}" for item in inputs if item.key not in item.merged]


def _distinct(w: Writer, scope: Scope, tail: str, depth: int) -> Query:
    w.use("distinct")
    items, columns = _items(w, scope, 1 + w.rng.randrange(2))
    return Query(f"select distinct {', '.join(items)}{tail}", tuple(columns))


def _distinct_on(w: Writer, scope: Scope, tail: str, depth: int) -> Query:
    key = w.reference(scope, w.pick(("int", "text", "bool")), correlated=False)
    tie = _unique(scope)
    if key is None or len(tie) < len(scope.inputs):
        return _distinct(w, scope, tail, depth)  # which row of several alike is kept would be nobody's choice
    w.use("distinct on")
    items, columns = _items(w, scope, 1 + w.rng.randrange(2))
    order = [key, w.reference(scope, "int", correlated=False) or "1", *tie]
    return Query(f"select distinct on ({key}) {', '.join(items)}{tail} order by {', '.join(order)}", tuple(columns))
