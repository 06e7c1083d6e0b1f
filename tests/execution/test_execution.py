"""What a database does when one column changes, against what we say (see ``oracle.py``)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings
from oracle import Oracle
from queries import queries, worlds_of
from reductions import shortest

if TYPE_CHECKING:
    from claims import Case, Missed
    from queries import Drawn
    from worlds import Worlds

SCHEMAS = 4


@settings(
    max_examples=240,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # reductions.py shortens better: it knows SQL
    suppress_health_check=list(HealthCheck),
)
@given(queries(SCHEMAS))
def test_generated_query(drawn: Drawn) -> None:
    outcome = Oracle(drawn.case, worlds_of(drawn.schema)).check(patience=0)
    assert not outcome.missed, explained(drawn.case, worlds_of(drawn.schema), outcome.missed)


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
