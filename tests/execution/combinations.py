"""Random queries made of several SELECTs: CTEs, set operations, recursion; and ``top``, the query of a whole statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import relations
from expressions import condition, expression, leaf
from relations import from_clause
from selects import order_by, select
from writer import SCALARS, Column, Input, Query, Scope, columns_of

if TYPE_CHECKING:
    from writer import Writer


def query(w: Writer, depth: int, outer: Scope | None = None) -> Query:
    """Any query; its column names are all different."""
    forms = [select, select, select]
    if depth > 0:
        forms += [with_ctes, with_ctes, set_operation, by_name, recursive]
    return w.pick(forms)(w, depth, outer)


relations.QUERY_MAKER.append(query)


def top(w: Writer, depth: int = 2) -> Query:
    """A whole statement, sometimes FROM-first or PIVOT."""
    if w.chance(4):
        w.use("from first")
        table = w.pick(w.tables)
        return Query(f"from {table.name}", columns_of(table))
    if w.chance(3):
        return _dynamic_pivot(w, depth)
    return query(w, depth)


def _dynamic_pivot(w: Writer, depth: int) -> Query:
    """``pivot t on k using sum(a) group by b``: only the data knows its columns."""
    table = w.pick(w.tables)
    numbers = [column.name for column in columns_of(table) if column.kind == "int" and column.name != "k"]
    if not numbers or "k" not in table.names:
        return query(w, depth)
    groups = [column.name for column in columns_of(table) if column.kind in SCALARS and column.name not in (*numbers, "k")]
    w.use("dynamic pivot")
    grouped = f" group by {w.pick(groups)}" if groups else ""
    using = w.pick(("sum({0})", "max({0})", "sum({0}) as s, count({0}) as n")).format(w.pick(numbers))
    return Query(f"pivot {table.name} on k using {using}{grouped}", ())


def macros(w: Writer) -> None:
    """A function and a table function, written in SQL before the query that may call them."""
    name = w.fresh("f")
    w.before.append(f"create or replace temp macro {name}(x, y := 2) as {w.pick(('x + y', 'coalesce(x, y) * 2', 'x'))}")
    w.macros.append(name)
    table, rows = w.pick(w.tables), w.fresh("f")
    scope = Scope((Input("q", columns_of(table)),))
    items = f"{leaf(w, scope, 'int')} + p as v, {expression(w, scope, 'text', 1)} as z"
    w.before.append(f"create or replace temp macro {rows}(p) as table select {items} from {table.name} as q where q.k >= p")
    w.table_macros.append((rows, (Column("v", "int"), Column("z", "text"))))


def with_ctes(w: Writer, depth: int, outer: Scope | None = None) -> Query:
    """``with c1 as (…), c2(x, y) as (…) select …``; a name may hide a table."""
    w.use("cte")
    before = dict(w.ctes)
    clauses = []
    for _ in range(1 + w.rng.randrange(2)):
        found = query(w, depth - 1)
        name = w.pick([table.name for table in w.tables]) if w.chance(10) else w.fresh("cte")
        if name in {clause.split("(")[0].split(" ")[0] for clause in clauses}:
            name = w.fresh("cte")
        if any(name == table.name for table in w.tables):
            w.use("cte shadows table")
        columns = found.columns
        if columns and w.chance(25):
            w.use("cte column list")
            columns = tuple(Column(w.fresh("x"), column.kind) for column in columns)
            clauses.append(f"{name}({', '.join(column.name for column in columns)}) as ({found.sql})")
        else:
            clauses.append(f"{name} as {w.pick(('', '', 'materialized '))}({found.sql})")
        w.ctes[name] = columns
    body = select(w, depth - 1, outer)
    w.ctes = before
    return Query(f"with {', '.join(clauses)} {body.sql}", body.columns, body.keys)


def _matching(w: Writer, kinds: list[str], names: list[str] | None = None) -> Query:
    """A SELECT of wanted types, for an arm of a set operation."""
    sql, scope = from_clause(w, 0)
    names = names or [w.fresh() for _ in kinds]
    items = [
        f"{leaf(w, scope, kind) if w.chance(65) else expression(w, scope, kind, 1)} as {name}"
        for kind, name in zip(kinds, names, strict=True)
    ]
    where = f" where {condition(w, scope, 1)}" if w.chance(40) else ""
    columns = tuple(Column(name, kind) for name, kind in zip(names, kinds, strict=True))
    return Query(f"select {', '.join(items)} from {sql}{where}", columns)


def set_operation(w: Writer, depth: int, outer: Scope | None = None) -> Query:
    w.use("set operation")
    kinds = [w.pick(SCALARS) for _ in range(1 + w.rng.randrange(3))]
    arms = [_matching(w, kinds) for _ in range(2 + w.rng.randrange(2))]
    sql = arms[0].sql
    for arm in arms[1:]:
        operator = w.pick(("union all", "union", "except", "intersect", "except all", "intersect all"))
        w.use(operator)
        sql = f"{sql} {operator} {arm.sql}" if w.chance(80) else f"{sql} {operator} ({arm.sql})"
    order, _ = order_by(w, Scope(), list(arms[0].columns)) if w.chance(30) else ("", False)
    return Query(sql + order, arms[0].columns)


def by_name(w: Writer, depth: int, outer: Scope | None = None) -> Query:
    """``select a, b from t union by name select b, c from u``"""
    w.use("union by name")
    names = [(w.fresh(), w.pick(SCALARS)) for _ in range(3)]
    left, right = names[:2], [names[2], names[0]] if w.chance(50) else [names[1], names[0], names[2]]
    arms = [_matching(w, [kind for _, kind in side], [name for name, _ in side]) for side in (left, right)]
    return Query(f"{arms[0].sql} {w.pick(('union all', 'union'))} by name {arms[1].sql}", tuple(Column(*pair) for pair in names))


def recursive(w: Writer, depth: int, outer: Scope | None = None) -> Query:
    """Columns may change places from round to round."""
    w.use("recursive cte")
    name, count = w.fresh("r"), 2 + w.rng.randrange(2)
    names = [w.fresh("x") for _ in range(count)]
    anchor = _matching(w, ["int"] * count)
    order = w.rng.sample(names, count) if w.chance(60) else names
    items = [f"{name}.{other}" if w.chance(60) else f"{name}.{other} + 1" for other in order]
    table, alias = (
        w.pick([table.name for table in w.tables if table.unique and table.name not in w.ctes] or ["orders"]),
        w.fresh("t"),
    )
    step = f"select {', '.join(items)}, {name}.n_ + 1 from {name} where n_ < 3"
    if w.chance(40):
        join = f"join {table} as {alias} on {alias}.k = {name}.{names[0]}"
        step = f"select {', '.join(items)}, {name}.n_ + 1 from {name} {join} where n_ < 2 and {alias}.id < 4"
    union = w.pick(("union all", "union"))
    listed = ", ".join([*names, "n_"])
    shown = w.some(names, 2)
    first = anchor.sql.replace(" from ", ", 0 from ", 1) if anchor.sql.count("(select") == 0 else None
    if first is None:
        return select(w, depth, outer)
    return Query(
        f"with recursive {name}({listed}) as ({first} {union} {step}) select {', '.join(shown)} from {name}",
        tuple(Column(other, "int") for other in shown),
    )
