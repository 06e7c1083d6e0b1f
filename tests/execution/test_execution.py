"""What a database does when one column changes, against what we say (see ``oracle.py``)."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import tpc
from claims import Case, Edges, edges_of
from hypothesis import HealthCheck, Phase, given, settings
from oracle import Oracle
from queries import queries, worlds_of
from reductions import shortest
from scripts import cases, script

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claims import Missed
    from queries import Drawn
    from worlds import Worlds

SCHEMAS, QUERIES, SCRIPTS = 8, 25, 2
QUICK = (("replace", "apart"),)


@pytest.mark.parametrize("schema", range(SCHEMAS))
def test_generated_queries(schema: int) -> None:
    worlds = worlds_of(schema)
    refused = []

    @settings(
        max_examples=QUERIES,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),  # reductions.py shortens better: it knows SQL
        suppress_health_check=list(HealthCheck),
    )
    @given(queries(schema))
    def ask(drawn: Drawn) -> None:
        outcome = Oracle(drawn.case, worlds).check(patience=0)
        refused.append(outcome.refused)
        assert not outcome.missed, explained(drawn.case, worlds, outcome.missed)

    ask()
    assert sum(map(bool, refused)) < QUERIES / 3, refused


@pytest.mark.parametrize("seed", range(SCRIPTS))
def test_generated_scripts(seed: int) -> None:
    worlds = worlds_of(0)
    for case, state in cases(script(random.Random(seed), worlds.tables), worlds):
        outcome = Oracle(case, state).check(patience=0, kinds=QUICK)
        assert not outcome.missed, "\n".join([case.script, f"-- at: {case.sql}", *map(str, outcome.missed)])


TPC_H = tpc.queries("tpch")


@pytest.mark.parametrize(("number", "sql"), TPC_H, ids=[f"tpch {number}" for number, _ in TPC_H])
def test_tpc_h(number: int, sql: str) -> None:
    outcome = Oracle(Case(sql), tpc.worlds_for("tpch", sql)).check(patience=0, kinds=QUICK)
    assert not outcome.refused
    assert not outcome.missed, "\n".join(map(str, outcome.missed))


@pytest.mark.parametrize(
    ("sql", "kinds"),
    [
        ("select t.id + t.k as a from {0} as t", {"value"}),
        ("select t.id as a from {0} as t where t.k > 1", {"rows", "value"}),
        ("select t.id as a, u.id as b from {0} as t positional join {0} as u", {"value"}),
        ("select count(*) as a from {0} as t", set()),
    ],
)
def test_an_edge_that_nobody_claims_is_missed(sql: str, kinds: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The oracle itself: what happens if no edge is claimed at all."""
    worlds = worlds_of(0)

    def no_edges(case: Case, schema: Mapping[str, Mapping[str, str]]) -> Edges:
        claimed = edges_of(case, schema)
        return Edges(outputs=claimed.outputs, datasets=claimed.datasets)

    monkeypatch.setattr("oracle.edges_of", no_edges)
    found = {item.what for item in Oracle(Case(sql.format("orders")), worlds).check(patience=0).missed}
    assert found == kinds


def explained(case: Case, worlds: Worlds, missed: list[Missed]) -> str:
    """The shortest query that misses an edge of the same kind."""
    kinds = {item.what for item in missed}

    def fails(sql: str) -> bool:
        found = Oracle(replace(case, sql=sql, keys=()), worlds).check(patience=0).missed
        return bool(kinds & {item.what for item in found})

    short = shortest(case.sql, fails)
    again = Oracle(replace(case, sql=short, keys=()), worlds).check(patience=0).missed or missed
    tables = "\n".join(f"{table.name}({', '.join(table.names)})" for table in worlds.tables)
    return "\n".join([short, tables, *dict.fromkeys(f"{item.what}: {item.source} -> {item.output}" for item in again)])
