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
   target's own columns have no row edges by our convention, nor has what is inserted as the key of ON CONFLICT: its edge to the
   key says that it names the row. For these there is nothing to compare.

An answer that changes when the *same* rows are stored in another order is no function of the data (``limit`` among equals,
``row_number`` over ties, ``first``): whatever is found on such data is not counted, only its number.

Sources of which we say the same (the same ``C(s)``, and in ``R`` or not) are changed together: what must stay is the same for
all of them. What shows then is asked of each alone. Nothing is asked where rule 3 leaves nothing that could be missed.

An edge *matters* once its output's values changed, or stand on other rows; it matters *for sure* if they changed while the rest
of the answer stayed, so that no row edge of the same source explains it. A row edge matters once rows changed that no column edge
explains. What never matters over many worlds is a suspect, and ``suspects.py`` says why it may be so.
"""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

import duckdb
from claims import FAMILY, Answer, Case, Missed, Outcome, Source, bag, edges_of, shaped
from worlds import HIDDEN, KINDS, SILENT, Rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from worlds import Worlds


class Oracle:
    """One case against one schema's worlds."""

    def __init__(self, case: Case, worlds: Worlds) -> None:
        self.case = case
        self.worlds = worlds
        self.outcome = Outcome(case)
        self.places: list[str] = []  # our name of each column of DuckDB's answer
        self.names: tuple[str, ...] = ()  # ours, where some columns are called after the data
        self.error = ""
        self.broken = False  # DuckDB fell over it: nothing more is asked
        self._originals: dict[int, Answer | None] = {}
        self._compared: set[tuple[int, tuple[Source, ...], str]] = set()

    def begin(self) -> bool:
        """Ask once as things are, and take down what we claim; False if that ends the matter."""
        outcome = self.outcome
        if self.original(0) is None:
            outcome.refused = self.error
            return False
        outcome.edges = edges_of(self.case, {table.name: dict(table.columns) for table in self.case.given or self.worlds.tables})
        for source in sorted({source for source, _ in outcome.claimed}):
            if source not in self.worlds.sources and source[1] not in HIDDEN:
                outcome.missed.append(Missed("invented", ".".join(source), "", 0, ""))
        return self._columns_agree()

    def check(self, *, patience: int = 6, kinds: tuple[tuple[str, ...], ...] = (KINDS, KINDS[3:])) -> Outcome:
        """``kinds``: the ways to change columns, world by world; ``patience``: how many worlds more to try for edges that have
        not mattered yet.
        """
        outcome = self.outcome
        if not self.begin():
            return outcome
        for world, ways in enumerate(kinds):
            for group in self.groups:
                for how in ways if outcome.edges.columns.keys() & set(group) else SILENT:
                    self.compare(world, group, how)
            self._unread_tables(world)
            if outcome.missed:
                return outcome
        self.wait_for(outcome.suspects, KINDS[:3], range(len(kinds) + patience))
        return outcome

    def wait_for(self, edges: Iterable[tuple[Source, str]], kinds: tuple[str, ...], worlds: Iterable[int]) -> None:
        """Change the sources of ``edges`` one by one until each has mattered."""
        waiting = set(edges)
        for world in worlds:
            for how in kinds:
                waiting -= self.outcome.seen
                for source in sorted({source for source, _ in waiting} & set(self.worlds.sources)):
                    self.compare(world, (source,), how)

    @cached_property
    def groups(self) -> list[tuple[Source, ...]]:
        """The sources that could show a missed edge, together those of which we say the same."""
        edges, case, text = self.outcome.edges, self.case, self.case.sql.lower()
        outputs = set(self.places)
        found: dict[tuple[frozenset[str], bool], list[Source]] = {}
        for source in self.worlds.sources:
            affected = frozenset(edges.columns.get(source, ()))
            decides = self._decides(source)
            if not affected and not decides and (source[0] == case.target or source[0].split(".")[-1].lower() not in text):
                continue
            if source[1] == self.worlds.table(source[0]).primary:
                continue
            keyed = case.keys and not affected & set(case.keys) and outputs - affected - set(case.keys)
            if not decides or keyed:
                found.setdefault((affected, decides), []).append(source)
        return [tuple(group) for group in found.values()]

    # Running

    def answer(self, path: str) -> Answer | None:
        """The answer there; None if DuckDB refuses: a cast that fails, a scalar subquery of two rows."""
        if self.broken:
            return None
        connection, case = self.worlds.connection, self.case
        self.outcome.runs += 1
        self.worlds.enter(path)
        try:
            for statement in case.before:
                connection.execute(statement)
            if case.target is None:
                return shaped(*self.worlds.ask(case.sql), self.names)
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
            before = shaped(*self.worlds.ask(f"select * from {case.target}")) if case.fresh else None
            self.worlds.ask(case.sql)
            after = shaped(*self.worlds.ask(f"select * from {case.target}"), self.names)
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
        if any(FAMILY in name for name in ours):
            self.names = tuple(ours)
            self._originals.clear()
            first = self.original(0)
            self.places = [name.lower() for name in first.columns] if first else []
            return set(self.places) == set(ours)
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

    def compare(self, world: int, sources: tuple[Source, ...], how: str) -> None:
        """Change columns of which we say the same, in one way, and take down what it shows."""
        before = self.original(world)
        if before is None or (world, sources, how) in self._compared:
            return
        self._compared.add((world, sources, how))
        after = None if self.broken else self.answer(self.worlds.variant(world, sources, how))
        if after is None or after == before:
            return
        self.outcome.answers.add(after)
        if len(sources) == 1:
            self._take_down(before, after, sources[0])
        missed = self._missed(before, after, sources[0])
        if missed and self._determined(world, sources, how):
            self._tell(missed, world, sources, how)

    def _tell(self, missed: list[tuple[str, str]], world: int, sources: tuple[Source, ...], how: str) -> None:
        """Which of several sources it was; all of them if none shows it alone."""
        found = len(self.outcome.missed)
        if len(sources) > 1:
            for source in sources:
                for each in KINDS:
                    self.compare(world, (source,), each)
        if len(self.outcome.missed) == found:
            named = " + ".join(".".join(source) for source in sources)
            self.outcome.missed.extend(Missed(what, named, output, world, how) for what, output in missed)

    def _missed(self, before: Answer, after: Answer, source: Source) -> list[tuple[str, str]]:
        affected = self.outcome.edges.columns.get(source, set())
        if self._decides(source):
            if affected & set(self.case.keys):
                return []  # the key itself was changed: the same key stands for another row
            return [("value", output) for output in sorted(self._same_keys_differ(before, after) - affected)]
        if len(before.rows) != len(after.rows):
            return [("rows", "")]
        rest = [place for place, name in enumerate(self.places) if name not in affected]
        if bag(before, rest) == bag(after, rest):
            return []
        alone = {self.places[place] for place in rest if bag(before, [place]) != bag(after, [place])}
        return [("value", output) for output in sorted(alone)] or [("moved", "*")]

    def _decides(self, source: Source) -> bool:
        """Whether we say that it decides which rows there are."""
        return source in self.outcome.edges.rows or self._names_the_row(source)

    def _names_the_row(self, source: Source) -> bool:
        """Whether a source says which row of the target is meant, which is no row edge by our convention."""
        if not self.case.in_place:
            return False
        target = self.worlds.table(str(self.case.target))
        return source[0] == target.name or target.primary in self.outcome.edges.columns.get(source, ())

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
        stayed = len(before.rows) == len(after.rows) and bag(before, rest) == bag(after, rest)
        for place, name in enumerate(self.places):
            if name not in affected or (source, name) in outcome.sure:
                continue
            other = bag(before, [place]) != bag(after, [place])
            if other or (stayed and rest and bag(before, [*rest, place]) != bag(after, [*rest, place])):  # or on another row
                outcome.seen.add((source, name))
                if stayed:
                    outcome.sure.add((source, name))
        if source in edges.rows and (not stayed or not rest):
            outcome.seen.add((source, ""))

    def _determined(self, world: int, sources: tuple[Source, ...], how: str) -> bool:
        """Whether both answers are functions of the data."""
        tables = dict.fromkeys(table for table, _ in sources)
        columns = {table: [column for name, column in sources if name == table] for table in tables}
        return self._stable(world, {table: self.worlds.changed(world, table, columns[table], how) for table in tables})

    def _stable(self, world: int, changed: dict[str, Rows]) -> bool:
        """Whether the answers are the same when the same rows are stored in other orders."""
        if self.case.ordered:
            return True
        for tables in ({}, changed):
            base = {table.name: self.worlds.rows(world, table.name) for table in self.worlds.tables} | tables
            answers = set()
            for turn in range(0 if self.broken else 7):
                shuffled = {name: random.Random(f"{turn} {name}").sample(rows, len(rows)) for name, rows in base.items()}
                with self.worlds.temporary(shuffled if turn else base) as path:
                    found = self.answer(path)
                if self.broken:
                    return False
                answers.add(found and frozenset(Counter(found.rows).items()))
            if len(answers) > 1:
                self.outcome.undetermined += 1
                return False
        return True

    # What has no edge

    def _unread_tables(self, world: int) -> None:
        before, text = self.original(world), self.case.sql.lower()
        for table in self.worlds.tables:
            if table.name in self.outcome.edges.datasets or table.name.split(".")[-1].lower() not in text:
                continue
            if table.name == self.case.target or before is None:
                continue
            base = {other.name: self.worlds.rows(world, other.name) for other in self.worlds.tables}
            rows = base[table.name]
            for how, fewer in (("a row less", rows[1:]), ("a row twice", [*rows, *rows[:1]]), ("no rows", [])):
                changed = {table.name: fewer}
                if self._differs(before, base | changed) and self._stable(world, changed):
                    self.outcome.missed.append(Missed("table", table.name, "", world, how))

    def _differs(self, before: Answer, tables: dict[str, Rows]) -> bool:
        if self.broken:
            return False
        with self.worlds.temporary(tables) as path:
            after = self.answer(path)
        return after is not None and Counter(after.rows) != Counter(before.rows)
