"""Runs laid over the repository: what was seen, what never was, what nobody expected."""

from __future__ import annotations

from sqllineage_scan import analyze_sql
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind, confidence_of
from sqllineage_scan.domain.names import DatasetId
from sqllineage_scan.graph.document import from_dict
from sqllineage_scan.graph.overlay import overlay
from sqllineage_scan.inputs.openlineage import document

STATIC = analyze_sql(
    "create temporary table tmp as select id, amount from raw.orders;"
    "create table mart.orders as select id, amount * 2 as amount from tmp;"
    "create table mart.customers as select name from raw.customers;",
    dialect="snowflake",
)


def event(target: str, columns: dict[str, list[tuple[str, str]]], namespace: str = "snowflake://acme") -> dict:
    fields = {
        column: {
            "inputFields": [
                {
                    "namespace": namespace,
                    "name": name,
                    "field": field,
                    "transformations": [{"type": "DIRECT", "subtype": "IDENTITY"}],
                }
                for name, field in sources
            ]
        }
        for column, sources in columns.items()
    }
    inputs = sorted({name for sources in columns.values() for name, _ in sources})
    return {
        "eventTime": "2026-01-01T00:00:00Z",
        "job": {"namespace": "spark", "name": f"load_{target}"},
        "inputs": [{"namespace": namespace, "name": name} for name in inputs],
        "outputs": [{"namespace": namespace, "name": target, "facets": {"columnLineage": {"fields": fields}}}],
    }


def laid(*events: dict, known_as=None):
    return overlay(STATIC, from_dict(document(list(events))), known_as)


def pairs(edges) -> set[tuple[str, str]]:
    return {(str(edge.source), str(edge.target)) for edge in edges}


def test_a_run_sees_through_what_is_temporary() -> None:
    """It tells of PROD.RAW.ORDERS -> PROD.MART.ORDERS; the repository has tmp between them."""
    found = laid(event("PROD.MART.ORDERS", {"ID": [("PROD.RAW.ORDERS", "ID")], "FEE": [("PROD.RAW.FEES", "FEE")]}))
    assert pairs(found.standing.observed) == {("raw.orders.id", "tmp.id"), ("tmp.id", "mart.orders.id")}
    assert pairs(found.standing.never) == {("tmp.amount", "mart.orders.amount")}
    assert pairs(found.standing.not_covered) == {
        ("raw.customers.name", "mart.customers.name"),
        ("raw.orders.amount", "tmp.amount"),
    }
    assert len(found.standing.unexpected) == 1
    assert [str(dataset) for dataset in found.unmatched] == ["snowflake://acme/PROD.RAW.FEES"]


def test_observation_raises_confidence_and_is_a_reason() -> None:
    doubtful = analyze_sql("create view v as select b from t, u", dialect="duckdb")
    before = {str(edge.source): edge.confidence for edge in doubtful.column_edges}
    assert set(before.values()) == {0.5}
    seen = from_dict(document([event("v", {"b": [("t", "b")]}, namespace="duckdb")]))
    after = {str(edge.source): edge for edge in overlay(doubtful, seen).graph.column_edges}
    assert after["t.b"].confidence == 0.975
    assert after["u.b"].confidence == 0.5
    assert EvidenceKind.OBSERVED in {item.kind for item in after["t.b"].evidence}


def test_what_it_is_worth() -> None:
    observed = Evidence(EvidenceKind.OBSERVED, "a job")
    for kind in EvidenceKind:
        static = [Evidence(kind, among=2 if kind is EvidenceKind.CANDIDATE else 1)]
        assert confidence_of([*static, observed]) >= confidence_of(static) or kind is EvidenceKind.OBSERVED
    assert confidence_of([observed]) == 0.95


def test_names_that_the_configuration_gives_are_known() -> None:
    found = laid(
        event("t_17", {"name": [("raw.customers", "name")]}),
        known_as={("snowflake://acme", "t_17"): DatasetId("", "mart.customers")},
    )
    assert pairs(found.standing.observed) == {("raw.customers.name", "mart.customers.name")}


def test_a_name_that_fits_two_is_nobodys() -> None:
    two = analyze_sql("create view a.t as select x from s; create view b.t as select x from s", dialect="duckdb")
    found = overlay(two, from_dict(document([event("t", {"x": [("s", "x")]})])))
    assert "snowflake://acme/t" in {str(dataset) for dataset in found.unmatched}


def test_what_is_reported_and_not_in_the_repository_is_in_the_graph() -> None:
    found = laid(event("mart.orders", {"amount": [("raw.customers", "name")]}))
    (extra,) = found.standing.unexpected
    assert pairs([extra]) <= pairs(found.graph.column_edges) | {
        ("snowflake://acme/raw.customers.name", "snowflake://acme/mart.orders.amount")
    }
    assert ("raw.customers.name", "mart.orders.amount") in pairs(found.graph.column_edges)
