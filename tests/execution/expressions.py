"""Random expressions of a wanted type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from writer import SCALARS, Input, Scope, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from writer import Writer


def expression(w: Writer, scope: Scope, kind: str, depth: int = 2) -> str:
    """SQL of type ``kind`` over the columns in sight."""
    if kind == "int" and w.macros and w.chance(20):
        return _macro_call(w, scope, max(depth - 1, 0))
    if depth <= 0 or not w.chance(60):
        return constant(w, kind) if w.chance(3) else leaf(w, scope, kind)
    return w.pick(_MAKERS[kind])(w, scope, depth - 1)


def leaf(w: Writer, scope: Scope, kind: str) -> str:
    """A column of that type, or one of another type made into it; a constant where nothing is in sight."""
    found = w.reference(scope, kind)
    if found is not None:
        return found
    for other, text in _CONVERSIONS[kind]:
        found = w.reference(scope, other)
        if found is not None:
            return text.format(found)
    return constant(w, kind)


_CONVERSIONS = {
    "int": (("text", "length({0})"), ("ints", "len({0})"), ("date", "day({0})"), ("bool", "cast({0} as integer)")),
    "text": (("int", "cast({0} as varchar)"), ("bool", "cast({0} as varchar)"), ("date", "cast({0} as varchar)")),
    "bool": (("int", "({0} > 1)"), ("text", "({0} = 'a')"), ("date", "({0} > date '2024-01-02')")),
    "date": (("int", "(date '2024-01-01' + cast({0} as integer))"),),
    "ints": (("int", "[{0}, 1]"), ("text", "[length({0})]")),
    "struct": (("int", "{{'x': {0}, 'y': 'a'}}"), ("text", "{{'x': 1, 'y': {0}}}")),
}


def constant(w: Writer, kind: str) -> str:
    number = w.rng.randrange(4)
    return {
        "int": str(number),
        "text": ("'a'", "'b'", "'c'", "'ab'")[number],
        "bool": ("true", "false")[number % 2],
        "date": f"date '2024-01-0{number + 1}'",
        "ints": ("[1, 2]", "[3]", "[0, 2, 4]", "[1]")[number],
        "struct": f"{{'x': {number}, 'y': 'a'}}",
    }[kind]


def condition(w: Writer, scope: Scope, depth: int = 2) -> str:
    """A predicate that reads a column, if there is any."""
    have = {column.kind for item in scope.inputs if item.visible for column in item.columns}
    return w.pick([make for kind, make in _CONDITIONS if not kind or kind in have])(w, scope, depth - 1)


def _made(template: str, *kinds: str, feature: str = "") -> Callable[[Writer, Scope, int], str]:
    """A maker that fills ``{0}``, ``{1}`` … with expressions of ``kinds``."""

    def make(w: Writer, scope: Scope, depth: int) -> str:
        if feature:
            w.use(feature)
        parts = [expression(w, scope, kind, depth) for kind in kinds]
        for index, part in enumerate(parts):
            if not part.replace(".", "").replace("_", "").isalnum() and not part.startswith(("'", "[", "{")):
                parts[index] = f"({part})"
        text = template
        for index, part in enumerate(parts):
            text = text.replace(f"<{index}>", part)
        return text

    return make


def _case(kind: str) -> Callable[[Writer, Scope, int], str]:
    def make(w: Writer, scope: Scope, depth: int) -> str:
        w.use("case")
        arm = expression(w, scope, kind, depth)
        other = expression(w, scope, kind, depth)
        if other == arm:
            other = constant(w, kind)
        if w.chance(25):
            return f"case {leaf(w, scope, 'int')} when {w.rng.randrange(4)} then {arm} else {other} end"
        otherwise = f" else {other}" if w.chance(70) else ""
        return f"case when {condition(w, scope, depth)} then {arm}{otherwise} end"

    return make


def _comparison(w: Writer, scope: Scope, depth: int) -> str:
    kind = w.kind(scope, SCALARS)
    left = leaf(w, scope, kind)
    right = expression(w, scope, kind, depth) if w.chance(40) else constant(w, kind)
    if right == left:
        right = constant(w, kind)
    operator = w.pick(("=", "<", ">=", "<>", "is distinct from")) if kind != "bool" else w.pick(("=", "is distinct from"))
    return f"{left} {operator} ({right})"


def _is_null(w: Writer, scope: Scope, depth: int) -> str:
    return f"{leaf(w, scope, w.kind(scope, SCALARS))} is {w.pick(('null', 'not null'))}"


def _logic(w: Writer, scope: Scope, depth: int) -> str:
    left, right = condition(w, scope, depth), condition(w, scope, depth)
    return w.pick((f"({left} and {right})", f"({left} or {right})", f"not ({left})"))


def _in_list(w: Writer, scope: Scope, depth: int) -> str:
    return f"{leaf(w, scope, 'int')} {w.pick(('in', 'not in'))} ({w.rng.randrange(3)}, {leaf(w, scope, 'int')}, 4)"


def _subquery_scope(w: Writer, scope: Scope) -> tuple[str, Scope]:
    """One table under a name of its own, with the query around in sight."""
    table = w.pick(w.tables)
    alias = w.fresh("q")
    return f"from {table.name} as {alias}", Scope(
        (Input(alias, columns_of(table), key="id" if "id" in table.unique else ""),), scope
    )


def _exists(w: Writer, scope: Scope, depth: int) -> str:
    w.use("exists")
    source, inner = _subquery_scope(w, scope)
    listed = w.pick(("1", "*", leaf(w, inner, "int")))
    where = f" where {condition(w, inner, min(depth, 1))}" if w.chance(85) else ""
    return f"{w.pick(('', 'not '))}exists (select {listed} {source}{where})"


def _in_subquery(w: Writer, scope: Scope, depth: int) -> str:
    w.use("in subquery")
    kind = w.kind(scope, ("int", "text"))
    source, inner = _subquery_scope(w, scope)
    where = f" where {condition(w, inner, min(depth, 1))}" if w.chance(60) else ""
    left, right = leaf(w, scope, kind), expression(w, inner, kind, min(depth, 1))
    return f"{left} {w.pick(('in', 'not in'))} (select {right} {source}{where})"


def _quantified(w: Writer, scope: Scope, depth: int) -> str:
    w.use("any/all")
    source, inner = _subquery_scope(w, scope)
    return f"{leaf(w, scope, 'int')} {w.pick(('= any', '> all'))} (select {leaf(w, inner, 'int')} {source})"


def scalar_subquery(w: Writer, scope: Scope, depth: int) -> str:
    """``(select max(q.a) from orders as q where q.k = o.k)``"""
    w.use("scalar subquery")
    source, inner = _subquery_scope(w, scope)
    where = f" where {condition(w, inner, min(depth, 1))}" if w.chance(80) else ""
    if w.chance(20):
        return f"(select {expression(w, inner, 'int', 1)} {source}{where} order by all limit 1)"
    value = w.pick(("max({0})", "sum({0})", "count({0})", "min({0})", "count(distinct {0})"))
    return f"(select {value.format(expression(w, inner, 'int', 1))} {source}{where})"


def _count_subquery(w: Writer, scope: Scope, depth: int) -> str:
    w.use("scalar subquery")
    source, inner = _subquery_scope(w, scope)
    return f"(select count(*) {source} where {condition(w, inner, min(depth, 1))})"


def _array_subquery(w: Writer, scope: Scope, depth: int) -> str:
    w.use("array subquery")
    source, inner = _subquery_scope(w, scope)
    order = leaf(w, inner, "int")
    return f"array(select {leaf(w, inner, 'int')} {source} where {condition(w, inner, 0)} order by {order})"


def _whole_row(w: Writer, scope: Scope, depth: int) -> str:
    """``cast(o as varchar)``: all columns of the table at once."""
    inputs = [item.alias for item in scope.inputs if item.visible and item.alias and len(item.columns) < 6]
    if not inputs:
        return leaf(w, scope, "text")
    w.use("whole row")
    return w.pick(("cast({0} as varchar)", "cast(to_json({0}) as varchar)")).format(w.pick(inputs))


def _macro_call(w: Writer, scope: Scope, depth: int) -> str:
    """``create macro f(x, y := 2) as …`` was written before the query."""
    w.use("macro")
    name = w.pick(w.macros)
    first, second = expression(w, scope, "int", depth), leaf(w, scope, "int")
    return f"{name}({first}, y := {second})" if w.chance(50) else f"{name}({first})"


def _field(w: Writer, scope: Scope, depth: int) -> str:
    """``o.s.x``, ``s['x']``"""
    found = w.reference(scope, "struct")
    if found is None:
        return leaf(w, scope, "int")
    w.use("struct path")
    return f"{found}.x" if "." in found and w.chance(50) else f"{found}['x']"


def _rows_compared(w: Writer, scope: Scope, depth: int) -> str:
    w.use("row comparison")
    left, right = leaf(w, scope, "int"), leaf(w, scope, "int")
    if w.chance(50):
        return f"({left}, {right}) = ({w.rng.randrange(3)}, {leaf(w, scope, 'int')})"
    source, inner = _subquery_scope(w, scope)
    return f"({left}, {right}) in (select ({leaf(w, inner, 'int')}, {leaf(w, inner, 'int')}) {source})"


def _lambda(w: Writer, scope: Scope, depth: int) -> str:
    w.use("lambda")
    array = leaf(w, scope, "ints")
    x = w.pick(("x", "e", "a"))  # a may be a column too; inside the lambda it is none
    inside = w.reference(scope, "int") or "1"
    if "." not in inside and inside == x:
        inside = "1"
    return w.pick((
        f"list_transform({array}, {x} -> {x} + {inside})",
        f"list_filter({array}, {x} -> {x} > {inside})",
        f"[{x} * 2 for {x} in {array} if {x} > {inside}]",
        f"[{x} + {inside} for {x} in {array}]",
        f"list_transform({array}, ({x}, i) -> {x} * i + {inside})",
        f"list_transform({array}, {x} -> list_sum(list_transform([1, 2], y -> y * {x} + {inside})))",
        f"[list_reduce({array} || [1], ({x}, y) -> {x} * 2 + y)]",
    ))  # fmt: skip


_MAKERS: dict[str, tuple[Callable[[Writer, Scope, int], str], ...]] = {
    "int": (
        _made("<0> + <1>", "int", "int"),
        _made("<0> * 2 - <1>", "int", "int"),
        _made("coalesce(<0>, <1>)", "int", "int"),
        _made("nullif(<0>, <1>)", "int", "int"),
        _made("length(<0>)", "text"),
        _made("greatest(<0>, <1>)", "int", "int"),
        _made("if(<0>, <1>, <2>)", "bool", "int", "int"),
        _made("abs(<0>)", "int"),
        _made("day(<0>)", "date"),
        _made("len(<0>)", "ints", feature="list"),
        _made("<0>[1]", "ints", feature="list"),
        _made("list_sum(<0>)", "ints", feature="list"),
        _made("struct_extract(<0>, 'x')", "struct", feature="struct"),
        _made("(<0>).x", "struct", feature="struct"),
        _made("try_cast(<0> as integer)", "text"),
        _case("int"),
        scalar_subquery,
        _count_subquery,
        _field,
    ),
    "text": (
        _made("upper(<0>)", "text"),
        _made("<0> || <1>", "text", "text"),
        _made("coalesce(<0>, <1>)", "text", "text"),
        _made("cast(<0> as varchar)", "int"),
        _made("substr(<0>, 1, 1)", "text"),
        _made("concat(<0>, '-', <1>)", "text", "int"),
        _made("replace(<0>, 'a', <1>)", "text", "text"),
        _made("nullif(<0>, <1>)", "text", "text"),
        _made("(<0>).y", "struct", feature="struct"),
        _made("md5(<0>)", "text"),
        _whole_row,
        _case("text"),
    ),
    "bool": (
        condition,
        _made("coalesce(<0>, <1>)", "bool", "bool"),
        _case("bool"),
    ),
    "date": (
        _made("<0> + cast(<1> as integer)", "date", "int"),
        _made("coalesce(<0>, <1>)", "date", "date"),
        _made("greatest(<0>, <1>)", "date", "date"),
        _case("date"),
    ),
    "ints": (
        _lambda,
        _made("[<0>, <1>]", "int", "int", feature="list"),
        _made("list_sort(<0>)", "ints", feature="list"),
        _made("<0> || <1>", "ints", "ints", feature="list"),
        _made("coalesce(<0>, <1>)", "ints", "ints", feature="list"),
        _array_subquery,
    ),
    "struct": (
        _made("{'x': <0>, 'y': <1>}", "int", "text", feature="struct"),
        _made("struct_pack(x := <0>, y := <1>)", "int", "text", feature="struct"),
        _case("struct"),
    ),
}
_CONDITIONS: tuple[tuple[str, Callable[[Writer, Scope, int], str]], ...] = (
    ("", _comparison),
    ("", _comparison),
    ("", _comparison),
    ("", _is_null),
    ("bool", lambda w, scope, depth: leaf(w, scope, "bool")),
    ("int", _in_list),
    ("int", _made("<0> between 1 and <1>", "int", "int")),
    ("text", _made("<0> like 'a%'", "text")),
    ("ints", _made("list_contains(<0>, <1>)", "ints", "int", feature="list")),
    ("int", lambda w, scope, depth: (_rows_compared if depth > 0 else _in_list)(w, scope, depth)),
    ("", lambda w, scope, depth: (_logic if depth > 0 else _comparison)(w, scope, depth)),
    ("", lambda w, scope, depth: (_exists if depth > 0 else _comparison)(w, scope, depth)),
    ("", lambda w, scope, depth: (_in_subquery if depth > 0 else _is_null)(w, scope, depth)),
    ("int", lambda w, scope, depth: (_quantified if depth > 0 else _in_list)(w, scope, depth)),
)
