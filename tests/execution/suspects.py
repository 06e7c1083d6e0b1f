"""Why an edge never mattered: what has to be taken out of the query so that it does.

    select distinct id, k from orders          k => query GROUP_BY never matters: id is unique
    select distinct k from orders              … without ``id`` it does: hidden by "other columns"

So an explanation is a fact and no opinion. What is tried, and each time asked whether the edge matters now: other data; data in
which no key is unique; the query made smaller step by step (``reductions.py``) as long as it claims the same edge. What was taken
out until then is the explanation; one construct of it, if to take out that one alone is enough. An edge that does not matter in
the smallest query that claims it is unexplained.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from oracle import Oracle
from reductions import reductions
from worlds import KINDS, Worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from claims import Case, Source
    from worlds import Table

FURTHER = range(3, 12)  # worlds that the edge has not been looked for in
FEW = range(3)
STEPS = 60


def explanation(case: Case, worlds: Worlds, edge: tuple[Source, str]) -> str:
    """The names of what hides the edge; "" if nothing is found."""
    if _matters(case.sql, case, worlds, edge, FURTHER):
        return "rare data"
    loose = _without_keys(worlds)
    if _matters(case.sql, case, loose, edge, FEW):
        return "a unique key"
    path = _path(case, worlds, edge)
    unique = "" if path else "a unique key"
    path = path or _path(case, loose, edge)
    alone = (name for name in sorted(path) if len(path) > 1 and _path(case, loose if unique else worlds, edge, frozenset({name})))
    return " + ".join(sorted({next(alone, "") or " + ".join(sorted(path)), unique} - {""})) if path else ""


def _path(case: Case, worlds: Worlds, edge: tuple[Source, str], among: frozenset[str] = frozenset()) -> frozenset[str]:
    """What was taken out of the query when the edge came to light; nothing if it never did."""
    for path, sql in _smaller(case.sql, lambda found: _asked(found, case, worlds, edge) is not None, among):
        if _matters(sql, case, worlds, edge, FEW):
            return path
    return frozenset()


@cache
def _loosened(tables: tuple[Table, ...], seed: int) -> Worlds:
    return Worlds(tuple(replace(table, unique=()) for table in tables), seed)


def _without_keys(worlds: Worlds) -> Worlds:
    """The same tables, with duplicates in what was unique."""
    return _loosened(worlds.tables, worlds.seed)


def _asked(sql: str, case: Case, worlds: Worlds, edge: tuple[Source, str]) -> Oracle | None:
    """The query begun; None if it does not run or does not claim the edge."""
    oracle = Oracle(replace(case, sql=sql, keys=(), script=""), worlds)
    return oracle if oracle.begin() and edge in oracle.outcome.claimed else None


def _matters(sql: str, case: Case, worlds: Worlds, edge: tuple[Source, str], among: range) -> bool:
    oracle = _asked(sql, case, worlds, edge)
    if oracle is None:
        return False
    oracle.wait_for({edge}, KINDS, among)
    return edge in oracle.outcome.seen


def _smaller(sql: str, keeps: Callable[[str], bool], among: frozenset[str]) -> Iterator[tuple[frozenset[str], str]]:
    """One step after the other as far as it goes, most words taken out first; ``among``: only steps of these names."""
    path: frozenset[str] = frozenset()
    seen = {sql}
    for _ in range(STEPS):
        steps = sorted(reductions(sql), key=lambda pair: len(pair[1]))
        fitting = ((name, text) for name, text in steps if (not among or name in among) and text not in seen)
        step = next(((name, text) for name, text in fitting if keeps(text)), None)
        if step is None:
            return
        path, sql = path | {step[0]}, step[1]
        seen.add(sql)
        yield path, sql
