"""Why an edge never mattered: what has to be taken out of the query so that it does.

    select distinct id, k from orders          k => query GROUP_BY never matters: id is unique
    select distinct k from orders              … without ``id`` it does: hidden by "other columns"

So an explanation is a fact and no opinion: the shortest chain of reductions (``reductions.py``) found, after which the same
edge is claimed still and is seen to matter. An edge that no such chain brings to light is unexplained.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from oracle import Oracle
from reductions import reductions
from worlds import KINDS

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from claims import Case, Source
    from worlds import Worlds

SINGLE, WALKS, DEEP = 40, 40, 6


def explanation(case: Case, worlds: Worlds, edge: tuple[Source, str], rng: random.Random) -> str:
    """The name of what hides the edge; "" if nothing is found."""
    if matters(case.sql, case, worlds, edge, range(2, 12)):
        return "rare data"
    for path, sql in _candidates(case.sql, rng, lambda found: _claimed(found, case, worlds, edge)):
        if matters(sql, case, worlds, edge, range(4)):
            return " + ".join(sorted(set(path)))
    return ""


def matters(sql: str, case: Case, worlds: Worlds, edge: tuple[Source, str], among: range) -> bool:
    oracle = Oracle(replace(case, sql=sql, keys=(), script=""), worlds)
    if not oracle.begin() or edge not in oracle.outcome.claimed:
        return False
    for world in among:
        for how in KINDS:
            oracle.compare(world, edge[0], how)
            if edge in oracle.outcome.seen:
                return True
    return False


def _claimed(sql: str, case: Case, worlds: Worlds, edge: tuple[Source, str]) -> bool:
    oracle = Oracle(replace(case, sql=sql, keys=(), script=""), worlds)
    return oracle.begin() and edge in oracle.outcome.claimed


def _candidates(sql: str, rng: random.Random, keeps: object) -> Iterator[tuple[tuple[str, ...], str]]:
    """Simpler queries that claim the edge still: one step away, then at the end of random walks."""
    assert callable(keeps)
    singles = list(reductions(sql))
    rng.shuffle(singles)
    useful = []
    for name, candidate in singles[:SINGLE]:
        if keeps(candidate):
            useful.append((name, candidate))
            yield (name,), candidate
    for _ in range(WALKS if useful else 0):
        name, current = rng.choice(useful)
        path = [name]
        for _ in range(rng.randrange(1, DEEP)):
            steps = list(reductions(current))
            rng.shuffle(steps)
            step = next(((found, text) for found, text in steps[:8] if keeps(text)), None)
            if step is None:
                break
            path.append(step[0])
            current = step[1]
        yield tuple(path), current
