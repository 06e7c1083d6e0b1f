"""The focused graph. What each view must show is read off the SQL of examples/shop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

if TYPE_CHECKING:
    from tests.site.reader import Reader

pytestmark = pytest.mark.xdist_group("browser")

ORDERS = "#d=shop.analytics.orders"
# warehouse/models/marts/orders.sql: four ref(), and what refers to it
UP = {"shop.staging.stg_orders", "shop.staging.stg_order_lines", "shop.analytics.int_order_payments", "shop.staging.stg_refunds"}
DOWN = {"shop.analytics.revenue_daily", "shop.analytics.customers", "warehouse/tests/nobody_pays_too_much.sql"}
OF = '.card[data-id="{}"]'
# goods_amount + shipping_amount - refunded_amount as net_amount, with sum(line_amount) as goods_amount
# and sum(amount) as refunded_amount
INTO_NET_AMOUNT = {
    ("stg_order_lines.line_amount", "orders.net_amount", "AGGREGATION"),
    ("stg_orders.shipping_amount", "orders.net_amount", "TRANSFORMATION"),
    ("stg_refunds.amount", "orders.net_amount", "AGGREGATION"),
}


def test_it_starts_with_one_level_each_way_and_folded(reader: Reader) -> None:
    reader.open(ORDERS)
    assert reader.cards() >= {"shop.analytics.orders"} | UP | DOWN
    assert not reader.cards() & {"shop.ops.orders", "shop.raw.payments"}
    assert reader.texts("#graph .row") == []
    assert reader.texts(f"{OF.format('shop.analytics.orders')} .note") == ["shop.analytics · 18 columns"]


def test_a_card_unfolds_its_columns_with_types_and_badges(reader: Reader) -> None:
    reader.open("#d=shop.staging.stg_orders")
    reader.click(f"{OF.format('shop.staging.stg_orders')} .fold")
    card = OF.format("shop.staging.stg_orders")
    assert reader.texts(f"{card} .row > title") == [
        "order_id", "customer_id", "status", "channel", "shipping_amount", "ordered_at", "ordered_on",
    ]  # fmt: skip
    # id as order_id; five columns passed through; ordered_at::date
    assert reader.texts(f"{card} .badge") == ["R", "=", "=", "=", "=", "=", "T"]
    assert ("orders.id", "stg_orders.order_id", "IDENTITY") in reader.lines()
    reader.click(f"{card} .fold")
    assert reader.texts("#graph .row") == []


def test_a_card_grows_and_shrinks_on_each_side(reader: Reader) -> None:
    reader.open(ORDERS)
    refunds = OF.format("shop.staging.stg_refunds")
    reader.click(f'{refunds} [data-action="grow.u"]')
    assert "shop.ops.refunds" in reader.cards()
    reader.click(f'{refunds} [data-action="cut.u"]')
    assert "shop.ops.refunds" not in reader.cards()
    reader.click(f'{OF.format("shop.analytics.orders")} [data-action="cut.u"]')
    assert not reader.cards() & UP
    reader.click(f'{OF.format("shop.analytics.orders")} [data-action="grow.u"]')
    assert reader.cards() >= UP


def test_levels_and_full_traces_in_one_click(reader: Reader) -> None:
    reader.open(ORDERS)
    reader.click('[data-do="up+"]')
    assert "shop.ops.refunds" in reader.cards()
    reader.click('[data-do="up-"]')
    reader.click('[data-do="down-"]')
    assert reader.cards() == {"shop.analytics.orders"} | UP
    reader.click('[data-do="sources"]')
    assert {"shop.ops.refunds", "shop.raw.payments", "shop.inbound.orders"} <= reader.cards()
    assert reader.js("document.getElementById('up-levels').textContent") == "all"
    reader.open("#d=shop.staging.stg_orders")
    reader.click('[data-do="exposures"]')
    assert "shop.analytics.revenue_daily" in reader.cards()


def test_unfold_all_and_fold_all(reader: Reader) -> None:
    reader.open(ORDERS)
    reader.click('[data-do="unfold"]')
    assert reader.js("LINEAGE.graph.view.nodes.every((node) => node.rows.length === node.total)")
    reader.click('[data-do="fold"]')
    assert reader.js("LINEAGE.graph.view.nodes.every((node) => node.rows.length === 0)")


def test_a_chosen_column_keeps_only_its_paths(reader: Reader) -> None:
    reader.open(f"{ORDERS}&open=shop.analytics.orders")
    reader.click('.row[data-column="net_amount"]')
    values = {line for line in reader.lines() if line[1] == "orders.net_amount"}
    assert values == INTO_NET_AMOUNT
    # sum(net_amount) as net_revenue, sum(case when is_first_order then net_amount ...)
    assert ("orders.net_amount", "revenue_daily.net_revenue", "AGGREGATION") in reader.lines()
    assert not any(target == "orders.item_count" for _, target, _ in reader.lines())
    assert reader.texts(".row.chosen > title") == ["net_amount"]
    # the others show only what is on its way
    assert reader.texts(f"{OF.format('shop.staging.stg_refunds')} .row > title") == ["order_id", "amount"]


def test_the_story_tells_every_hop_with_its_reason_and_place(reader: Reader) -> None:
    reader.open(f"{ORDERS}&c=net_amount&edges=value")
    story = reader.find("#story").text
    assert "stg_refunds.amount" in story
    assert "goods_amount + shipping_amount - refunded_amount" in story
    assert "aggregation" in story
    assert "100 % certain" in story
    assert "warehouse/models/marts/orders.sql:51" in story  # the line of net_amount's expression
    assert "ops" not in story  # beyond the view
    assert "revenue_daily.net_revenue" in reader.find("#impact").text
    assert "Sales dashboard" in reader.find("#panel").text or "sales_dashboard" in reader.find("#panel").text


def test_the_full_trace_of_a_column_goes_to_its_sources(reader: Reader) -> None:
    reader.open(f"{ORDERS}&c=net_amount&edges=value")
    reader.click("#full-trace")
    assert {"shop.ops.refunds", "inbound.refunds_{{ params.region }}", "shop.staging.stg_refunds"} <= reader.cards()
    assert "shop.analytics.int_order_payments" not in reader.cards()  # net_amount takes nothing from payments
    assert ("refunds.amount", "stg_refunds.amount", "IDENTITY") in reader.lines()


def test_value_and_row_edges_are_separate_switches(reader: Reader) -> None:
    reader.open(f"{ORDERS}&c=net_amount")
    kinds = {what for *_, what in reader.lines()}
    assert "JOIN" in kinds  # left join refunds using (order_id)
    reader.click('[data-do="options"]')
    reader.click("#edges-row")
    assert {line for line in reader.lines() if line[1].startswith("orders")} == INTO_NET_AMOUNT
    reader.click("#edges-row")
    reader.click("#edges-value")
    assert {what for *_, what in reader.lines()} <= {"JOIN", "FILTER", "GROUP_BY", "SORT", "WINDOW", "CONDITIONAL"}
    reader.js("document.body.classList.remove('with-options')")


def test_the_slider_hides_what_is_less_certain(reader: Reader) -> None:
    reader.open("#d=shop.ops.refunds&open=shop.ops.refunds&up=2")
    least = reader.js("Math.min(...LINEAGE.graph.view.edges.map((line) => line.confidence))")
    assert least < 100  # a table name with {{ params.region }}: a hole
    assert reader.js("LINEAGE.graph.view.edges.some((line) => line.doubt)")
    reader.wait_for("const slider = document.getElementById('min'); slider.value = 100; slider.dispatchEvent(new Event('input'))")
    reader.settled()
    assert reader.js("LINEAGE.graph.view.edges.every((line) => line.confidence === 100)")
    assert reader.state()["min"] == 100


def test_an_edge_shows_its_sql_with_the_exact_span_lit(reader: Reader) -> None:
    reader.open(f"{ORDERS}&c=net_amount")
    wanted = "stg_refunds to orders, aggregation 100 % certain"
    reader.js(
        "document.querySelector(`.edge[aria-label='"
        + wanted
        + "'] .hit`).dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    )
    reader.settled()
    assert "".join(reader.texts("#panel mark")) == "goods_amount + shipping_amount - refunded_amount as net_amount"
    assert "stg_refunds" in reader.find("#panel h2").text
    assert reader.js("getComputedStyle(document.querySelector('#panel mark')).backgroundColor") != "rgba(0, 0, 0, 0)"
    reader.click("#panel .close")
    assert reader.js("document.getElementById('panel').dataset.shows") == "column"


def test_lines_look_like_what_they_are(reader: Reader) -> None:
    reader.open(f"{ORDERS}&c=net_amount")
    dash = "getComputedStyle(document.querySelector('.edge.{} .line')).strokeDasharray"
    stroke = "getComputedStyle(document.querySelector('.edge.{} .line')).stroke"
    assert reader.js(dash.format("by-row")) != "none"
    assert reader.js(dash.format("by-value")) == "none"
    assert reader.js(stroke.format("of-aggregation")) != reader.js(stroke.format("of-transformation"))
    reader.open("#d=shop.ops.refunds&up=2")
    assert reader.js(dash.format("doubt")) != "none"
    assert reader.js("Number(document.querySelector('.edge.doubt .line').getAttribute('stroke-opacity'))") < 1


def test_back_undoes_and_links_keep_the_view(reader: Reader) -> None:
    reader.open(ORDERS)
    reader.click('[data-do="up+"]')
    reader.click(f"{OF.format('shop.analytics.orders')} .fold")
    state = reader.state()
    address = reader.js("location.hash")
    reader.driver.back()
    reader.settled()
    assert (reader.state()["up"], reader.state()["open"]) == (2, [])
    reader.driver.back()
    reader.settled()
    assert reader.state()["up"] == 1
    reader.open(f"{address}&later=x&min=rubbish")  # what is not known is ignored
    assert reader.state() == state


def test_keys_walk_the_graph(reader: Reader) -> None:
    reader.open("#d=shop.staging.stg_refunds")
    reader.js("document.querySelector('.card.root').focus()")
    focused = "document.activeElement.closest('.card').dataset.id"
    reader.press(Keys.ARROW_LEFT)
    assert reader.js(focused) == "shop.ops.refunds"
    reader.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert reader.js(focused) == "shop.analytics.orders"
    reader.press(Keys.SPACE)
    reader.until("document.querySelectorAll('#graph .row').length === 18")
    reader.press(Keys.ARROW_DOWN)
    assert reader.js("document.activeElement.dataset.column") == "order_id"
    reader.press(Keys.ENTER)
    assert (reader.state()["s"], reader.state()["c"]) == ("shop.analytics.orders", "order_id")
    reader.press(Keys.ESCAPE)
    assert reader.state()["c"] == ""
    reader.press("]")
    assert "shop.analytics.revenue_daily" in reader.cards()
    reader.press("m")
    assert reader.state()["d"] == ""


def test_a_double_click_moves_the_focus(reader: Reader) -> None:
    reader.open(ORDERS)
    card = reader.find(f"{OF.format('shop.staging.stg_refunds')} .name")
    ActionChains(reader.driver, duration=0).double_click(card).perform()
    reader.settled()
    assert reader.state()["d"] == "shop.staging.stg_refunds"


def test_the_mouse_pans_and_zooms(reader: Reader) -> None:
    reader.open(ORDERS)
    before = reader.js("({...LINEAGE.graph.camera.at})")
    drag = ActionChains(reader.driver, duration=0)
    drag.move_to_element_with_offset(reader.find("#graph"), 0, -200).click_and_hold().move_by_offset(60, 30).release().perform()
    after = reader.js("({...LINEAGE.graph.camera.at})")
    assert (after["x"] - before["x"], after["y"] - before["y"]) == (60, 30)
    ActionChains(reader.driver, duration=0).scroll_by_amount(0, -300).perform()
    reader.js(
        "document.getElementById('graph').dispatchEvent(new WheelEvent('wheel', {deltaY: -300, clientX: 300, clientY: 300}))"
    )
    assert reader.js("LINEAGE.graph.camera.at.k") > after["k"]


def test_two_fingers_pinch(reader: Reader) -> None:
    reader.open(ORDERS)
    before = reader.js("LINEAGE.graph.camera.at.k")

    def touch(kind: str, *points: tuple[int, int]) -> None:
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        reader.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    touch("touchStart", (400, 200))
    touch("touchStart", (400, 200), (500, 200))
    for step in range(1, 6):
        touch("touchMove", (400 - 10 * step, 200), (500 + 10 * step, 200))
    touch("touchEnd")
    assert reader.js("LINEAGE.graph.camera.at.k") == pytest.approx(before * 2, rel=0.15)


def test_a_large_view_has_a_minimap(reader: Reader) -> None:
    reader.open("#d=shop.staging.stg_refunds")
    assert not reader.find("#minimap").is_displayed()
    reader.open(f"{ORDERS}&up=99")
    assert reader.find("#minimap").is_displayed()
    before = reader.js("LINEAGE.graph.camera.at.x")
    ActionChains(reader.driver, duration=0).move_to_element_with_offset(reader.find("#minimap"), -80, 0).click().perform()
    assert reader.js("LINEAGE.graph.camera.at.x") != before
