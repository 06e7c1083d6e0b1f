"""Make a dbt project of n models in the shape that real ones have, to measure with. The same seed gives the same bytes.

python benchmarks/generate.py FOLDER --models 2000 [--seed 1] [--columns 25]

The shape is what benchmarks/shape.py counted over 1,245 models of five public projects (docs/benchmarks.md has the table): how
many parents, readers, columns, layers, CTEs and Jinja tags a model has. SHAPE keeps its deciles; a number is drawn between two
of them. --columns gives every model about so many columns instead. What is drawn is then written as people write it: staging
models rename and cast the columns of one source, others join what they import, filter, number and sum up.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

SHAPE: dict[str, tuple[float, ...]] = {
    "parents": (0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 46),
    "columns": (1, 5, 8, 11, 14, 19, 23, 29, 41, 54.4, 600),
    "layers": (1, 1, 1, 1, 2, 2, 3, 4, 6, 9, 15),
    "relations": (1, 2, 2, 3, 3, 4, 4, 5, 6, 8, 30),
    "tags": (0, 0, 0, 0, 1, 1, 2, 4, 7, 11, 40),
}
CONTROL_FLOW = 0.14  # of the models have an if or a for
DECLARED = 0.5  # of the sources have their columns listed in YAML
DESCRIBED = 0.4  # of the models
A_FOLDER = 60  # files
SQL_TYPES = ("varchar", "integer", "numeric(18, 2)", "timestamp", "date", "boolean")
NOUNS = (
    "account address amount balance batch campaign carrier cart category channel city country coupon course currency customer"
    " device discount district driver email employee event fee invoice item language lead ledger line location margin member"
    " merchant message note order owner package page partner payment period phone plan policy price product project quantity"
    " quarter rate reason refund region rental report return reward risk role route sale score season segment seller session"
    " shift shipment site sku source stage status store subscription supplier tax team term ticket tier total transfer trial"
    " user vendor version visit volume warehouse wave week weight zone"
).split()
ASPECTS = "id name code type status amount count rate total date at day flag group key level rank share source value".split()


@dataclass(slots=True)
class Table:
    """A source or a model, as those that read it see it."""

    name: str
    columns: list[str]
    reference: str  # {{ ref('…') }}
    depth: int = 0
    text: str = ""
    folder: str = ""


@dataclass(slots=True)
class Maker:
    """Draws a project. All chance comes from ``chance``."""

    chance: random.Random
    width: int | None
    tables: list[list[Table]] = field(default_factory=list)  # by depth; sources first
    made: int = 0

    def draw(self, what: str) -> int:
        """A number between two neighbouring deciles of the measured ones; the last tenth leans to its lower end."""
        steps = list(pairwise(SHAPE[what]))
        tenth = self.chance.randrange(len(steps))
        low, high = steps[tenth]
        lean = 4 if tenth == len(steps) - 1 else 1
        return round(low + (high - low) * self.chance.random() ** lean)

    def columns(self) -> int:
        if self.width is not None:
            return max(1, round(self.width * self.chance.uniform(0.8, 1.2)))
        return max(1, self.draw("columns"))

    def names(self, count: int) -> list[str]:
        """Column names, none twice: ``order_id``, ``order_id_2``"""
        found: dict[str, None] = {"id": None}
        while len(found) < count:
            name = f"{self.chance.choice(NOUNS)}_{self.chance.choice(ASPECTS)}"
            found.setdefault(f"{name}_{len(found)}" if name in found else name)
        return list(found)[:count]

    def source(self, number: int) -> Table:
        schema, name = f"raw_{number % 7}", f"{NOUNS[number % len(NOUNS)]}s_{number}"
        width = max(self.columns() for _ in range(3))  # staging models leave columns out
        return Table(name, self.names(width), f"{{{{ source('{schema}', '{name}') }}}}", 0, folder=schema)

    def parents(self, depth: int) -> list[Table]:
        """One of the layer below, so that the depth is what was drawn; the others of any layer, popular ones more often."""
        found = [self.popular(self.tables[depth - 1])]
        for _ in range(max(1, self.draw("parents")) - 1 if depth > 1 else 0):
            candidate = self.popular(self.tables[self.chance.randrange(1, depth)])
            if candidate not in found:
                found.append(candidate)
        return found

    def popular(self, layer: list[Table]) -> Table:
        return layer[int(len(layer) * self.chance.random() ** 2)]

    def model(self, number: int, depth: int) -> Table:
        parents = self.parents(depth)
        kind = "stg" if depth == 1 else "int" if depth < 4 else self.chance.choice(("fct", "dim", "rpt"))
        name = f"{kind}_{self.chance.choice(NOUNS)}_{self.chance.choice(ASPECTS)}_{number}"
        made = Table(name, [], f"{{{{ ref('{name}') }}}}", depth)
        write = Writing(self, made, parents)
        made.text = write.staging() if depth == 1 else write.joining()
        return made


class Writing:
    """The text of one model."""

    def __init__(self, maker: Maker, made: Table, parents: list[Table]) -> None:
        self.chance, self.maker, self.made, self.parents = maker.chance, maker, made, parents
        self.tags = maker.draw("tags")
        self.flows = self.loops = self.chance.random() < CONTROL_FLOW
        self.relations = maker.draw("relations")
        self.wanted = maker.columns()
        self.summed = "1"  # what a loop over some days adds up

    def staging(self) -> str:
        (parent,) = self.parents
        chosen = parent.columns[: self.wanted] if len(parent.columns) > self.wanted else parent.columns
        items = [self.renamed(column) for column in chosen]
        self.summed = chosen[-1]
        body = f"renamed as (\n{self.select(items)}\n    from source{self.incremental(chosen[0])}\n)"
        return self.whole([f"source as (\n    select * from {parent.reference}\n)", body], "renamed")

    def renamed(self, column: str) -> str:
        """id as order_id; cast(x as date) as x; {{ cents('x') }} as x"""
        if column == "id":
            self.made.columns.append(f"{self.made.name.split('_')[1]}_id")
            return f"id as {self.made.columns[-1]}"
        self.made.columns.append(column)
        way = self.chance.random()
        if self.tags > 0 and way < 0.25:
            self.tags -= 1
            return f"{{{{ cents('{column}') }}}} as {column}"
        if way < 0.5:
            return f"cast({column} as {self.chance.choice(SQL_TYPES)}) as {column}"
        if way < 0.65:
            return f"nullif(trim({column}), '') as {column}"
        return column

    def joining(self) -> str:
        ctes = [f"p{number} as (\n    select * from {parent.reference}\n)" for number, parent in enumerate(self.parents)]
        items, origins = self.joined_items()
        joins = "".join(self.join(number, parent) for number, parent in enumerate(self.parents) if number)
        filtered = not self.flows and self.chance.random() < 0.4
        where = f"\n    where p0.{self.chance.choice(self.parents[0].columns)} is not null" if filtered else ""
        ctes.append(f"joined as (\n{self.select(items)}\n    from p0{joins}{where}{self.incremental(f'p0.{origins[0]}')}\n)")
        last = "joined"
        while len(ctes) + 1 < self.relations:
            step = f"step_{len(ctes)}"
            ctes.append(f"{step} as (\n{self.step(last)}\n)")
            last = step
        return self.whole(ctes, last)

    def joined_items(self) -> tuple[list[str], list[str]]:
        """Columns of the parents and what is made of them."""
        items: list[str] = []
        origins: list[str] = []
        pool = [(number, column) for number, parent in enumerate(self.parents) for column in parent.columns]
        self.chance.shuffle(pool)
        pool.sort(key=lambda place: place[0])
        for number, column in pool:
            if len(items) >= self.wanted:
                break
            if column in self.made.columns:
                continue
            self.made.columns.append(column)
            origins.append(column)
            items.append(self.made_of(f"p{number}.{column}", column))
            self.summed = f"p{number}.{column}"
        while len(items) < self.wanted and len(items) < 2 * len(pool):
            number, column = self.chance.choice(pool)
            name = f"{column}_{self.chance.choice(('adjusted', 'band', 'net', 'share'))}_{len(items)}"
            self.made.columns.append(name)
            items.append(f"coalesce(p{number}.{column}, 0) * {self.chance.randrange(2, 99)} / 100.0 as {name}")
        return items, origins

    def made_of(self, column: str, name: str) -> str:
        way = self.chance.random()
        if way < 0.5:
            return column
        if way < 0.65:
            return f"coalesce({column}, 0) as {name}"
        if way < 0.8:
            bound = self.chance.randrange(100)
            whens = f"when {column} > {bound} then 'high'\n            when {column} > 0 then 'low'"
            return f"case\n            {whens}\n        end as {name}"
        if way < 0.85:
            partition = self.chance.choice(self.parents[0].columns)
            return f"sum({column}) over (partition by p0.{partition} order by {column}) as {name}"
        if self.tags > 0 and way < 0.95:
            self.tags -= 1
            return f"{{{{ cents('{column}') }}}} as {name}"
        return f"upper({column}) || '-' || {column} as {name}"

    def join(self, number: int, parent: Table) -> str:
        shared = [column for column in self.parents[0].columns if column in parent.columns]
        left, right = (shared[0], shared[0]) if shared else (self.parents[0].columns[0], parent.columns[0])
        return f"\n    left join p{number}\n        on p0.{left} = p{number}.{right}"

    def step(self, last: str) -> str:
        """One more CTE over the one before, with the same columns."""
        columns = self.made.columns
        way = self.chance.random()
        if way < 0.4:
            return f"    select *\n    from {last}\n    where {self.chance.choice(columns)} is not null"
        if way < 0.7 and len(columns) > 1:
            key = self.chance.choice(columns)
            latest = f"row_number() over (partition by {key} order by {columns[-1]} desc) = 1"
            return f"    select *\n    from {last}\n    qualify {latest}"
        keys = columns[: max(1, len(columns) // 2)]
        sums = [f"sum({column}) as {column}" for column in columns[len(keys) :]]
        groups = ", ".join(str(number) for number in range(1, len(keys) + 1))
        return f"{self.select([*keys, *sums])}\n    from {last}\n    group by {groups}"

    def select(self, items: list[str]) -> str:
        listed = ",\n        ".join(items)
        if self.loops and self.tags > 4:
            self.loops, self.tags = False, self.tags - 4  # once a model
            listed += (
                ",\n        {% for days in [7, 30, 90] %}"
                f"sum(case when {{{{ days }}}} > 7 then {self.summed} end) as last_{{{{ days }}}}_days"
                "{% if not loop.last %}, {% endif %}{% endfor %}"
            )
        return f"    select\n        {listed}"

    def incremental(self, column: str) -> str:
        if not self.flows:
            return ""
        newer = f"{column} > (select max({column.rpartition('.')[2]}) from {{{{ this }}}})"
        return f"\n    {{% if is_incremental() %}}\n    where {newer}\n    {{% endif %}}"

    def whole(self, ctes: list[str], last: str) -> str:
        settings = "{{ config(materialized='" + self.chance.choice(("table", "view", "incremental")) + "') }}\n\n"
        head = settings if self.chance.random() < 0.4 else ""
        note = f"-- {self.made.name}: one row a {self.made.columns[0]}\n" if self.chance.random() < 0.3 else ""
        return f"{head}{note}with {', '.join(ctes)}\n\nselect * from {last}\n"


def generate(folder: Path, models: int, seed: int = 1, columns: int | None = None) -> list[Path]:
    """Write the project. Returns the models' files."""
    maker = Maker(random.Random(seed), columns)
    sources = [maker.source(number) for number in range(max(1, models // 3))]
    maker.tables.append(sources)
    depths = sorted(maker.draw("layers") for _ in range(models))
    files: list[Path] = []
    written: dict[str, list[Table]] = {}
    for number, wanted in enumerate(depths):
        depth = min(wanted, len(maker.tables))
        made = maker.model(number, depth)
        if depth == len(maker.tables):
            maker.tables.append([])
        maker.tables[depth].append(made)
        layer = "staging" if depth == 1 else "intermediate" if depth < 4 else "marts"
        made.folder = f"models/{layer}/area_{number // A_FOLDER}"
        path = folder / made.folder / f"{made.name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made.text, encoding="utf-8")
        files.append(path)
        written.setdefault(made.folder, []).append(made)
    describe(folder, maker, sources, written)
    return files


def describe(folder: Path, maker: Maker, sources: list[Table], written: dict[str, list[Table]]) -> None:
    """The project's settings, its macros, its YAML."""
    (folder / "dbt_project.yml").write_text("name: generated\nversion: 1.0.0\nprofile: generated\n", encoding="utf-8")
    profile = (
        "generated:\n  target: prod\n  outputs:\n    prod: {type: snowflake, account: acme, database: analytics, schema: prod}\n"
    )
    (folder / "profiles.yml").write_text(profile, encoding="utf-8")
    (folder / "macros").mkdir(exist_ok=True)
    cents = "{% macro cents(column) %}({{ column }} / 100)::numeric(16, 2){% endmacro %}\n"
    (folder / "macros" / "cents.sql").write_text(cents, encoding="utf-8")
    by_schema: dict[str, list[Table]] = {}
    for source in sources:
        by_schema.setdefault(source.folder, []).append(source)
    lines = ["version: 2", "sources:"]
    for schema, tables in sorted(by_schema.items()):
        lines += [f"  - name: {schema}", "    tables:"]
        for table in tables:
            lines.append(f"      - name: {table.name}")
            if maker.chance.random() < DECLARED:
                lines += ["        columns:", *(f"          - name: {column}" for column in table.columns)]
    (folder / "models").mkdir(exist_ok=True)
    (folder / "models" / "sources.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for place, tables in sorted(written.items()):
        lines = ["version: 2", "models:"]
        for table in tables:
            if maker.chance.random() < DESCRIBED:
                lines += [f"  - name: {table.name}", f"    description: One row a {table.columns[0]}.", "    columns:"]
                lines += [f"      - name: {table.columns[0]}", "        tests: [not_null, unique]"]
        if len(lines) > 2:
            (folder / place / "schema.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--models", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--columns", type=int)
    given = arguments.parse_args()
    files = generate(given.folder, given.models, given.seed, given.columns)
    print(f"{len(files):,} models, {sum(file.stat().st_size for file in files):,} bytes of SQL in {given.folder}")


if __name__ == "__main__":
    main()
