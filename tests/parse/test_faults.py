"""A fault of our own costs the statement it happens in, and says so."""

from __future__ import annotations

from sqlglot import exp

from sqllineage_scan import analyze_sql
from sqllineage_scan.parse import registry


def test_a_fault_is_a_finding(monkeypatch) -> None:
    def stumble(node: object, scope: object) -> None:
        raise KeyError("nobody thought of this")

    monkeypatch.setitem(registry.statements(), exp.Insert, stumble)
    graph = analyze_sql("create table a as select x.id from x;\ninsert into b select id from a;")
    assert [(finding.name, finding.span.line) for finding in graph.findings] == [("parse.fault", 2)]
    assert [(str(edge.source), str(edge.target)) for edge in graph.dataset_edges] == [("a", "b"), ("x", "a")]
    assert [str(edge.target) for edge in graph.column_edges] == ["a.id"]


def test_odd_names_are_no_fault() -> None:
    graph = analyze_sql("select table_name from `p.d.INFORMATION_SCHEMA.COLUMNS`", dialect="bigquery")
    assert graph.findings == ()
    assert [str(edge.source) for edge in graph.column_edges] == ["p.d.INFORMATION_SCHEMA.COLUMNS.table_name"]
    assert {finding.name for finding in analyze_sql("select db.raw.t.id from db.raw..t").findings} <= {"parse.failed"}
