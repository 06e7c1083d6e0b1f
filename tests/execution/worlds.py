"""Small tables with trouble in them, and each of their columns changed in several ways, ready in DuckDB.

A *world* is one filling of all tables, in a database of its own. A *variant* of it has some columns changed: a changed table
is a database of its own too, and stands before the world in ``search_path``, so that asking a query again costs that setting
and the query.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Rows = list[tuple[Any, ...]]
PATIENCE = 2.0  # seconds
KINDS = ("null", "apart", "equal", "replace", "permute", "one")  # what shows most comes first
SILENT = ("replace", "null")  # for columns that we say do not matter at all
UNIQUE = ("id",)
HIDDEN = frozenset({"rowid"})  # every table has it, and nobody can change it


@dataclass(frozen=True)
class Table:
    """``domains``: values that a query compares a column with, so that conditions are sometimes true; one that stands there
    twice is taken twice as often. ``nulls``: the share of NULLs in a column.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    domains: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    unique: tuple[str, ...] = UNIQUE
    primary: str = ""
    nulls: float = 0.15

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.columns]


def literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"'{key}': {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (int, float)):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def value_of(kind: str, rng: random.Random, domain: tuple[Any, ...] = (), *, apart: bool = False) -> Any:
    """A value of a type: few different ones, so that rows meet; ``apart``: one that no condition expects."""
    kind = kind.lower()
    if kind.endswith("[]"):
        return [value_of(kind[:-2], rng, domain, apart=apart) for _ in range(rng.randrange(4))]
    if kind.startswith("struct"):
        return {name: value_of(inner, rng, apart=apart) for name, inner in fields_of(kind)}
    if domain and not apart:
        return rng.choice(domain)
    if kind.startswith(("int", "bigint", "smallint", "tinyint", "hugeint", "utinyint", "uinteger")):
        return rng.randrange(50, 90) if apart else rng.randrange(5)
    if kind.startswith(("decimal", "numeric", "double", "float", "real")):
        return rng.randrange(50, 90) if apart else rng.randrange(4)
    if kind.startswith("bool"):
        return rng.random() < 0.5
    if kind.startswith("date"):
        return dt.date(2024 if not apart else 1990, rng.randrange(1, 13) if apart else 1, rng.randrange(1, 6))
    if kind.startswith("timestamp"):
        return dt.datetime(2024, 1, rng.randrange(1, 6), rng.randrange(24))  # noqa: DTZ001
    if kind.startswith("time"):
        return dt.time(rng.randrange(24))
    return rng.choice("pqrstuvw") * 3 if apart else rng.choice(("a", "b", "c", "ab", "A"))


def fields_of(kind: str) -> list[tuple[str, str]]:
    """struct(x integer, y varchar)"""
    return [tuple(part.split()) for part in kind[kind.index("(") + 1 : -1].split(", ")]  # type: ignore[misc]


def fill(table: Table, rng: random.Random, size: int) -> Rows:
    domains = dict(table.domains)
    rows: Rows = []
    for number in range(size):
        row = []
        for name, kind in table.columns:
            if name in table.unique:
                row.append(_nth(kind, number + 1))
            else:
                row.append(None if rng.random() < table.nulls else value_of(kind, rng, domains.get(name, ())))
        rows.append(tuple(row))
    if rows and not table.unique:
        rows.append(rng.choice(rows))
    elif rows:  # the same row twice but for what is unique
        twin = list(rng.choice(rows))
        for name in table.unique:
            place = table.names.index(name)
            twin[place] = _nth(table.columns[place][1], size + 1)
        rows.append(tuple(twin))
    return rows


def _nth(kind: str, number: int) -> Any:
    if kind.startswith("date"):
        return dt.date(2024, 1, 1) + dt.timedelta(days=number)
    return f"{number:03}" if kind == "varchar" else number


def perturbed(table: Table, rows: Rows, column: str, how: str, rng: random.Random) -> Rows:
    """``rows`` with other values in one column."""
    place = table.names.index(column)
    kind = table.columns[place][1]
    domain = dict(table.domains).get(column, ())
    values = [row[place] for row in rows]
    if how == "replace":
        values = [value_of(kind, rng, domain) for _ in rows]
    elif how == "one" and rows:
        chosen = rng.randrange(len(rows))
        fresh = (value_of(kind, rng, domain) for _ in range(20))
        values[chosen] = next((value for value in fresh if value != values[chosen]), None)
    elif how == "permute":
        rng.shuffle(values)
    elif how == "null":
        values = [None] * len(rows)
    elif how == "equal":
        values = [value_of(kind, rng, domain)] * len(rows)
    elif how == "apart":
        values = [value_of(kind, rng, domain, apart=True) for _ in rows]
    return [(*row[:place], value, *row[place + 1 :]) for row, value in zip(rows, values, strict=True)]


class _Limit:
    """One thread that looks twice a second whether a query has been running for too long."""

    def __init__(self) -> None:
        self.running: duckdb.DuckDBPyConnection | None = None
        self.since = 0.0
        self.watch: threading.Thread | None = None

    @contextlib.contextmanager
    def over(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        if self.watch is None:
            self.watch = threading.Thread(target=self._look, daemon=True)
            self.watch.start()
        self.since = time.monotonic()
        self.running = connection
        try:
            yield
        finally:
            self.running = None

    def _look(self) -> None:
        while True:
            time.sleep(PATIENCE / 4)
            running = self.running
            if running is not None and time.monotonic() - self.since > PATIENCE:
                running.interrupt()


_LIMIT = _Limit()


@dataclass
class Worlds:
    """All tables of one schema in one connection, with as many fillings as are asked for."""

    tables: tuple[Table, ...]
    seed: int = 0
    size: int = 7
    connection: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)
    _rows: dict[tuple[int, str], Rows] = field(default_factory=dict)
    _databases: dict[Any, str] = field(default_factory=dict)
    _made: int = 0

    def __post_init__(self) -> None:
        self.connection.execute("set threads = 1")

    def restart(self) -> None:
        """A query that DuckDB cannot plan may leave the whole instance unusable."""
        self.connection.close()
        self.connection = duckdb.connect()
        self.connection.execute("set threads = 1")
        self._databases.clear()

    def enter(self, path: str) -> None:
        """From here on a table's name means the first of that name in the databases of ``path``."""
        self.connection.execute(f"set search_path = '{path}'")

    def ask(self, sql: str) -> tuple[tuple[str, ...], Rows]:
        """Column names and rows. A recursion that does not end is ended."""
        with _LIMIT.over(self.connection):
            result = self.connection.execute(sql)
            return tuple(item[0] for item in result.description or ()), result.fetchall()

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)

    @property
    def sources(self) -> list[tuple[str, str]]:
        return [(table.name, column) for table in self.tables for column in table.names]

    def rows(self, world: int, table: str) -> Rows:
        if (world, table) not in self._rows:
            rng = random.Random(f"{self.seed} {world} {table}")
            size = self.size if world % 3 else self.size + 3
            self._rows[world, table] = fill(self.table(table), rng, size)
        return self._rows[world, table]

    def database(self, world: int) -> str:
        """The database that holds a world as it is."""
        if world not in self._databases:
            self._databases[world] = self._load({table.name: self.rows(world, table.name) for table in self.tables})
        return self._databases[world]

    def variant(self, world: int, changed: Iterable[tuple[str, str]] = (), how: str = "") -> str:
        """The path to a world whose columns ``changed`` are others: before it stand databases of the changed tables alone."""
        columns: dict[str, tuple[str, ...]] = {}
        for table, column in changed:
            columns[table] = (*columns.get(table, ()), column)
        databases = []
        for table, names in columns.items():
            key = (world, table, names, how)
            if key not in self._databases:
                self._databases[key] = self._load({table: self.changed(world, table, names, how)})
            databases.append(self._databases[key])
        return self._path([*databases, self.database(world)])

    def changed(self, world: int, table: str, columns: Iterable[str], how: str) -> Rows:
        rows = self.rows(world, table)
        for column in columns:
            rng = random.Random(f"{self.seed} {world} {(table, column)} {how}")
            rows = perturbed(self.table(table), rows, column, how, rng)
        return rows

    @contextlib.contextmanager
    def temporary(self, tables: dict[str, Rows]) -> Iterator[str]:
        """The path to a database that is used once."""
        name = self._load(tables)
        connection = self.connection
        yield self._path([name])
        if connection is self.connection:  # which it is not after a restart
            self.enter("memory.main")
            connection.execute(f"detach {name}")

    def _path(self, databases: Iterable[str]) -> str:
        """``raw.orders`` is looked for where a schema of that name is on the path."""
        schemas = dict.fromkeys((*(table.name.rpartition(".")[0] for table in self.tables), "main"))
        return ",".join(f"{database}.{schema}" for database in databases for schema in schemas if schema)

    def _load(self, filled: dict[str, Rows]) -> str:
        run = self.connection.execute
        self._made += 1
        database = f"filling{self._made}"
        run(f"attach ':memory:' as {database}")
        for name in {table.name for table in self.tables}:
            if "." in name:
                run(f"create schema if not exists {database}.{name.rpartition('.')[0]}")
        for table_name, rows in filled.items():
            table = self.table(table_name)
            columns = ", ".join(
                f'"{name}" {kind}{" primary key" if name == table.primary else ""}' for name, kind in table.columns
            )
            run(f"create table {database}.{'' if '.' in table_name else 'main.'}{table_name} ({columns})")
            if rows:
                values = ", ".join("(" + ", ".join(literal(value) for value in row) + ")" for row in rows)
                run(f"insert into {database}.{'' if '.' in table_name else 'main.'}{table_name} values {values}")
        return database
