"""The example repository and its golden lineage document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan import scan

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from sqllineage_scan.graph.model import LineageGraph

SHOP = Path(__file__).parents[1] / "examples" / "shop"


@pytest.fixture(scope="module")
def shop() -> LineageGraph:
    return scan(SHOP)


def test_golden(shop: LineageGraph, snapshot_json: SnapshotAssertion) -> None:
    document = shop.to_dict()
    del document["tool"]["version"]
    assert document == snapshot_json


def firsts(shop: LineageGraph, column: str) -> set[str]:
    """The columns that a column's value comes from in the end."""
    reached = shop.upstream(column)
    return {str(reach.id) for reach in reached if not shop.upstream(str(reach.id))}


def test_a_mart_is_traced_across_both_halves(shop: LineageGraph) -> None:
    """Read off the SQL by hand: dbt marts over dbt staging over tables that Postgres scripts load."""
    assert firsts(shop, "shop.analytics.customers.full_name") == {
        "shop.inbound.customers.first_name",
        "shop.inbound.customers.last_name",
    }
    assert firsts(shop, "shop.analytics.customers.region") == {"shop.analytics.country_regions.region"}
    assert firsts(shop, "shop.analytics.customers.order_count") == set()
    assert firsts(shop, "shop.analytics.orders.card_amount") == {
        "shop.raw.payments.amount_cents",
        "shop.raw.payments.method",
        "shop.raw.marketplace_payouts.gross_cents",
        "shop.raw.marketplace_payouts.fee_cents",
    }
    assert firsts(shop, "shop.analytics.revenue_daily.net_revenue") == {
        "shop.inbound.order_lines.quantity",
        "shop.inbound.order_lines.unit_price_cents",
        "shop.inbound.order_lines.discount_cents",
        "shop.inbound.orders.shipping_cents",
        "inbound.refunds_{{ params.region }}.amount",
    }


def test_masking_survives_the_way(shop: LineageGraph) -> None:
    edge = next(edge for edge in shop.column_edges if str(edge.target) == "shop.staging.stg_customers.email_hash")
    assert (str(edge.source), edge.transformation.masking) == ("shop.ops.customers.email", True)


def test_what_is_not_sure_says_so(shop: LineageGraph) -> None:
    ambiguous = {(str(edge.source), edge.confidence) for edge in shop.column_edges if edge.target.column == "medium"}
    assert ambiguous == {("shop.web.sessions.medium", 0.5), ("shop.web.campaigns.medium", 0.5)}
    through_hole = [edge for edge in shop.column_edges if str(edge.target.dataset) == "shop.ops.refunds"]
    assert through_hole
    assert all("hole" in [item.kind for item in edge.evidence] for edge in through_hole)
    assert all(edge.confidence < 1 for edge in through_hole)


def test_the_incremental_half_is_conditional(shop: LineageGraph) -> None:
    itself = next(edge for edge in shop.dataset_edges if str(edge.source) == str(edge.target) == "shop.analytics.revenue_daily")
    assert [item.note for item in itself.evidence if item.kind == "conditional_render"] == ["only when is_incremental()"]


def test_every_file_is_accounted_for(shop: LineageGraph) -> None:
    told = {record.path for record in shop.coverage.files}
    wanted = (".sql", ".csv", ".yml")
    on_disk = {path.relative_to(SHOP).as_posix() for path in SHOP.rglob("*") if path.suffix in wanted and path.is_file()}
    assert told == on_disk - {"warehouse/profiles.yml"}
