"""Closures and paths."""

from __future__ import annotations

import pytest

from sqllineage_scan.domain.edge import ColumnEdge
from sqllineage_scan.domain.evidence import FACTORS, Evidence, EvidenceKind, band_of
from sqllineage_scan.domain.names import ColumnId, DatasetId, JobId
from sqllineage_scan.domain.transformation import Transformation, TransformationSubtype
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.build import build_graph


def ids(reached) -> list[str]:
    return [str(item) for item in reached]


def chain(*edges: tuple[str, str, EvidenceKind]):
    """Columns called like their datasets: ``a`` is ``a.x``."""
    return build_graph(
        name="t",
        column_edges=[
            ColumnEdge(
                ColumnId(DatasetId("", source), "x"),
                ColumnId(DatasetId("", target), "x"),
                JobId("", "t.sql"),
                Transformation(TransformationSubtype.IDENTITY),
                (Evidence(kind, among=2 if kind is EvidenceKind.CANDIDATE else 1),),
            )
            for source, target, kind in edges
        ],
    )


def test_upstream_of_a_column_is_what_its_value_comes_from(shop) -> None:
    reached = shop.upstream("orders.amount")
    assert ids(reached) == ["analytics.stg_payments.amount", "snowflake://acme/finance.rates.rate", "raw.public.payments.amt"]
    furthest = reached[-1]
    confidence = round(FACTORS[EvidenceKind.SOLE_INPUT].value * FACTORS[EvidenceKind.HOLE].value, 4)
    assert (furthest.distance, furthest.confidence, furthest.band) == (2, confidence, band_of(confidence))
    assert [str(edge.target) for edge in furthest.path] == ["analytics.stg_payments.amount", "analytics.orders.amount"]
    assert repr(furthest) == f"Reach('raw.public.payments.amt', distance=2, confidence={confidence})"


def test_rows_add_what_decides_which_rows_there_are(shop) -> None:
    by_value = set(ids(shop.upstream("report.amount")))
    with_rows = set(ids(shop.upstream("report.amount", rows=True)))
    assert with_rows - by_value == {
        "analytics.stg_payments.order_id",
        "raw.public.orders.id",
        "raw.public.orders.status",
        "raw.public.payments.order_id",
    }


def test_downstream_by_rows_reaches_the_dataset_and_its_columns(shop) -> None:
    assert ids(shop.downstream("stg_payments.order_id")) == []
    reached = shop.downstream("stg_payments.order_id", rows=True)
    assert [(str(item), item.distance) for item in reached] == [
        ("analytics.orders", 1),
        ("analytics.orders.amount", 1),
        ("analytics.orders.email_hash", 1),
        ("analytics.orders.id", 1),
        ("analytics.orders.status", 1),
        ("analytics.report.amount", 2),
    ]
    assert all(item.path for item in reached)


def test_a_column_that_reads_itself_is_not_its_own_source(shop) -> None:
    assert ids(shop.upstream("orders.status")) == ["raw.public.orders.status"]


def test_depth(shop) -> None:
    assert ids(shop.upstream("report.amount", depth=1)) == ["analytics.orders.amount"]
    assert len(shop.upstream("report.amount", depth=2)) == 3
    assert shop.upstream("report.amount", depth=None) == shop.upstream("report.amount")


def test_datasets_follow_dataset_edges(shop) -> None:
    assert ids(shop.upstream("report", depth=1)) == ["analytics.orders"]
    assert ids(shop.downstream("payments")) == ["analytics.stg_payments", "analytics.orders", "analytics.report"]


def test_confidence_is_that_of_the_best_path_and_distance_of_the_shortest() -> None:
    graph = chain(
        ("a", "d", EvidenceKind.CANDIDATE),
        ("a", "b", EvidenceKind.QUALIFIED),
        ("b", "d", EvidenceKind.SOLE_INPUT),
    )
    (reached,) = [item for item in graph.upstream("d.x") if str(item) == "a.x"]
    assert (reached.distance, reached.confidence, len(reached.path)) == (1, 0.99, 2)


def test_a_cycle_ends() -> None:
    graph = chain(("a", "b", EvidenceKind.QUALIFIED), ("b", "a", EvidenceKind.CYCLE))
    assert ids(graph.upstream("a.x")) == ["b.x"]
    assert ids(graph.downstream("a.x")) == ["b.x"]


def test_all_shortest_paths_the_most_certain_first() -> None:
    graph = chain(
        ("a", "b", EvidenceKind.CANDIDATE),
        ("b", "d", EvidenceKind.QUALIFIED),
        ("a", "c", EvidenceKind.QUALIFIED),
        ("c", "d", EvidenceKind.QUALIFIED),
        ("c", "e", EvidenceKind.QUALIFIED),
        ("e", "d", EvidenceKind.QUALIFIED),
    )
    paths = graph.paths("a.x", "d.x")
    assert [(str(path), path.confidence) for path in paths] == [("a.x -> c.x -> d.x", 1.0), ("a.x -> b.x -> d.x", 0.5)]
    assert graph.paths("d.x", "a.x") == ()
    assert graph.paths("a.x", "a.x") == ()


def test_a_path_between_unlike_things_is_refused(shop) -> None:
    with pytest.raises(UsageError, match="between two columns or between two datasets"):
        shop.paths("orders", "report.amount")
    assert [str(path) for path in shop.paths("raw.orders", "report")] == [
        "raw.public.orders -> analytics.orders -> analytics.report"
    ]


def test_paths_by_rows(shop) -> None:
    (path,) = shop.paths("stg_payments.order_id", "report.amount", rows=True)
    assert str(path) == "analytics.stg_payments.order_id -> analytics.orders -> analytics.report.amount"
