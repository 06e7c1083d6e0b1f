"""Rewriting a query without changing its meaning changes no edge."""

from __future__ import annotations

import pytest

from sqllineage_scan.pipeline.statement import analyze

SCHEMA = {"orders": ["id", "customer_id", "amount", "status"], "customers": ["id", "name", "country"]}
BASE = """
select c.name, sum(o.amount) as total, max(case when o.status = 'paid' then o.id end) as last_paid
from orders o join customers c on o.customer_id = c.id
where c.country = 'DE'
group by c.name
"""
SAME = {
    "aliases renamed": BASE.replace("o.", "x1.")
    .replace("orders o", "orders x1")
    .replace("c.", "x2.")
    .replace("customers c", "customers x2"),
    "no aliases": BASE.replace("o.", "orders.")
    .replace("orders o", "orders")
    .replace("c.", "customers.")
    .replace("customers c", "customers"),
    "unqualified where only one input has it": BASE.replace("o.amount", "amount")
    .replace("c.country", "country")
    .replace("o.status", "status"),
    "comments and layout": BASE.replace(", ", "\n  , /* why */\t").replace("select", "select -- first\n"),
    "upper case": BASE.upper().replace("'DE'", "'DE'"),
    "wrapped in a CTE": f"with w as ({BASE}) select * from w",
    "wrapped in a derived table": f"select d.name, d.total, d.last_paid from ({BASE}) d",
    "inputs through CTEs": "with oo as (select * from orders), cc as (select id, name, country from customers) "
    + BASE.replace("orders o", "oo o").replace("customers c", "cc c"),
    "joined the other way round": BASE.replace(
        "orders o join customers c on o.customer_id = c.id", "customers c join orders o on c.id = o.customer_id"
    ),
    "parentheses": BASE.replace("c.country = 'DE'", "((c.country) = ('DE'))").replace("sum(o.amount)", "(sum((o.amount)))"),
    "grouped by position": BASE.replace("group by c.name", "group by 1"),
}


def edges(sql: str) -> set[tuple[str, ...]]:
    graph = analyze(sql, dialect="duckdb", schema=SCHEMA, default_catalog=None, default_schema=None)
    assert graph.findings == ()
    values = {
        (str(edge.source), str(edge.target), str(edge.transformation.subtype), str(edge.confidence))
        for edge in graph.column_edges
    }
    return values | {(str(edge.source), str(edge.target), str(edge.subtype), str(edge.confidence)) for edge in graph.row_edges}


@pytest.mark.parametrize("way", SAME)
def test_same_meaning_same_edges(way: str) -> None:
    assert SAME[way] != BASE
    assert edges(SAME[way]) == edges(BASE)


def test_the_base_is_what_we_think() -> None:
    assert edges(BASE) == {
        ("customers.name", "<query>.name", "IDENTITY", "1.0"),
        ("orders.amount", "<query>.total", "AGGREGATION", "1.0"),
        ("orders.status", "<query>.last_paid", "CONDITIONAL", "1.0"),
        ("orders.id", "<query>.last_paid", "AGGREGATION", "1.0"),
        ("orders.customer_id", "<query>", "JOIN", "1.0"),
        ("customers.id", "<query>", "JOIN", "1.0"),
        ("customers.country", "<query>", "FILTER", "1.0"),
        ("customers.name", "<query>", "GROUP_BY", "1.0"),
    }


def test_split_over_temporary_tables() -> None:
    """End to end, the temporary table between changes nothing but the number of hops."""
    script = "create temp table w as " + BASE + "; create table result as select * from w"
    graph = analyze(script, dialect="duckdb", schema=SCHEMA, default_catalog=None, default_schema=None)
    found = {str(reach.id) for reach in graph.upstream("result.total")}
    assert found == {"w.total", "orders.amount"}
