"""Small warehouses whose every reading is known, because they were made that way, and edits of known effect."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_WORDS = ("select", "from", "where", "join", "on", "and", "as", "with", "create view", "left join")


@dataclass(frozen=True)
class Column:
    """``expression`` has ``{source.column}`` for what it reads."""

    name: str
    expression: str
    reads: tuple[tuple[str, str], ...]  # (source, column)


@dataclass(frozen=True)
class View:
    name: str
    sources: tuple[str, ...]
    columns: tuple[Column, ...]
    filters: tuple[Column, ...] = ()  # each a condition; its name does not matter
    keys: tuple[tuple[tuple[str, str], tuple[str, str]], ...] = ()  # of the join to each source but the first
    star: bool = False  # all columns of its only source, and no others


@dataclass(frozen=True)
class Warehouse:
    tables: dict[str, tuple[str, ...]]
    views: tuple[View, ...] = field(default=())

    def columns(self, name: str) -> tuple[str, ...]:
        if name in self.tables:
            return self.tables[name]
        view = self.view(name)
        return self.columns(view.sources[0]) if view.star else tuple(column.name for column in view.columns)

    def view(self, name: str) -> View:
        return next(view for view in self.views if view.name == name)

    def with_view(self, changed: View) -> Warehouse:
        return replace(self, views=tuple(changed if view.name == changed.name else view for view in self.views))

    def is_read(self, dataset: str, column: str) -> bool:
        """Whether somebody names the column, of the dataset itself or of one that shows it through a star."""
        for view in self.views:
            if dataset not in view.sources:
                continue
            if view.star:
                if self.is_read(view.name, column):
                    return True
                continue
            reads = [read for part in (*view.columns, *view.filters) for read in part.reads]
            if (dataset, column) in [*reads, *(side for key in view.keys for side in key)]:
                return True
        return False


def make(random: Random) -> Warehouse:
    tables = {f"raw_{letter}": tuple(f"{letter}{number}" for number in range(random.randint(3, 6))) for letter in "abc"}
    warehouse = Warehouse(tables)
    for number in range(random.randint(5, 9)):
        warehouse = replace(warehouse, views=(*warehouse.views, _view(f"v{number}", warehouse, random)))
    return warehouse


def _view(name: str, warehouse: Warehouse, random: Random) -> View:
    known = [*warehouse.tables, *(view.name for view in warehouse.views)]
    sources = tuple(random.sample(known[-5:], random.choice((1, 1, 2))))
    if len(sources) == 1 and random.random() < 0.25:
        return View(name, sources, (), star=True)
    columns = [_column(f"{name}_{number}", sources, warehouse, random) for number in range(random.randint(2, 5))]
    filters = [_condition(sources, warehouse, random) for _ in range(random.choice((0, 1, 2)))]
    keys = tuple((_read(sources[0], warehouse, random), _read(other, warehouse, random)) for other in sources[1:])
    return View(name, sources, tuple(columns), tuple(filters), keys)


def _read(source: str, warehouse: Warehouse, random: Random) -> tuple[str, str]:
    return source, random.choice(warehouse.columns(source))


def _column(name: str, sources: tuple[str, ...], warehouse: Warehouse, random: Random) -> Column:
    one, other = (_read(random.choice(sources), warehouse, random) for _ in range(2))
    return random.choice(
        (
            Column(name, f"{{{'.'.join(one)}}}", (one,)),
            Column(name, f"{{{'.'.join(one)}}} - {{{'.'.join(other)}}}", (one, other)),
            Column(name, f"coalesce({{{'.'.join(one)}}}, 0)", (one,)),
            Column(name, f"case when {{{'.'.join(one)}}} > 3 then {{{'.'.join(other)}}} end", (one, other)),
        )
    )


def _condition(sources: tuple[str, ...], warehouse: Warehouse, random: Random) -> Column:
    one = _read(random.choice(sources), warehouse, random)
    return Column("", f"{{{'.'.join(one)}}} > {random.randint(0, 99)}", (one,))


@dataclass(frozen=True)
class Style:
    """How one and the same warehouse is written."""

    seed: int

    def write(self, warehouse: Warehouse, random: Random) -> str:
        tables = [
            f"create table {name} ({', '.join(f'{column} int' for column in columns)});"
            for name, columns in warehouse.tables.items()
        ]
        return "\n".join([*tables, *(self._view(view, random) for view in warehouse.views)])

    def _view(self, view: View, random: Random) -> str:
        upper, imported, comment = (random.random() < 0.5 for _ in range(3))
        aliases = {source: f"{random.choice('pqrstxyz')}{number}" for number, source in enumerate(view.sources)}
        star = f"select * from {view.sources[0]}"
        body = star if view.star else self._select(view, aliases, random, imported=imported)
        text = f"create view {view.name} as {body};"
        if comment:
            text = text.replace(" from ", f" -- {random.choice(('note', 'why', 'see'))} the docs\n from ", 1)
        if upper:
            for word in sorted(_WORDS, key=len, reverse=True):
                text = text.replace(f"{word} ", f"{word.upper()} ")
        return text if random.random() < 0.5 else text.replace(", ", ",\n    ")

    @staticmethod
    def _select(view: View, aliases: dict[str, str], random: Random, *, imported: bool) -> str:
        def filled(column: Column) -> str:
            text = column.expression
            for source, name in column.reads:
                text = text.replace(f"{{{source}.{name}}}", f"{aliases[source]}.{name}")
            return text

        def wrapped(text: str) -> str:
            return f"({text})" if random.random() < 0.3 else text

        names = {source: f"import_{source}" if imported else source for source in view.sources}
        ctes = [f"import_{source} as (select * from {source})" for source in view.sources] if imported else []
        random.shuffle(ctes)
        items = ", ".join(f"{filled(column)} as {column.name}" for column in view.columns)
        first, *others = view.sources
        tables = f"{names[first]} as {aliases[first]}"
        for source, (one, other) in zip(others, view.keys, strict=True):
            sides = [f"{aliases[one[0]]}.{one[1]}", f"{aliases[other[0]]}.{other[1]}"]
            random.shuffle(sides)
            tables += f" join {names[source]} as {aliases[source]} on {sides[0]} = {sides[1]}"
        conditions = [wrapped(filled(each)) for each in view.filters]
        random.shuffle(conditions)
        where = f" where {' and '.join(conditions)}" if conditions else ""
        return f"{'with ' + ', '.join(ctes) + ' ' if ctes else ''}select {items} from {tables}{where}"


@dataclass(frozen=True)
class Edit:
    """``breaks``: whether a reader fails. ``kinds``: what has to be reported of the edited view, if anything is known of it."""

    what: str
    after: Warehouse
    breaks: bool = False
    review: bool = False
    subject: str = ""
    kind: str = ""


def edits(warehouse: Warehouse, random: Random) -> list[Edit]:
    """One of each kind, of a view and a column that chance picks."""
    view = random.choice([view for view in warehouse.views if not view.star and len(view.columns) > 1] or [warehouse.views[0]])
    found = [Edit("restyle", warehouse)]
    if view.star:
        return found
    column = random.choice(view.columns)
    others = tuple(each for each in view.columns if each is not column)
    read = warehouse.is_read(view.name, column.name)
    place = f"{view.name}.{column.name}"
    found.append(Edit("drop", warehouse.with_view(replace(view, columns=others)), read, subject=place, kind="removed"))
    renamed = tuple(replace(each, name="renamed") if each is column else each for each in view.columns)
    found.append(Edit("rename", warehouse.with_view(replace(view, columns=renamed)), read, subject=f"{view.name}.renamed"))
    other = replace(column, expression=f"{column.expression} + 7")
    redefined = tuple(other if each is column else each for each in view.columns)
    found.append(
        Edit("redefine", warehouse.with_view(replace(view, columns=redefined)), review=True, subject=place, kind="redefined")
    )
    more = (*view.filters, _condition(view.sources, warehouse, random))
    found.append(
        Edit("filter", warehouse.with_view(replace(view, filters=more)), review=True, subject=view.name, kind="rows_changed")
    )
    fresh = (*view.columns, Column("fresh", column.expression, column.reads))
    found.append(Edit("add", warehouse.with_view(replace(view, columns=fresh)), subject=f"{view.name}.fresh", kind="added"))
    shuffled = list(view.columns)
    random.shuffle(shuffled)
    found.append(Edit("reorder", warehouse.with_view(replace(view, columns=tuple(shuffled)))))
    table = random.choice(list(warehouse.tables))
    gone = random.choice(warehouse.tables[table])
    left = {**warehouse.tables, table: tuple(name for name in warehouse.tables[table] if name != gone)}
    found.append(
        Edit(
            "drop in DDL",
            replace(warehouse, tables=left),
            warehouse.is_read(table, gone),
            subject=f"{table}.{gone}",
            kind="removed",
        )
    )
    return found
