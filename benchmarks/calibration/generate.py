"""Random repositories in which everything is said: every column has its qualifier, every table its schema and its columns.

Two families, so that factors fitted to one can be judged on the other. *warehouse*: views and tables made in layers, CTEs,
stars. *scripts*: loads into tables that exist, temporary tables, correlated subqueries, set operations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.calibration.world import World, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random


class Family(NamedTuple):
    """What repositories of a family are written like. Chances are of 1."""

    name: str
    dialect: str
    schemas: tuple[str, ...]
    tables: tuple[str, ...]
    columns: tuple[str, ...]
    star: float  # an input is read through a CTE that is a star
    nested: float  # an input is a CTE or a derived table with a list of its own
    subquery: float
    insert: float
    twin: float  # a table has the name of a table of another schema
    cycle: float


WAREHOUSE = Family(
    "warehouse",
    "snowflake",
    ("raw", "crm", "events"),
    ("orders", "customers", "sessions", "payments", "products", "campaigns", "refunds", "stores"),
    tuple(
        "id customer_id order_id session_id store_id name status created_at updated_at amount currency country email channel "
        "price quantity discount source medium device kind is_active".split()
    ),
    star=0.5,
    nested=0.3,
    subquery=0.15,
    insert=0.1,
    twin=0.15,
    cycle=0.1,
)
SCRIPTS = Family(
    "scripts",
    "postgres",
    ("public", "staging", "dwh"),
    ("claims", "members", "policies", "providers", "invoices", "visits", "branches"),
    tuple(
        "id member_id policy_id provider_id claim_id code label state opened_on closed_on total fee tax region city phone note "
        "premium units rate category valid_from valid_to".split()
    ),
    star=0.2,
    nested=0.25,
    subquery=0.4,
    insert=0.5,
    twin=0.1,
    cycle=0.2,
)


class Table(NamedTuple):
    name: str
    columns: tuple[str, ...]


@dataclass
class Writer:
    """One repository being written."""

    family: Family
    rng: Random
    tables: list[Table] = field(default_factory=list)
    schema: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def chance(self, of: float) -> bool:
        return self.rng.random() < of

    def some(self, items: Sequence[str], least: int, most: int) -> list[str]:
        return self.rng.sample(items, min(len(items), self.rng.randint(least, most)))

    def repository(self, files: int) -> None:
        self._sources()
        for number in range(files):
            self._file(number)
        if self.chance(self.family.cycle):
            self._circle()

    def _sources(self) -> None:
        family = self.family
        for name in self.some(family.tables, 4, 6):
            columns = ("id", *self.some(family.columns[1:], 4, 9))
            schema = self.rng.choice(family.schemas)
            self._source(schema, name, columns)
            if self.chance(family.twin):
                other = self.rng.choice([each for each in family.schemas if each != schema])
                self._source(other, name, ("id", *self.some(family.columns[1:], 4, 9)))

    def _source(self, schema: str, name: str, columns: tuple[str, ...]) -> None:
        self.schema[schema, name] = columns
        self.tables.append(Table(f"{schema}.{name}", columns))

    def _circle(self) -> None:
        """A table that everything is made from is loaded from what was made of it."""
        first, last = self.tables[0], self.tables[-1]
        both = [name for name in first.columns if name in last.columns] or ["id"]
        if "id" in last.columns or both != ["id"]:
            listed = ", ".join(both)
            values = ", ".join(f"back.{name}" for name in both)
            self.texts["99_back.sql"] = f"insert into {first.name} ({listed}) select {values} from {last.name} back;\n"

    def _file(self, number: int) -> None:
        rng = self.rng
        target = f"mart.{rng.choice(('dim', 'fct', 'agg'))}_{rng.choice(self.family.tables)}_{number}"
        if self.chance(0.15) and not self.chance(self.family.insert):
            query, columns = self._union() or self._select()
        else:
            query, columns = self._select()
        path = f"{number:02}_{target.split('.')[1]}.sql"
        if self.chance(self.family.insert):
            self.texts[path] = self._insert(target, query, columns)
        elif self.chance(0.2):
            self.texts[path] = (
                f"create temporary table work_{number} as {query};\ncreate table {target} as select w.* from work_{number} w;\n"
            )
        else:
            self.texts[path] = f"create {rng.choice(('view', 'table'))} {target} as {query};\n"
        if not self.texts[path].startswith("insert"):
            self.tables.append(Table(target, columns))

    def _insert(self, target: str, query: str, columns: tuple[str, ...]) -> str:
        """Into a table that exists; its columns are named like what is selected, or not."""
        names = tuple(dict.fromkeys(name if self.chance(0.8) else f"{name}_in" for name in columns))
        listed = names if len(names) == len(columns) else columns
        self.schema[tuple(target.split("."))] = listed if self.chance(0.5) else (*listed, "loaded_at")
        self.tables.append(Table(target, listed))
        return (
            f"insert into {target} ({', '.join(listed)}) {query};\n" if self.chance(0.6) else f"insert into {target} {query};\n"
        )

    def _union(self) -> tuple[str, tuple[str, ...]] | None:
        first, second = self.rng.sample(self.tables, 2)
        shared = [name for name in first.columns if name in second.columns]
        if not shared:
            return None
        arms = [
            f"select {', '.join(f'{alias}.{name}' for name in shared)} from {table.name} {alias}"
            for alias, table in (("a", first), ("b", second))
        ]
        return " union all ".join(arms), tuple(shared)

    def _select(self) -> tuple[str, tuple[str, ...]]:
        """One SELECT over one to three inputs, each a table, a CTE or a derived table."""
        rng = self.rng
        chosen = rng.sample(self.tables, min(len(self.tables), rng.choice((1, 2, 2, 2, 3))))
        ctes: list[str] = []
        sources: list[tuple[str, tuple[str, ...], str]] = []
        for position, table in enumerate(chosen):
            alias = "tuvw"[position]
            columns, written = self._input(table, alias, ctes)
            sources.append((alias, columns, written))
        items, columns, grouped = self._items(sources)
        text = f"with {', '.join(ctes)} " if ctes else ""
        text += f"select {', '.join(items)} from {sources[0][2]}"
        for before, (alias, names, written) in pairwise(sources):
            left = rng.choice([name for name in before[1] if name.endswith("id")] or list(before[1]))
            right = rng.choice([name for name in names if name.endswith("id")] or list(names))
            text += f" {rng.choice(('join', 'left join'))} {written} on {before[0]}.{left} = {alias}.{right}"
        conditions = [f"{alias}.{rng.choice(names)} is not null" for alias, names, _ in sources if self.chance(0.3)]
        if self.chance(self.family.subquery):
            conditions.append(self._exists(sources))
        text += f" where {' and '.join(conditions)}" if conditions else ""
        text += f" group by {', '.join(grouped)}" if grouped else ""
        return text, columns

    def _input(self, table: Table, alias: str, ctes: list[str]) -> tuple[tuple[str, ...], str]:
        if self.chance(self.family.star):
            ctes.append(f"all_{alias} as (select * from {table.name})")
            return table.columns, f"all_{alias} {alias}"
        if self.chance(self.family.nested):
            kept = self.some(table.columns, 2, 6)
            query = f"select {', '.join(f'q.{name}' for name in kept)} from {table.name} q"
            if self.chance(0.5):
                ctes.append(f"some_{alias} as ({query})")
                return tuple(kept), f"some_{alias} {alias}"
            return tuple(kept), f"({query}) {alias}"
        return table.columns, f"{table.name} {alias}"

    def _items(self, sources: list[tuple[str, tuple[str, ...], str]]) -> tuple[list[str], tuple[str, ...], list[str]]:
        rng = self.rng
        alias, names, _ = sources[0]
        items: dict[str, str] = {}
        if self.chance(0.25):
            items = dict.fromkeys(names, "")
            first = [f"{alias}.*"]
        else:
            first = []
        for alias, names, _ in sources:
            for name in self.some(names, 1, 4):
                shown = name if self.chance(0.8) and name not in items else f"{rng.choice(('new', 'first', 'my'))}_{name}"
                if shown not in items:
                    items[shown] = f"{alias}.{name}" + (f" as {shown}" if shown != name else "")
        grouped: list[str] = []
        if not first and self.chance(0.3):
            grouped = [item.split(" as ")[0] for item in items.values()]
            items["total_value"] = f"sum({alias}.{rng.choice(names)}) as total_value"
        else:
            one, two = rng.choice(sources), rng.choice(sources)
            items.setdefault("mixed", self._expression(one[0], one[1], two[0], two[1]) + " as mixed")
        return [*first, *(item for item in items.values() if item)], tuple(items), grouped

    def _expression(self, one: str, ones: Sequence[str], two: str, twos: Sequence[str]) -> str:
        a, b, c = f"{one}.{self.rng.choice(ones)}", f"{two}.{self.rng.choice(twos)}", f"{two}.{self.rng.choice(twos)}"
        if self.chance(self.family.subquery):
            table = self.rng.choice(self.tables)
            value, key = self.rng.choice(table.columns), self.rng.choice(table.columns)
            return f"(select max(s.{value}) from {table.name} s where s.{key} = {a})"
        return self.rng.choice(
            (
                f"coalesce({a}, {b})",
                f"case when {a} > 0 then {b} else {c} end",
                f"row_number() over (partition by {a} order by {b})",
                f"{a} || {b}",
            )
        )

    def _exists(self, sources: list[tuple[str, tuple[str, ...], str]]) -> str:
        table = self.rng.choice(self.tables)
        alias, names, _ = self.rng.choice(sources)
        inner = f"from {table.name} x where x.{self.rng.choice(table.columns)} = {alias}.{self.rng.choice(names)}"
        if self.chance(0.5):
            return f"exists (select 1 {inner})"
        return f"{alias}.{self.rng.choice(names)} in (select x.{self.rng.choice(table.columns)} {inner})"


def repository(family: Family, rng: Random, files: int = 8) -> World:
    """One random repository of a family."""
    writer = Writer(family, rng)
    writer.repository(files)
    return plain(family.name, writer.texts, family.dialect, writer.schema)
