"""Random scripts: tables and views that build on each other, and every way of changing them.

Each statement is a case of its own: what the statements before it left behind is dumped and becomes the worlds that it is
asked about, views as tables, so that the columns of what is in between are changed too and not only those at the start.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb
from claims import QUERY, Case
from combinations import top
from expressions import condition, expression, leaf
from selects import NEW
from worlds import Rows, Table, Worlds
from writer import SCALARS, TYPES, Column, Input, Query, Scope, Writer, columns_of

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True)
class Statement:
    """``target``: what it writes, "" for DDL that carries no data."""

    sql: str
    target: str = ""
    fresh: bool = False
    in_place: bool = False


@dataclass(frozen=True)
class Script:
    statements: tuple[Statement, ...]
    features: frozenset[str]

    @property
    def sql(self) -> str:
        return ";\n".join(statement.sql for statement in self.statements)


def script(rng: random.Random, tables: Sequence[Table]) -> Script:
    """What one statement makes the next may read."""
    w = Writer(rng, list(tables))
    statements: list[Statement] = []
    for _ in range(1 + rng.randrange(3)):
        statements.extend(w.pick((_created, _created, _view, _filled, _filled, _changed, _changed))(w))
    if w.chance(50):
        statements.append(Statement(top(w, 1).sql, QUERY))
    return Script(tuple(statements), frozenset(w.features))


def _keep(w: Writer, name: str, columns: Sequence[Column]) -> None:
    """From here on the table can be read."""
    known = [(column.name, TYPES[column.kind]) for column in columns if column.kind in TYPES]
    if len(known) == len(columns):
        w.tables = [*w.tables, Table(name, tuple(known), unique=())]


def _created(w: Writer) -> list[Statement]:
    w.use("create table as")
    query, name = top(w, 1), w.fresh("made")
    temporary = w.pick(("", "temp ", "or replace "))
    if temporary == "temp ":
        w.use("temp table")
    _keep(w, name, query.columns)
    return [Statement(f"create {temporary}table {name} as {query.sql}", name)]


def _view(w: Writer) -> list[Statement]:
    w.use("create view")
    query, name = _simple(w), w.fresh("seen")
    columns = query.columns
    listed = ""
    if w.chance(40):
        columns = tuple(Column(w.fresh("x"), column.kind) for column in columns)
        listed = f"({', '.join(column.name for column in columns)})"
    _keep(w, name, columns)
    return [Statement(f"create view {name}{listed} as {query.sql}", name)]


def _simple(w: Writer, kinds: Sequence[str] = (), names: Sequence[str] = ()) -> Query:
    """A query over one table, of wanted types."""
    table = w.pick(w.tables)
    alias = w.fresh("t")
    scope = Scope((Input(alias, columns_of(table)),))
    kinds = kinds or [w.kind(scope, SCALARS) for _ in range(2)]
    names = names or [w.fresh() for _ in kinds]
    items = [f"{expression(w, scope, kind, 1)} as {name}" for kind, name in zip(kinds, names, strict=True)]
    where = f" where {condition(w, scope)}" if w.chance(50) else ""
    columns = tuple(Column(name, kind) for name, kind in zip(names, kinds, strict=True))
    return Query(f"select {', '.join(items)} from {table.name} as {alias}{where}", columns)


def _filled(w: Writer) -> list[Statement]:
    """A table by DDL, and an INSERT into it in one of its forms."""
    name = w.fresh("kept")
    columns = [Column(w.fresh("x"), kind) for kind in ("int", w.pick(SCALARS), w.pick(SCALARS))]
    form = w.pick(("plain", "listed", "by name", "values", "conflict", "conflict nothing"))
    w.use(f"insert {form}")
    primary = " primary key" if form.startswith("conflict") else ""
    ddl = ", ".join(f"{column.name} {TYPES[column.kind]}{primary if not number else ''}" for number, column in enumerate(columns))
    statements = [Statement(f"create table {name} ({ddl})")]
    kinds, names = [column.kind for column in columns], [column.name for column in columns]
    if form == "plain":
        text = f"insert into {name} {_simple(w, kinds).sql}"
    elif form == "listed":
        order = w.rng.sample(columns, 2 + w.rng.randrange(2))
        text = f"insert into {name} ({', '.join(item.name for item in order)}) {_simple(w, [item.kind for item in order]).sql}"
    elif form == "by name":
        order = w.rng.sample(columns, 2 + w.rng.randrange(2))
        text = f"insert into {name} by name {_simple(w, [item.kind for item in order], [item.name for item in order]).sql}"
    elif form == "values":
        value = f"(select max(q.k) from {w.tables[0].name} as q)"
        text = f"insert into {name} ({names[0]}) values (1), ({value})"
    else:
        text = f"{_unique_rows(w, name, columns)} on conflict {_on_conflict(w, form, columns)}"
    _keep(w, name, columns)
    if form.startswith("conflict"):
        statements.append(Statement(f"insert into {name} ({names[0]}) values (1), (2), (3)", name, fresh=True))
    return [*statements, Statement(text, name, fresh=not form.startswith("conflict"), in_place=form.startswith("conflict"))]


def _unique_rows(w: Writer, name: str, columns: Sequence[Column]) -> str:
    table = w.tables[0]
    scope = Scope((Input("q", columns_of(table)),))
    rest = ", ".join(f"{expression(w, scope, column.kind, 1)}" for column in columns[1:])
    return f"insert into {name} select q.id, {rest} from {table.name} as q where {condition(w, scope, 1)}"


def _on_conflict(w: Writer, form: str, columns: Sequence[Column]) -> str:
    if form.endswith("nothing"):
        return "do nothing"
    chosen = columns[1]
    where = f" where excluded.{columns[0].name} > 1" if w.chance(30) else ""
    return f"({columns[0].name}) do update set {chosen.name} = excluded.{chosen.name}{where}"


def _changed(w: Writer) -> list[Statement]:
    """A table, and an UPDATE, DELETE or MERGE of it."""
    source = w.pick(w.tables)
    name, alias = w.fresh("kept"), w.fresh("u")
    columns = columns_of(source)
    made = Statement(f"create table {name} as select * from {source.name}", name)
    other = w.pick(w.tables)
    inside = Scope((Input(name, columns), Input(alias, columns_of(other))))
    alone = Scope((Input(name, columns),))
    target = w.pick([column for column in columns if column.name not in ("id", "k")] or list(columns))
    form = w.pick(("update", "update", "update from", "delete", "delete using", "merge" if NEW else "update from"))
    w.use(form)
    join = _joined(w, inside)
    texts = {
        "update": f"update {name} set {target.name} = {expression(w, alone, target.kind)}"
        + (f" where {condition(w, alone)}" if w.chance(50) else ""),
        "update from": f"update {name} set {target.name} = {leaf(w, replace(inside, inputs=inside.inputs[1:]), target.kind)}"
        f" from {other.name} as {alias} where {join}",
        "delete": f"delete from {name} where {condition(w, alone)}",
        "delete using": f"delete from {name} using {other.name} as {alias} where {join}",
        "merge": f"merge into {name} using {other.name} as {alias} on {join}"
        f" when matched then update set {target.name} = {leaf(w, replace(inside, inputs=inside.inputs[1:]), target.kind)}",
    }
    _keep(w, name, columns)
    return [made, Statement(texts[form], name, in_place=True)]


def _joined(w: Writer, inside: Scope) -> str:
    left, right = inside.inputs
    pairs = [
        f"{left.alias}.{mine.name} = {right.alias}.{theirs.name}"
        for mine in left.columns
        for theirs in right.columns
        if mine.kind == theirs.kind == "int"
    ]
    return w.pick(pairs) if pairs else "true"


class State(Worlds):
    """Worlds whose rows are what a script has made of others."""

    def given(self, rows: dict[tuple[int, str], Rows]) -> State:
        self._rows.update(rows)
        return self


def cases(made: Script, worlds: Worlds, how_many: int = 2) -> Iterator[tuple[Case, Worlds]]:
    """Every statement that carries data, with the state that it finds."""
    made = Script(_running(made.statements, worlds), made.features)
    for number, statement in enumerate(made.statements):
        before = [earlier.sql for earlier in made.statements[:number]]
        state = _state(before, worlds, how_many, statement.target) if statement.target else None
        if state is None:
            continue
        yield (
            Case(
                statement.sql,
                target=None if statement.target == QUERY else statement.target,
                fresh=statement.fresh,
                in_place=statement.in_place,
                script=made.sql,
                job=QUERY if not number else f"{QUERY}#{number + 1}",
                given=tuple(worlds.tables),
            ),
            state,
        )
        state.connection.close()


def _running(statements: Sequence[Statement], worlds: Worlds) -> tuple[Statement, ...]:
    """Those before the first that DuckDB refuses: what is said of columns that are not there says nothing."""
    for number in range(len(statements)):
        runs = False
        with _attempt(worlds, 0) as connection:
            for statement in statements[: number + 1]:
                connection.execute(statement.sql).fetchall()
            runs = True
        if not runs:
            return tuple(statements[:number])
    return tuple(statements)


@contextlib.contextmanager
def _attempt(worlds: Worlds, world: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A transaction that leaves nothing behind; an error ends it quietly."""
    worlds.enter(worlds.variant(world))
    connection = worlds.connection
    connection.execute("begin")
    try:
        yield connection
    except (duckdb.FatalException, duckdb.InternalException):
        worlds.restart()
    except duckdb.Error:
        connection.execute("rollback")
    else:
        connection.execute("rollback")


def _state(before: Sequence[str], worlds: Worlds, how_many: int, target: str) -> State | None:
    """None where the script does not run, or where the data decides which columns a table has: a dynamic PIVOT."""
    rows: dict[tuple[int, str], Rows] = {}
    tables: tuple[Table, ...] = ()
    for world in range(how_many):
        done, before_it = False, tables
        with _attempt(worlds, world) as connection:
            for sql in before:
                connection.execute(sql)
            tables = tuple(_dumped(connection, worlds.database(world), rows, world, target))
            done = True
        if not done or tables != (before_it or tables):
            return None
    return State(tables, worlds.seed).given(rows)


def _dumped(
    connection: duckdb.DuckDBPyConnection, database: str, rows: dict[tuple[int, str], Rows], world: int, target: str
) -> Iterator[Table]:
    listed = connection.execute(
        "select table_name from information_schema.tables where table_catalog in (?, 'temp') order by table_name", [database]
    ).fetchall()
    for (name,) in listed:
        described = connection.execute(f"describe {name}").fetchall()
        columns = tuple((column[0], column[1].lower()) for column in described)
        keys = (column[0] for column in described if column[3] == "PRI" and name == target)
        rows[world, name] = connection.execute(f"select * from {name}").fetchall()
        yield Table(name, columns, unique=(), primary=next(keys, ""))
