"""Asks DuckDB what lineage claims: change one column, see what changes in the answer.

What can be decided by it, and what cannot
------------------------------------------
``C(s)`` are the outputs that have a column edge from source column ``s``; ``R`` the sources that have a row edge. One
source column ``s`` is changed, everything else stays.

1. ``s`` in neither: nothing may change. The answer is compared as a bag of rows, since SQL promises no order.
2. ``s`` not in ``R``: the rows are the same rows, so their number, and the bag of what is left of them without ``C(s)``,
   must stay. If the number changed, a row edge is missing; else the outputs whose own values changed lack a column edge; if
   none of them changed alone, values moved between rows, and one of the two is missing.
3. ``s`` in ``R``: other rows may flow into anything, into an aggregate too (``select sum(a) from t where b``: b decides which
   rows are summed), so the row edge explains any change. Only where an answer shows which rows it is made of is more
   known: a generated query that neither groups nor ranks and lists the unique key of every input has ``keys``, and where the
   same keys stand in both answers, an output outside ``C(s)`` must have the same value there.
4. A table without an edge: a row less, a row twice, or no row at all must change nothing.
5. A statement that changes rows in place (UPDATE, MERGE, ON CONFLICT, DELETE) keeps its target's rows what they are: the
   target's own columns have no row edges by our convention, so for them there is nothing to compare.

An answer that changes when the *same* rows are stored in another order is no function of the data (``limit`` among equals,
``row_number`` over ties, ``first``): whatever is found on such data is not counted, only its number.

An edge *matters* once its output's values changed; it matters *for sure* if they changed while the rest of the answer stayed,
so that no row edge of the same source explains it. A row edge matters once rows changed that no column edge explains. What
never matters over many worlds is a suspect, and ``suspects.py`` says why it may be so.
"""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb
from worlds import KINDS, Rows, Table

from sqllineage_scan import analyze_sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from worlds import Worlds

Source = tuple[str, str]
QUERY = "<query>"


@dataclass(frozen=True)
class Case:
    """One statement. ``target``: what it writes, None for a query. ``fresh``: only rows it adds are its own (INSERT)."""

    sql: str
    dialect: str = "duckdb"
    keys: tuple[str, ...] = ()
    target: str | None = None
    fresh: bool = False
    in_place: bool = False
    ordered: bool = False  # the order in which rows are stored is data to it: POSITIONAL JOIN
    script: str = ""  # the whole text that the statement is a part of, its job there, and the tables known before it
    job: str = QUERY
    given: tuple[Table, ...] = ()


class Answer(NamedTuple):
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class Missed(NamedTuple):
    """``output`` "" where a row edge is missing, ``*`` where values moved between rows."""

    what: str
    source: str
    output: str
    world: int
    how: str

    def __str__(self) -> str:
        return f"{self.what}: {self.source} -> {self.output or QUERY} (world {self.world}, {self.how})"


@dataclass
class Edges:
    columns: dict[Source, set[str]] = field(default_factory=dict)
    rows: dict[Source, set[str]] = field(default_factory=dict)
    datasets: set[str] = field(default_factory=set)
    outputs: list[str] = field(default_factory=list)
    expressions: dict[tuple[Source, str], tuple[str, str]] = field(default_factory=dict)


@dataclass
class Outcome:
    case: Case
    refused: str = ""
    missed: list[Missed] = field(default_factory=list)
    edges: Edges = field(default_factory=Edges)
    seen: set[tuple[Source, str]] = field(default_factory=set)  # output "" for row edges
    sure: set[tuple[Source, str]] = field(default_factory=set)
    undetermined: int = 0
    answers: set[Answer] = field(default_factory=set)
    runs: int = 0

    @property
    def claimed(self) -> set[tuple[Source, str]]:
        """All edges, as (source, output); row edges with the output ""."""
        found = {(source, output) for source, outputs in self.edges.columns.items() for output in outputs}
        return found | {(source, "") for source in self.edges.rows}

    @property
    def suspects(self) -> set[tuple[Source, str]]:
        return self.claimed - self.seen


def edges_of(case: Case, schema: Mapping[str, Mapping[str, str]]) -> Edges:
    """What we say: the edges of the case's own job, their sources as columns of the schema's tables."""
    document = analyze_sql(case.script or case.sql, dialect=case.dialect, schema=schema).to_dict()
    target = case.target or QUERY
    found = Edges()
    for edge in document["column_edges"]:
        if edge["job"] == case.job and edge["target"]["dataset"] == target:
            source, output = _source(edge["source"]), edge["target"]["column"]
            found.columns.setdefault(source, set()).add(output)
            found.expressions[source, output] = (edge["subtype"], edge["expression"])
    for edge in document["row_edges"]:
        if edge["job"] == case.job and edge["target"] == target:
            found.rows.setdefault(_source(edge["source"]), set()).add(edge["subtype"])
    found.datasets = {
        edge["source"] for edge in document["dataset_edges"] if edge["job"] == case.job and edge["target"] == target
    }
    dataset = next((item for item in document["datasets"] if item["id"] == target), None)
    found.outputs = [column["name"] for column in dataset.get("columns") or ()] if dataset else []
    return found


def _source(end: Mapping[str, str]) -> Source:
    return end["dataset"], end["column"].split(".")[0]


def frozen(value: Any) -> Any:
    """A value that can be compared and hashed."""
    if isinstance(value, list):
        return ("list", *(frozen(item) for item in value))
    if isinstance(value, dict):
        return ("struct", *((key, frozen(item)) for key, item in value.items()))
    if isinstance(value, float):
        return round(value, 9)
    return value


class Oracle:
    """One case against one schema's worlds."""

    def __init__(self, case: Case, worlds: Worlds) -> None:
        self.case = case
        self.worlds = worlds
        self.outcome = Outcome(case)
        self.places: list[str] = []  # our name of each column of DuckDB's answer
        self.error = ""
        self.broken = False  # DuckDB fell over it: nothing more is asked
        self._originals: dict[int, Answer | None] = {}

    def check(self, *, patience: int = 6) -> Outcome:
        """``patience``: how many worlds more to try for edges that have not mattered yet."""
        outcome = self.outcome
        if self.original(0) is None:
            outcome.refused = self.error
            return outcome
        outcome.edges = edges_of(self.case, {table.name: dict(table.columns) for table in self.case.given or self.worlds.tables})
        for source, _ in sorted(outcome.claimed):
            if source not in self.worlds.sources:
                outcome.missed.append(Missed("invented", ".".join(source), "", 0, ""))
        if not self._columns_agree():
            return outcome
        for world, kinds in ((0, KINDS), (1, KINDS[:4])):
            for source in self.edged:
                for how in kinds:
                    self.compare(world, source, how)
            self.silent(world)
            if outcome.missed:
                return outcome
        self._wait_for_suspects(patience)
        return outcome

    def _wait_for_suspects(self, patience: int) -> None:
        for world in range(2, 2 + patience):
            waiting = {source for source, _ in self.outcome.suspects} & set(self.worlds.sources)
            for source in sorted(waiting):
                for how in KINDS:
                    self.compare(world, source, how)

    @property
    def edged(self) -> list[Source]:
        edges = self.outcome.edges
        return [source for source in self.worlds.sources if source in edges.columns or source in edges.rows]

    # Running

    def answer(self, database: str) -> Answer | None:
        """The answer there; None if DuckDB refuses: a cast that fails, a scalar subquery of two rows."""
        if self.broken:
            return None
        connection, case = self.worlds.connection, self.case
        self.outcome.runs += 1
        connection.execute(f"use {database}")
        try:
            if case.target is None:
                return _fetched(connection.execute(case.sql))
            return self._written(connection)
        except duckdb.Error as error:
            self.error = str(error).splitlines()[0]
            if isinstance(error, (duckdb.FatalException, duckdb.InternalException)):
                self.broken = True
                self.worlds.restart()
            return None

    def _written(self, connection: duckdb.DuckDBPyConnection) -> Answer:
        case = self.case
        connection.execute("begin")
        try:
            before = _fetched(connection.execute(f"select * from {case.target}")) if case.fresh else None
            connection.execute(case.sql)
            after = _fetched(connection.execute(f"select * from {case.target}"))
        finally:
            with contextlib.suppress(duckdb.Error):
                connection.execute("rollback")
        if before is None:
            return after
        return Answer(after.columns, tuple((Counter(after.rows) - Counter(before.rows)).elements()))

    def original(self, world: int) -> Answer | None:
        if world not in self._originals:
            self._originals[world] = None if self.broken else self.answer(self.worlds.variant(world))
            if self._originals[world] is not None:
                self.outcome.answers.add(self._originals[world])
        return self._originals[world]

    def _columns_agree(self) -> bool:
        """Whether DuckDB's columns are ours; of several with one name we keep one."""
        names = list(dict.fromkeys(name.lower() for name in self._originals[0].columns))
        ours = self.outcome.edges.outputs
        agree = len(names) == len(ours) and all(
            theirs == our or not theirs.isidentifier() or our.startswith("_col_") or not our.isidentifier()
            for theirs, our in zip(names, ours, strict=True)
        )
        if agree:
            self.places = [ours[names.index(name.lower())] for name in self._originals[0].columns]
        else:
            self.outcome.missed.append(Missed("columns", " ".join(ours), " ".join(names), 0, ""))
        return agree

    # Comparing

    def compare(self, world: int, source: Source, how: str) -> None:
        """Change one column in one way and take down what it shows."""
        before = self.original(world)
        if before is None:
            return
        after = None if self.broken else self.answer(self.worlds.variant(world, source, how))
        if after is None or after == before:
            return
        self.outcome.answers.add(after)
        self._take_down(before, after, source)
        missed = self._missed(before, after, source)
        if missed and self._determined(world, {source[0]: self.worlds.changed(world, source, how)}):
            for what, output in missed:
                self.outcome.missed.append(Missed(what, ".".join(source), output, world, how))

    def _missed(self, before: Answer, after: Answer, source: Source) -> list[tuple[str, str]]:
        edges = self.outcome.edges
        affected = edges.columns.get(source, set())
        if source in edges.rows or (self.case.in_place and source[0] == self.case.target):
            if affected & set(self.case.keys):
                return []  # the key itself was changed: the same key stands for another row
            return [("value", output) for output in sorted(self._same_keys_differ(before, after) - affected)]
        if len(before.rows) != len(after.rows):
            return [("rows", "")]
        rest = [place for place, name in enumerate(self.places) if name not in affected]
        if _bag(before, rest) == _bag(after, rest):
            return []
        alone = {self.places[place] for place in rest if _bag(before, [place]) != _bag(after, [place])}
        return [("value", output) for output in sorted(alone)] or [("moved", "*")]

    def _same_keys_differ(self, before: Answer, after: Answer) -> set[str]:
        """Outputs that differ on rows that are the same by their keys."""
        if not self.case.keys:
            return set()
        keys = [self.places.index(key) for key in self.case.keys]
        sides = []
        for answer in (before, after):
            rows: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
            for row in answer.rows:
                rows.setdefault(tuple(row[place] for place in keys), []).append(row)
            sides.append({key: found[0] for key, found in rows.items() if len(found) == 1})
        return {
            self.places[place]
            for key, row in sides[0].items()
            if key in sides[1]
            for place, value in enumerate(row)
            if sides[1][key][place] != value and self.places[place] not in self.case.keys
        }

    def _take_down(self, before: Answer, after: Answer, source: Source) -> None:
        edges, outcome = self.outcome.edges, self.outcome
        affected = edges.columns.get(source, set())
        rest = [place for place, name in enumerate(self.places) if name not in affected]
        stayed = len(before.rows) == len(after.rows) and _bag(before, rest) == _bag(after, rest)
        for place, name in enumerate(self.places):
            if name in affected and (source, name) not in outcome.sure and _bag(before, [place]) != _bag(after, [place]):
                outcome.seen.add((source, name))
                if stayed:
                    outcome.sure.add((source, name))
        if source in edges.rows and (not stayed or not rest):
            outcome.seen.add((source, ""))

    def _determined(self, world: int, changed: dict[str, Rows]) -> bool:
        """Whether both answers are functions of the data: the same when the same rows are stored in other orders."""
        if self.case.ordered:
            return True
        for tables in ({}, changed):
            base = {table.name: self.worlds.rows(world, table.name) for table in self.worlds.tables} | tables
            answers = set()
            for turn in range(0 if self.broken else 7):
                shuffled = {name: random.Random(f"{turn} {name}").sample(rows, len(rows)) for name, rows in base.items()}
                database = self.worlds.temporary(shuffled if turn else base)
                found = self.answer(database)
                self._drop(database)
                if self.broken:
                    return False
                answers.add(found and frozenset(Counter(found.rows).items()))
            if len(answers) > 1:
                self.outcome.undetermined += 1
                return False
        return True

    # What has no edge

    def silent(self, world: int) -> None:
        """Columns and tables that we say do not matter: all of them changed at once, and one by one if that shows."""
        before = self.original(world)
        text = self.case.sql.lower()
        edged = set(self.edged)
        quiet = [
            source
            for source in self.worlds.sources
            if source not in edged
            and source[0].split(".")[-1].lower() in text
            and not (self.case.in_place and source[0] == self.case.target)
        ]
        if before is None or not quiet:
            return
        for how in ("replace", "null"):
            tables = {table.name: self.worlds.rows(world, table.name) for table in self.worlds.tables}
            for source in quiet:
                place = self.worlds.table(source[0]).names.index(source[1])
                fresh = self.worlds.changed(world, source, how)
                rows = zip(tables[source[0]], fresh, strict=True)
                tables[source[0]] = [(*row[:place], new[place], *row[place + 1 :]) for row, new in rows]
            if self._differs(before, tables):
                for source in quiet:
                    for each in KINDS:
                        self.compare(world, source, each)
        self._unread_tables(world, before, text)

    def _unread_tables(self, world: int, before: Answer, text: str) -> None:
        for table in self.worlds.tables:
            if table.name in self.outcome.edges.datasets or table.name.split(".")[-1].lower() not in text:
                continue
            if table.name == self.case.target:
                continue
            base = {other.name: self.worlds.rows(world, other.name) for other in self.worlds.tables}
            rows = base[table.name]
            for how, fewer in (("a row less", rows[1:]), ("a row twice", [*rows, *rows[:1]]), ("no rows", [])):
                changed = {table.name: fewer}
                if self._differs(before, base | changed) and self._determined(world, changed):
                    self.outcome.missed.append(Missed("table", table.name, "", world, how))

    def _drop(self, database: str) -> None:
        if not self.broken:
            self.worlds.drop(database)

    def _differs(self, before: Answer, tables: dict[str, Rows]) -> bool:
        if self.broken:
            return False
        database = self.worlds.temporary(tables)
        after = self.answer(database)
        self._drop(database)
        return after is not None and Counter(after.rows) != Counter(before.rows)


def _fetched(result: duckdb.DuckDBPyConnection) -> Answer:
    columns = tuple(item[0] for item in result.description or ())
    rows = (tuple(frozen(value) for value in row) for row in result.fetchall())
    return Answer(columns, tuple(rows))


def _bag(answer: Answer, places: Iterable[int]) -> Counter[Any]:
    chosen = list(places)
    return Counter(tuple(row[place] for place in chosen) for row in answer.rows)
