"""Static events: valid by the specification, and what they say."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from jsonschema import ValidationError
from schemas import check

from sqllineage_scan import analyze_sql
from sqllineage_scan.domain.checkout import Checkout
from sqllineage_scan.outputs.lineage.openlineage import remarks, write
from sqllineage_scan.outputs.naming import Naming, naming_of
from sqllineage_scan.outputs.surroundings import Surroundings

AROUND = Surroundings(
    text=lambda span: f"select 1 -- {span.path}",
    checkout=Checkout(
        "0" * 40, file_url="https://github.com/shop/dwh/blob/0/{path}#L{line}", repository="git@github.com:shop/dwh"
    ),
    event_time="2026-01-31T12:00:00Z",
    naming=Naming(words={"account": "acme-eu"}, platform="snowflake"),
)


def events_of(graph, around: Surroundings = AROUND) -> list[dict[str, Any]]:
    out = io.StringIO()
    write(graph, out, around)
    return [json.loads(row) for row in out.getvalue().splitlines()]


def job(events: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(event for event in events if event.get("job", {}).get("name") == name)


def test_every_event_is_valid(shop) -> None:
    events = events_of(shop)
    assert len(events) == len(shop.datasets) + len(shop.jobs) + len(shop.exposures)
    for event in events:
        check(event)


def test_the_check_can_fail(shop) -> None:
    event = job(events_of(shop), "models/orders.sql")
    event["outputs"][0]["facets"]["columnLineage"]["fields"]["amount"] = {"inputFields": [{"name": "x"}]}
    with pytest.raises(ValidationError):
        check(event)


def test_column_lineage_has_values_and_rows_apart(shop) -> None:
    output = job(events_of(shop), "models/orders.sql")["outputs"][0]
    lineage = output["facets"]["columnLineage"]
    (source,) = list(lineage["fields"]["email_hash"]["inputFields"])
    assert source == {
        "namespace": "snowflake://acme-eu",
        "name": "raw.public.orders",
        "field": "email",
        "transformations": [{"type": "DIRECT", "subtype": "TRANSFORMATION", "description": "md5(o.email)", "masking": True}],
    }
    rows = {(field["name"], field["field"]): [way["subtype"] for way in field["transformations"]] for field in lineage["dataset"]}
    assert rows[("analytics.stg_payments", "order_id")] == ["JOIN"]
    assert rows[("raw.public.orders", "status")] == ["FILTER"]


def test_explicit_lineage_says_the_same(shop) -> None:
    event = job(events_of(shop), "models/orders.sql")
    (entry,) = event["job"]["facets"]["lineage"]["entries"]
    fields = event["outputs"][0]["facets"]["columnLineage"]["fields"]
    assert {name: len(field["inputs"]) for name, field in entry["fields"].items()} == {
        name: len(field["inputFields"]) for name, field in fields.items()
    }
    assert {source["name"] for source in entry["inputs"] if "field" not in source} == {
        "analytics.stg_payments",
        "finance.rates",
        "raw.public.orders",
    }


def test_what_a_job_is(shop) -> None:
    facets = job(events_of(shop), "models/orders.sql")["job"]["facets"]
    assert facets["sql"] == {**facets["sql"], "query": "select 1 -- models/orders.sql", "dialect": "duckdb"}
    assert facets["sourceCodeLocation"]["url"] == "https://github.com/shop/dwh/blob/0/models/orders.sql#L1"
    assert facets["ownership"]["owners"] == [{"name": "Data team", "type": "OWNER"}]
    assert (facets["jobType"]["integration"], facets["jobType"]["jobType"]) == ("DBT", "MODEL")


def test_what_a_dataset_is(shop) -> None:
    orders = next(event["dataset"] for event in events_of(shop) if event.get("dataset", {}).get("name") == "analytics.orders")
    facets = orders["facets"]
    assert [field["name"] for field in facets["schema"]["fields"]] == ["id", "amount", "email_hash", "status"]
    assert facets["dataSource"]["uri"] == orders["namespace"] == "snowflake://acme-eu"
    assert {(tag["key"], tag.get("field")) for tag in facets["tags"]["tags"]} == {
        ("finance", None),
        ("nightly", None),
        ("money", "amount"),
    }
    assert facets["documentation"]["description"].startswith("One row an order")


def test_confidence_and_evidence_are_a_facet_of_ours(shop) -> None:
    output = job(events_of(shop), "models/orders.sql")["outputs"][0]
    edges = output["facets"]["sqllineageScan"]["edges"]["column_edges"]
    candidate = next(edge for edge in edges if edge["source"]["column"] == "rate")
    assert candidate["confidence"] == 0.495
    assert {item["kind"] for item in candidate["evidence"]} == {"candidate", "guessed_dialect"}


def test_a_rename_says_what_it_was_called() -> None:
    graph = analyze_sql("create table a (x int); alter table a rename to b;", dialect="postgres")
    renames = [
        output["facets"]["lifecycleStateChange"]
        for event in events_of(graph, Surroundings())
        for output in event.get("outputs", ())
        if "lifecycleStateChange" in output["facets"]
    ]
    assert [(facet["lifecycleStateChange"], facet["previousIdentifier"]["name"]) for facet in renames] == [("RENAME", "a")]


def test_a_declared_test_is_a_job_and_claims_no_result(shop) -> None:
    """The spec's assertions have a result; nothing has run here."""
    from dataclasses import replace

    from sqllineage_scan.domain.dbt import Node

    node = Node(
        "test.shop.not_null_orders_id.1",
        "test",
        "shop",
        "not_null_orders_id",
        "models/_orders.yml",
        depends_on=("model.shop.orders",),
    )
    event = job(events_of(replace(shop, nodes=(node,))), node.unique_id)
    check(event)
    assert [source["name"] for source in event["inputs"]] == ["analytics.orders"]
    assert "success" not in json.dumps(event)


@pytest.mark.parametrize(
    ("table", "dialect", "sql", "expected"),
    [
        ({"host": "db", "port": 5433}, "postgres", "create view s.v as select a from s.t", ("postgres://db:5433", "s.v")),
        ({"host": "db"}, "postgres", "create view s.v as select a from s.t", ("postgres://db:5432", "s.v")),
        ({}, "bigquery", "create view p.d.v as select a from p.d.t", ("bigquery", "p.d.v")),
        ({"account": "o-a"}, "snowflake", "create view d.s.v as select a from d.s.t", ("snowflake://o-a", "d.s.v")),
        ({"account": "o-a", "case": "upper"}, "snowflake", "create view d.s.v as select 1", ("snowflake://o-a", "D.S.V")),
        (
            {"region": "eu-west-1"},
            "athena",
            "create view d.v as select a from d.t",
            ("awsathena://athena.eu-west-1.amazonaws.com", "d.v"),
        ),
        ({"host": "h"}, "tsql", "create view s.v as select a from s.t", ("sqlserver://h:1433", "s.v")),
        ({"datasets": "dwh://{schema}", "names": "{table}"}, "postgres", "create view s.v as select 1", ("dwh://s", "v")),
        ({}, "postgres", "create view s.v as select 1", ("postgres", "s.v")),
    ],
)
def test_names_by_platform(table, dialect: str, sql: str, expected: tuple[str, str]) -> None:
    graph = analyze_sql(sql, dialect=dialect)
    events = events_of(graph, Surroundings(naming=naming_of(table)))
    names = {(event["dataset"]["namespace"], event["dataset"]["name"]) for event in events if "dataset" in event}
    assert expected in names


def test_names_of_jobs_by_pattern_and_target() -> None:
    table = {
        "jobs": "floe.{environment}.{domain}",
        "environment": "dev",
        "domains": {"*.sql": "sales"},
        "targets": {"prod": {"environment": "prod"}},
    }
    graph = analyze_sql("create view v as select a from t", dialect="duckdb")
    for target, expected in ((None, "floe.dev"), ("prod", "floe.prod")):
        naming = naming_of(table, target)
        spaces = {event["job"]["namespace"] for event in events_of(graph, Surroundings(naming=naming)) if "job" in event}
        assert {space.removesuffix(".sales") for space in spaces} == {expected}


def test_files_are_named_by_their_bucket() -> None:
    graph = analyze_sql("create view v as select a from 's3://lake/raw/o.parquet'", dialect="duckdb")
    names = {(event["dataset"]["namespace"], event["dataset"]["name"]) for event in events_of(graph) if "dataset" in event}
    assert ("s3://lake", "raw/o.parquet") in names


def test_a_namespace_that_is_not_whole_is_said(shop) -> None:
    assert remarks(shop, AROUND) == ()
    (said, *_) = remarks(analyze_sql("create view s.v as select 1", dialect="postgres"), Surroundings())
    assert said.startswith(
        "datasets of postgres have the namespace 'postgres', since nothing says host of postgres://{host}:{port}"
    )
