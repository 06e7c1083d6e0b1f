"""Equal versions, equal meaning: what changes a dataset's version, and what does not."""

from __future__ import annotations

import pytest

from sqllineage_scan import analyze_sql

BASE = """
create table raw (id int, amount int);
create view a as select id, amount * 2 as twice from raw where amount > 10;
create view b as select sum(twice) as total from a;
create view c as select id from raw;
"""


def versions(sql: str) -> dict[str, str | None]:
    return {str(dataset.id): dataset.version for dataset in analyze_sql(sql, dialect="duckdb").datasets}


def changed(edited: str) -> set[str]:
    assert edited != BASE
    before, after = versions(BASE), versions(edited)
    assert set(before) == set(after)
    return {name for name in before if before[name] != after[name]}


@pytest.mark.parametrize(
    "edited",
    [
        BASE.replace("select id,", "select -- the key\n   id  ,"),
        BASE.replace("create view a", "CREATE  VIEW\nA").replace(" where ", "\nWHERE "),
        BASE + "\n-- the end\n",
        "select 1;" + BASE.replace("create view c as select id from raw;", "") + "create view c as select id from raw;",
    ],
)
def test_layout_comments_and_case_change_nothing(edited: str) -> None:
    before, after = versions(BASE), versions(edited)
    assert {name: after[name] for name in before} == before


def test_a_definition_changes_itself_and_what_reads_it() -> None:
    assert changed(BASE.replace("amount > 10", "amount > 11")) == {"a", "b"}
    assert changed(BASE.replace("sum(twice)", "max(twice)")) == {"b"}
    assert changed(BASE.replace("amount int", "amount bigint")) == {"raw", "a", "b", "c"}


def test_what_is_in_quotes_counts() -> None:
    assert versions("create view v as select 'A' as x") != versions("create view v as select 'a' as x")


def test_datasets_made_from_each_other_share_their_fate() -> None:
    circle = "create view x as select id from y; create view y as select id from x; create view z as select id from y"
    before, after = versions(circle), versions(circle.replace("select id from x", "select id from x limit 1"))
    assert len(set(before.values())) == 3
    assert all(before[name] != after[name] for name in "xyz")


def test_a_long_chain_does_not_recurse() -> None:
    chain = ";".join(f"create view v{n} as select a from v{n - 1}" for n in range(1, 1200))
    assert len(set(versions(chain).values())) == 1200
