"""A repository that changes file by file: linked with what the last scans have left, it is the same graph, byte for byte, as
linked from nothing.
"""

from __future__ import annotations

import io
import random
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.dialects import dialect
from sqllineage_scan.domain.source import CompiledFile, FileKind, Rendered, identity_map
from sqllineage_scan.outputs.lineage.json import write
from sqllineage_scan.parse.file import parse_file
from sqllineage_scan.pipeline.linked import Left, Nothing, link_all
from sqllineage_scan.resolve.link import LinkOptions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqllineage_scan.domain.linked import JobEdges, UnitTrace
    from sqllineage_scan.resolve.link import UnitKey

# What a file may hold. {n}, {m} and {o} are tables of other files, {self} is its own; names that no file makes are sources.
# Open stars over them, columns that may be of either input, DDL that changes what others see, ways of rendering: whatever
# makes one unit's columns depend on another's, or on who asks.
BODIES = [
    "create view {self} as select * from {n}",
    "create view {self} as select * from {n} where {a} > 1",
    "create view {self} as select {a}, {b} as c2 from {n}",
    "create view {self} as select x.*, y.{a} as extra from {n} x join {m} y on x.{b} = y.{b}",
    "create view {self} as select {a}, {b} from {n} x join {m} y on x.id = y.id",
    "create view {self} as select {a} from {n} x, {m} y",
    "create view {self} as select * from {n} union all select * from {m}",
    "create view {self} as select id, {a} from {n} union all select id, {b} from {m}",
    "create view {self} as with c as (select * from {n}), d as (select c.*, {a} + 1 as plus from c) select * from d",
    "create view {self} as select sum({a}) as total, {b} from {n} group by {b}",
    "create view {self} as select (select max({a}) from {m} where {m}.id = {n}.id) as most, {b} from {n}",
    "create view {self} as select s.part.{a} from {n} s",
    "create table {self} (id int, {a} text, {b} struct<x int, y int>)",
    "create table {self} (id int, {a} text); insert into {self} select * from {n}",
    "create table {self} as select id, {a} from {n}; alter table {self} add column {b} int",
    "create table {self} as select * from {n}; alter table {self} add column {b} int; insert into {self} select * from {m}",
    "insert into {o} select id, {a} from {n}",
    "insert into {o} select * from {n}",
    "insert into {o} (id, {a}) select id, {b} from {n}",
    "create temporary table tmp as select * from {n}; create table {self} as select {a}, tmp.* from tmp",
    "create table {self} (like {n}); insert into {self} select * from {m}",
    "create function f_{a}(x int) returns int as 'select x + 1'; create view {self} as select f_{a}({b}) as called from {n}",
    "create view {self} as select f_{a}({b}) as called, {a} from {n}",
    "select {a}, {b} from {n} where {a} in (select {b} from {m})",
    "update {o} set {a} = {n}.{b} from {n} where {n}.id = {o}.id",
    "merge into {o} using {n} n on n.id = {o}.id when matched then update set {a} = n.{b}",
    "drop table if exists {self}; create table {self} as select * from {n} as t ({a}, {b})",
    "create view {self} as select * exclude ({a}) from {n}",
    "create view {self} as select {a} as {b}, upper({b}) as up from {n} where {b} is not null",
    "-- nothing to see",
]
NAMES = [f"db.t{number}" for number in range(9)]
COLUMNS = ["id", "a", "b", "c2", "total", "extra"]


class Memory(Left):
    """What is left of all scans so far."""

    def __init__(self) -> None:
        self.kept_traces: dict[UnitKey, UnitTrace] = {}
        self.kept_jobs: dict[UnitKey, JobEdges] = {}
        self.bound = 0

    def digests(self, files: Sequence[CompiledFile]) -> Sequence[bytes | None]:
        return [sha256(repr(file).encode()).digest() for file in files]

    def traces(self) -> Mapping[UnitKey, UnitTrace]:
        return self.kept_traces

    def job(self, key: UnitKey) -> JobEdges:
        return self.kept_jobs[key]

    def whole(self, file: CompiledFile) -> CompiledFile:
        return file

    def keep(self, files: Sequence[CompiledFile], traces: Mapping[UnitKey, UnitTrace], jobs: Mapping[UnitKey, JobEdges]) -> None:
        self.kept_traces |= traces
        self.kept_jobs |= jobs
        self.bound = len(traces)


def body(chance: random.Random, own: str) -> str:
    n, m, o = (chance.choice(NAMES) for _ in range(3))
    a, b = chance.sample(COLUMNS, 2)
    return chance.choice(BODIES).format(self=own, n=n, m=m, o=o, a=a, b=b)


@cache
def compiled(path: str, texts: tuple[str, ...]) -> CompiledFile:
    """A file; several texts are the ways in which it may be rendered."""
    conditions = ["", *(f"flag_{number}()" for number in range(1, len(texts)))]
    ways = [Rendered(text, identity_map(path, text), condition) for text, condition in zip(texts, conditions, strict=True)]
    parsed = parse_file(ways, dialect("duckdb"))
    units = parsed.units
    return CompiledFile(path, FileKind.SQL, "duckdb", parsed.status, parsed.statements, units, understood=parsed.understood)


def document(files: Mapping[str, tuple[str, ...]], left: Left, options: LinkOptions) -> str:
    made = [compiled(path, texts) for path, texts in sorted(files.items())]
    out = io.StringIO()
    write(link_all("shop", made, (), options, left), out)
    return out.getvalue()


def edit(files: dict[str, tuple[str, ...]], chance: random.Random) -> None:
    """Write a file, rewrite one, take one away."""
    path = f"f{chance.randrange(9)}.sql"
    own = f"db.t{chance.randrange(9)}" if chance.random() < 0.2 else f"db.t{path[1]}"
    if chance.random() < 0.15:
        files.pop(path, None)
        return
    files[path] = (body(chance, own),)
    if chance.random() < 0.15:
        files[path] = (*files[path], body(chance, own))


@pytest.mark.parametrize("seed", range(40))
def test_a_changing_repository_linked_with_what_is_left_is_the_same(seed: int) -> None:
    chance = random.Random(seed)
    options = LinkOptions(default_schema="db" if seed % 3 == 0 else None)
    files: dict[str, tuple[str, ...]] = {}
    for _ in range(8):
        edit(files, chance)
    left = Memory()
    for _ in range(12):
        assert document(files, left, options) == document(files, Nothing(), options)
        edit(files, chance)


def test_nothing_changed_nothing_bound() -> None:
    chance = random.Random(7)
    files: dict[str, tuple[str, ...]] = {}
    for _ in range(30):
        edit(files, chance)
    left = Memory()
    first = document(files, left, LinkOptions())
    assert left.bound > 0
    assert document(files, left, LinkOptions()) == first
    assert left.bound == 0


def test_a_change_binds_what_it_reaches_and_nothing_else() -> None:
    files = {
        "a.sql": ("create table a (id int, x int)",),
        "b.sql": ("create view b as select id, x from a",),
        "c.sql": ("create view c as select id from b",),
        "other.sql": ("create view other as select id from a",),
    }
    left = Memory()
    document(files, left, LinkOptions())
    files["b.sql"] = ("create view b as select id, x + 1 as x from a",)
    document(files, left, LinkOptions())
    assert left.bound == 1  # its columns are what they were: no reader is bound anew
    files["b.sql"] = ("create view b as select id, x + 1 as y from a",)
    document(files, left, LinkOptions())
    assert left.bound == 2  # b and c


def test_a_question_that_is_not_asked_any_more() -> None:
    """Nobody but its readers says which columns an open star has."""
    files = {
        "a.sql": ("create view a as select * from source",),
        "b.sql": ("create view b as select id, x from a",),
        "c.sql": ("create view c as select id from a",),
    }
    left = Memory()
    document(files, left, LinkOptions())
    files["b.sql"] = ("create view b as select id from a",)
    assert document(files, left, LinkOptions()) == document(files, Nothing(), LinkOptions())
    assert left.bound == 2  # b, and a, which lost a column; not c


def test_a_list_that_is_complete_only_when_its_reader_is_bound_already() -> None:
    """In a circle a reader may come before the maker: then its star is asked when the list is complete."""
    files = {
        "1.sql": ("create table t1 as select * from t4; insert into t1 select * from t7",),
        "4.sql": ("create view t4 as select total from t7",),
        "5.sql": ("insert into t7 (id, total) select id, a from t8",),
        "7.sql": ("update t8 set c2 = t8.total from t8 where t8.id = t8.id",),
        "8.sql": ("create view t8 as select b, a as c2 from t1",),
    }
    left = Memory()
    document(files, left, LinkOptions())
    files["7.sql"] = ("create view t7 as select id, id from t6 union all select id, total from t7",)
    assert document(files, left, LinkOptions()) == document(files, Nothing(), LinkOptions())
