"""impact, trace and paths: what is reached, where chains end, and that no gap is passed over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_shop import ORDERS, RAW_ORDERS, evidence, job, sample_shop, value

from sqllineage_scan import analyze_sql
from sqllineage_scan.domain.dataset import Column, Dataset, DatasetKind, SchemaOrigin
from sqllineage_scan.domain.edge import DatasetEdge
from sqllineage_scan.domain.evidence import EvidenceKind
from sqllineage_scan.domain.job import Exposure
from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.domain.span import whole_file
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.build import build_graph
from sqllineage_scan.graph.chain import EndKind

if TYPE_CHECKING:
    from sqllineage_scan.graph.model import LineageGraph

SHOP = sample_shop()


def test_impact_of_a_column() -> None:
    reached = SHOP.impact("payments.amt")
    assert [(str(item.dataset.id), item.columns, item.rows) for item in reached.affected] == [
        ("analytics.stg_payments", ("amount",), False),
        ("analytics.orders", ("amount",), False),
        ("analytics.report", ("amount",), False),
    ]
    assert [str(item.id) for item in reached.jobs] == ["models/orders.sql", "models/stg_payments.sql", "views/report.sql"]
    assert [exposure.name for exposure in reached.exposures] == ["weekly_report"]
    assert reached.owners == ("Ada", "Data team")
    (first,) = reached.branches
    assert [str(branch.node) for branch in first.branches] == ["analytics.orders.amount"]


def test_impact_of_a_column_that_decides_rows() -> None:
    reached = SHOP.impact("raw.public.orders.status")
    assert [(str(item.dataset.id), item.rows) for item in reached.affected] == [
        ("analytics.orders", True),
        ("analytics.report", False),
    ]


def test_the_risk_is_the_sum_of_its_parts() -> None:
    risk = SHOP.impact("payments.amt").risk
    assert risk.score == round(sum(part.points for part in risk.parts), 1)
    assert [part.name for part in risk.parts] == ["exposures", "datasets", "owners", "untested"]
    assert all(0 <= part.points <= part.most for part in risk.parts)
    assert (
        SHOP.impact("report").risk.score
        == 0 + SHOP.impact("report").risk.parts[0].points + SHOP.impact("report").risk.parts[2].points
    )


def with_readers(names: list[str], exposures: int) -> LineageGraph:
    source = DatasetId("", "s")
    datasets = [Dataset(DatasetId("", name), DatasetKind.VIEW, owner=name[:1]) for name in names]
    return build_graph(
        name="x",
        datasets=[Dataset(source, DatasetKind.TABLE), *datasets],
        dataset_edges=[DatasetEdge(source, item.id, job("a.sql"), evidence(EvidenceKind.QUALIFIED)) for item in datasets],
        exposures=[Exposure(f"e{number}", "dashboard", "z", None, (source,), whole_file("e.yml")) for number in range(exposures)],
    )


@given(st.lists(st.text("abc", min_size=1, max_size=2), unique=True, max_size=5), st.integers(0, 3))
def test_another_reader_never_lowers_the_risk(names: list[str], exposures: int) -> None:
    score = with_readers(names, exposures).impact("s").risk.score
    assert score <= with_readers([*names, "new"], exposures).impact("s").risk.score
    assert score <= with_readers(names, exposures + 1).impact("s").risk.score
    assert 0 <= score <= 100


def test_trace_ranks_sources_by_how_sure_their_chain_is() -> None:
    traced = SHOP.trace("report.amount")
    assert [str(suspect.node) for suspect in traced.suspects] == [
        "raw.public.payments.amt",
        "snowflake://acme/finance.rates.rate",
    ]
    confidences = [suspect.confidence for suspect in traced.suspects]
    assert confidences == sorted(confidences, reverse=True)
    first = traced.suspects[0]
    assert [str(edge.target) for edge in first.path] == [
        "analytics.stg_payments.amount",
        "analytics.orders.amount",
        "analytics.report.amount",
    ]
    assert first.end.kind is EndKind.ORIGIN


def test_a_chain_that_breaks_off_ends_in_a_gap() -> None:
    """stg is made here from raw, and nothing says of what its column is made: it is no source."""
    raw, stg, mart = (DatasetId("", name) for name in ("raw", "stg", "mart"))
    graph = build_graph(
        name="x",
        datasets=[Dataset(stg, DatasetKind.MODEL), Dataset(mart, DatasetKind.MODEL)],
        column_edges=[value(ColumnId(stg, "a"), ColumnId(mart, "a"), "mart.sql")],
        dataset_edges=[DatasetEdge(raw, stg, job("stg.sql"), evidence(EvidenceKind.TOKENS))],
    )
    (gap,) = graph.trace("mart.a").gaps
    assert str(gap.node) == "stg.a"
    assert gap.end.reason == "stg is made from raw, and nothing says what a is made of"
    assert graph.trace("stg.a").end == gap.end


def test_a_constant_is_made_of_nothing_and_no_gap() -> None:
    graph = analyze_sql("create view v as select 1 as one, t.a from t; create view w as select one, a from v", dialect="duckdb")
    ends = {str(suspect.node): suspect.end.kind for suspect in (*graph.trace("w.one").suspects, *graph.trace("w.a").suspects)}
    assert ends == {"v.one": EndKind.MADE, "t.a": EndKind.ORIGIN}


def test_a_circle_ends_where_it_is_entered() -> None:
    traced = SHOP.trace("orders.status")
    assert [str(suspect.node) for suspect in traced.suspects] == ["raw.public.orders.status"]
    only = build_graph(name="x", column_edges=[value(ColumnId(ORDERS, "n"), ColumnId(ORDERS, "n"), "a.sql")])
    assert only.trace("analytics.orders.n").suspects == ()


def test_rows_are_followed_when_asked() -> None:
    assert {str(edge.source) for edge in SHOP.trace("orders.amount").row_edges} == {
        "raw.public.orders.id",
        "raw.public.orders.status",
        "analytics.stg_payments.order_id",
    }
    with_rows = {str(suspect.node) for suspect in SHOP.trace("orders.amount", rows=True).suspects}
    assert {"raw.public.orders.status", "raw.public.payments.order_id"} <= with_rows


def test_every_way_is_in_the_tree() -> None:
    diamond = analyze_sql(
        "create view l as select a from s; create view r as select a from s; create view m as select a from r;"
        "create view t as select l.a + m.a as a from l, m; create view other as select a from s",
        dialect="duckdb",
    )
    ways = diamond.ways("s.a", "t.a")

    def lines(branches, indent=0):
        return [row for branch in branches for row in [(indent, str(branch.node)), *lines(branch.branches, indent + 1)]]

    assert lines(ways.branches) == [(0, "l.a"), (1, "t.a"), (0, "r.a"), (1, "m.a"), (2, "t.a")]
    assert [len(path.edges) for path in ways.shortest] == [2]
    assert diamond.ways("t.a", "s.a").branches == ()
    with pytest.raises(UsageError, match="a path runs between two columns or between two datasets"):
        diamond.ways("s", "t.a")


def test_a_hole_in_a_name_is_a_gap() -> None:
    hole = DatasetId("", "raw.orders_{{ ds }}")
    graph = build_graph(name="x", column_edges=[value(ColumnId(hole, "a"), ColumnId(ORDERS, "a"), "a.sql")])
    assert [suspect.end.kind for suspect in graph.trace("analytics.orders.a").suspects] == [EndKind.GAP]


def test_a_column_that_nobody_fills() -> None:
    table = Dataset(RAW_ORDERS, DatasetKind.TABLE, (Column("id"),), SchemaOrigin.DDL)
    graph = replace(SHOP, datasets=(*(item for item in SHOP.datasets if item.id != RAW_ORDERS), table))
    assert graph.trace("raw.public.orders.id").end.kind is EndKind.ORIGIN


def test_a_model_of_which_no_statement_is_known_is_a_gap() -> None:
    """A model in Python, a view that no parser understood: no source, whatever its kind."""
    model = DatasetId("", "m")
    graph = build_graph(
        name="x",
        datasets=[Dataset(model, DatasetKind.MODEL)],
        column_edges=[value(ColumnId(model, "a"), ColumnId(ORDERS, "a"), "a.sql")],
    )
    assert [suspect.end.kind for suspect in graph.trace("analytics.orders.a").suspects] == [EndKind.GAP]
    constant = analyze_sql("create view v as select 1 as x", dialect="duckdb")
    assert constant.trace("v.x").end.kind is EndKind.MADE
