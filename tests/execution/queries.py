"""The hypothesis strategy: a query of random operators over a random schema."""

from __future__ import annotations

import random
from functools import cache
from typing import NamedTuple

from claims import Case
from combinations import macros, top
from hypothesis import strategies as st
from worlds import Worlds
from writer import Writer, random_tables


class Drawn(NamedTuple):
    """``schema``: the number of the schema that the query is about, see ``worlds_of``."""

    schema: int
    case: Case
    features: frozenset[str]


@cache
def worlds_of(schema: int) -> Worlds:
    return Worlds(random_tables(random.Random(f"schema {schema}")), seed=schema)


def draw(schema: int, rng: random.Random) -> Drawn:
    writer = Writer(rng, random_tables(random.Random(f"schema {schema}")))
    if writer.chance(6):
        macros(writer)
    query = top(writer)
    ordered = "positional join" in writer.features  # which asks in what order rows are stored
    case = Case(query.sql, keys=query.keys, ordered=ordered, before=tuple(writer.before))
    return Drawn(schema, case, frozenset(writer.features))


def queries(schema: int) -> st.SearchStrategy[Drawn]:
    """Hypothesis makes every single choice."""
    return st.builds(draw, st.just(schema), st.randoms(use_true_random=False))
