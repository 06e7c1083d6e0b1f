"""What every part of the query generator shares: chance, names, and which columns are in sight where."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from worlds import Table

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

T = TypeVar("T")

TYPES = {
    "int": "integer",
    "text": "varchar",
    "bool": "boolean",
    "date": "date",
    "ints": "integer[]",
    "struct": "struct(x integer, y varchar)",
}
POOL = {
    "a": "int",
    "b": "int",
    "n": "int",
    "t": "text",
    "u": "text",
    "w": "text",
    "f": "bool",
    "d": "date",
    "xs": "ints",
    "s": "struct",
}
"""A name means one type in all tables, so that USING, NATURAL and BY NAME fit."""
SCALARS = ("int", "text", "bool", "date")


class Column(NamedTuple):
    name: str
    kind: str


@dataclass(frozen=True)
class Input:
    """An item of FROM. ``merged``: columns of a USING or NATURAL join that have no qualifier to choose by."""

    alias: str
    columns: tuple[Column, ...]
    visible: bool = True
    merged: frozenset[str] = frozenset()
    key: str = ""  # its unique column, where every row of it is one row of a table


@dataclass(frozen=True)
class Scope:
    inputs: tuple[Input, ...] = ()
    outer: Scope | None = None
    aliases: tuple[Column, ...] = ()  # of the SELECT list so far

    def names(self, name: str) -> int:
        return sum(column.name == name for item in self.inputs for column in item.columns)


class Query(NamedTuple):
    sql: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...] = ()


@dataclass
class Writer:
    """Draws one query. ``features`` collects the names of the constructs that were used."""

    rng: random.Random
    tables: Sequence[Table]
    ctes: dict[str, tuple[Column, ...]] = field(default_factory=dict)
    before: list[str] = field(default_factory=list)  # the macros that the query may call, as statements before it
    macros: list[str] = field(default_factory=list)
    table_macros: list[tuple[str, tuple[Column, ...]]] = field(default_factory=list)
    features: set[str] = field(default_factory=set)
    counter: int = 0

    def pick(self, items: Sequence[T]) -> T:
        return items[self.rng.randrange(len(items))]

    def chance(self, percent: int) -> bool:
        """False is the simpler answer, and 0 the smaller number."""
        return self.rng.randrange(100) >= 100 - percent

    def some(self, items: Sequence[T], most: int, least: int = 1) -> list[T]:
        """A few of ``items`` in their order."""
        count = min(len(items), least + self.rng.randrange(most - least + 1))
        chosen = sorted(self.rng.sample(range(len(items)), count))
        return [items[index] for index in chosen]

    def fresh(self, letter: str = "c") -> str:
        self.counter += 1
        return f"{letter}{self.counter}"

    def use(self, feature: str) -> None:
        self.features.add(feature)

    def kind(self, scope: Scope, kinds: Sequence[str] = tuple(TYPES)) -> str:
        """A type of which there is a column in sight, if there is any."""
        here = [column.kind for item in scope.inputs if item.visible for column in item.columns if column.kind in kinds]
        return self.pick(here or list(kinds))

    def reference(self, scope: Scope, kind: str, *, correlated: bool = True) -> str | None:
        """A column of that type that is in sight, qualified where it must be and sometimes where it need not."""
        found = [
            (item, column)
            for item in scope.inputs
            if item.visible
            for column in item.columns
            if column.kind == kind and column.name not in item.merged
        ]
        if scope.outer is not None and correlated and (not found or self.chance(30)):
            above = self.reference(replace(scope.outer, outer=None), kind)
            if above is not None and "." in above:
                return above
        if not found:
            return None
        item, column = self.pick(found)
        shadows = any(column.name == alias.name for alias in scope.aliases)
        hidden = scope.outer is not None
        if item.alias and (scope.names(column.name) > 1 or hidden or shadows or self.chance(50)):
            return f"{item.alias}.{column.name}"
        return column.name if scope.names(column.name) == 1 else None


def random_tables(rng: random.Random) -> tuple[Table, ...]:
    """Three tables with an id and a key each, and a few columns more."""
    tables = []
    for name in ("orders", "items", "events")[: 2 + rng.randrange(2)]:
        chosen = sorted(rng.sample(sorted(POOL), 3 + rng.randrange(3)))
        columns = [("id", "integer"), ("k", "integer"), *((column, TYPES[POOL[column]]) for column in chosen)]
        tables.append(Table(name, tuple(columns)))
    return tuple(tables)


def columns_of(table: Table) -> tuple[Column, ...]:
    kinds = {kind: name for name, kind in TYPES.items()}
    return tuple(Column(name, kinds[kind]) for name, kind in table.columns)
