"""Deep nesting: generated SQL has it, and hostile SQL would end the process with it."""

from __future__ import annotations

import sys
import threading

import pytest

from sqllineage_scan import analyze_sql
from sqllineage_scan.parse.room import with_room

READABLE = {
    "terms": (lambda n: "select " + " || ".join(f"c{i}" for i in range(n)) + " as x from t", 3_000),
    "conditions": (lambda n: "select c from t where " + " or ".join(f"c{i} = 1" for i in range(n)), 3_001),
    "parentheses": (lambda n: "select " + "(" * n + "c" + ")" * n + " as x from t", 1),
    "cases": (lambda n: "select " + "case when a then 1 else " * n + "c" + " end" * n + " as x from t", 2),
    "calls": (lambda n: "select " + "f(" * n + "c" + ")" * n + " as x from t", 1),
}
ENDLESS = {
    "subqueries": lambda n: "select * from " + "(select * from " * n + "t" + ")" * n,
    "joins": lambda n: "select * from a" + " join b" * n + " on true" * n,
    "types": lambda n: "select cast(a as " + "struct<a " * n + "int" + ">" * n + ") from t",
    "arrays": lambda n: "select cast(a as " + "array<" * n + "int" + ">" * n + ") from t",
    "froms": lambda n: "from " * n + "t",
}


@pytest.mark.parametrize("kind", READABLE)
def test_three_thousand_levels_are_read_as_three_are(kind):
    sql, edges = READABLE[kind]
    graph = analyze_sql(sql(3_000), dialect="duckdb")
    assert graph.findings == ()
    assert len(graph.column_edges) + len(graph.row_edges) == edges


@pytest.mark.parametrize("kind", ENDLESS)
def test_what_no_stack_can_hold_is_a_finding_and_costs_no_neighbour(kind):
    graph = analyze_sql(f"{ENDLESS[kind](40_000)}; create table kept as select a from t", dialect="duckdb")
    assert [finding.name for finding in graph.findings] == ["parse.failed"]
    assert "nested too deeply" in graph.findings[0].message
    assert "kept.a" in {str(edge.target) for edge in graph.column_edges}


def test_queries_inside_queries_are_linked_however_deep():
    levels = 1_200
    graph = analyze_sql("select * from " + "(select * from " * levels + "t" + ")" * levels, schema={"t": ["a"]})
    assert [str(edge.source) for edge in graph.column_edges] == ["t.a"]


def test_the_limit_of_the_process_is_what_it_was():
    before = sys.getrecursionlimit(), threading.stack_size()
    assert with_room(sys.getrecursionlimit) > before[0]
    with pytest.raises(KeyError):
        with_room(lambda: {}["raised where it was asked for"])
    assert (sys.getrecursionlimit(), threading.stack_size()) == before


def test_each_of_many_edges_tells_the_beginning_of_a_long_expression():
    branches = " ".join(f"when a = {i} then b{i}" for i in range(1_000))
    graph = analyze_sql(f"select case {branches} end as x from t")
    assert len(graph.column_edges) == 1_001
    assert {len(edge.transformation.description) for edge in graph.column_edges} == {2_002}


def test_joins_without_conditions_do_not_take_for_ever(tmp_path):
    """Found by damaging files: 25 of them in 700 letters would take the parser a day, in code that hears no limit."""
    from sqllineage_scan.pipeline.options import ScanOptions
    from sqllineage_scan.pipeline.scan import scan_repository

    (tmp_path / "bad.sql").write_text("select o.id from orders o " + "left join customers c " * 25 + "on o.id = c.id")
    (tmp_path / "good.sql").write_text("create view good as select t.a from t")
    graph = scan_repository(tmp_path, ScanOptions())
    assert [finding.span.path for finding in graph.findings] == ["bad.sql"]
    assert "good.a" in {str(edge.target) for edge in graph.column_edges}
