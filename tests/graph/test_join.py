"""Repositories joined: whatever the order, however often, the same; and what crosses is named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_shop import sample_shop
from test_round_trip import graphs

from sqllineage_scan import analyze_sql
from sqllineage_scan.domain.job import Job, JobKind
from sqllineage_scan.domain.span import whole_file
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.document import from_dict
from sqllineage_scan.graph.join.crossings import crossings
from sqllineage_scan.graph.join.join import join

ALIASES = {"b.c": "a", "d/*": "files.*"}


def with_jobs(graph):
    edges = (*graph.column_edges, *graph.row_edges, *graph.dataset_edges)
    named = {edge.job for edge in edges} - {job.id for job in graph.jobs}
    made = tuple(Job(job, JobKind.QUERY, "", whole_file(job.name)) for job in sorted(named))
    return replace(graph, jobs=tuple(sorted((*graph.jobs, *made), key=lambda job: str(job.id))))


three = st.tuples(graphs, graphs, graphs).map(
    lambda found: tuple(replace(graph, name=name) for graph, name in zip(found, "xyz", strict=True))
)


@settings(max_examples=40)
@given(three, st.sampled_from([{}, ALIASES]))
def test_associative_commutative_idempotent(found, aliases) -> None:
    one, two, three = found
    whole = join([one, two, three], aliases)
    assert join([join([one, two], aliases), three], aliases) == whole
    assert join([one, join([two, three], aliases)], aliases) == whole
    assert join([three, one, two], aliases) == whole
    assert join([whole], aliases) == whole
    assert join([whole, one, whole, three], aliases) == whole


@settings(max_examples=20)
@given(three)
def test_the_document_of_a_joined_graph_comes_back(found) -> None:
    """Of graphs whose edges name jobs that are there, as every scan's do: a job's entry says what of its id is the namespace."""
    whole = join(map(with_jobs, found))
    assert from_dict(whole.to_dict()) == whole


def repository(name: str, sql: str):
    return replace(analyze_sql(sql, dialect="duckdb"), name=name)


SHOP = repository("shop", "create table raw.orders as select id, amount from src.orders; create view shared.log as select 1 as x")
FINANCE = repository(
    "finance",
    "create view fin.revenue as select sum(amount) as r, max(discount) as d from raw.orders;"
    "create view shared.log as select 2 as x;"
    "create view fin.more as select id from prod.raw.orders",
)


def test_what_crosses_is_named() -> None:
    found = crossings(join([SHOP, FINANCE]))
    (crossing,) = found.crossings
    assert (str(crossing.dataset), crossing.writers, crossing.readers) == ("raw.orders", ("shop",), ("finance",))
    assert crossing.columns == ("amount", "discount")
    assert crossing.missing == ("discount",)
    assert [(str(item.dataset), item.writers) for item in found.shared] == [("shared.log", ("finance", "shop"))]


def test_a_name_that_is_nearly_the_same_and_its_alias() -> None:
    (near,) = crossings(join([SHOP, FINANCE])).near
    assert (str(near.read), str(near.made)) == ("prod.raw.orders", "raw.orders")
    found = crossings(join([SHOP, FINANCE], {"prod.*": "*"}))
    assert found.near == ()
    assert found.crossings[0].columns == ("amount", "discount", "id")


def test_lineage_goes_on_in_the_other_repository() -> None:
    joined = join([SHOP, FINANCE])
    assert [str(reach) for reach in joined.upstream("fin.revenue.r")] == ["raw.orders.amount", "src.orders.amount"]
    assert {job.id.namespace for job in joined.jobs} == {"shop", "finance"}
    assert all(job.span.path.startswith(("shop/", "finance/")) for job in joined.jobs)


def test_two_repositories_of_one_name_are_refused() -> None:
    with pytest.raises(UsageError, match="two different repositories are called 'shop': name them"):
        join([SHOP, replace(FINANCE, name="shop")])
    assert join([SHOP, SHOP]) == join([SHOP])


def test_what_is_local_stays_apart() -> None:
    one = repository("one", "create temporary table t as select a from s; create view v as select a from t")
    other = repository("two", "create temporary table t as select b from s; create view w as select b from t")
    names = {str(dataset.id) for dataset in join([one, other]).datasets}
    assert {"one/t", "two/t", "s"} <= names


@pytest.mark.parametrize(
    ("aliases", "said"),
    [({"*": "x.*"}, "the aliases never come to an end"), ({"a.*": "b"}, None), ({"a": "b.*"}, "both sides must have as many")],
)
def test_aliases(aliases, said) -> None:
    if said is None:
        join([sample_shop()], aliases)
        return
    with pytest.raises(UsageError, match=said):
        join([sample_shop()], aliases)
