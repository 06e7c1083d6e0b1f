"""The site of a comparison. What is marked is read off the edits made here to examples/shop."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.api import write_diff_site
from tests.site.reader import Reader, screen
from tests.site.test_accessible import serious_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium import webdriver

pytestmark = pytest.mark.xdist_group("browser")

SHOP = Path(__file__).parents[2] / "examples" / "shop"
MARTS = "warehouse/models/marts"
NET = "goods_amount + shipping_amount - refunded_amount as net_amount"
CARD = '.card[data-id="{}"]'


def git(root: Path, *words: str) -> None:
    who = ("-c", "user.name=shop", "-c", "user.email=shop@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", root, *who, *words], check=True, capture_output=True)


@pytest.fixture(scope="session")
def diff_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """On a branch: net_amount without shipping, a new column and model, order_items gone, channel gone from revenue_daily."""
    root = tmp_path_factory.mktemp("compared") / "shop"
    shutil.copytree(SHOP, root)
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "remote", "add", "origin", "https://github.com/acme/shop.git")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "as it was")
    git(root, "checkout", "--quiet", "-b", "feature")
    orders, revenue = root / MARTS / "orders.sql", root / MARTS / "revenue_daily.sql"
    text = orders.read_text(encoding="utf-8")
    assert NET in text
    orders.write_text(
        text.replace(NET, "goods_amount - refunded_amount as net_amount,\n    upper(channel) as channel_code"), encoding="utf-8"
    )
    lines = revenue.read_text(encoding="utf-8").splitlines(keepends=True)
    revenue.write_text("".join(line for line in lines if "channel" not in line), encoding="utf-8")
    (root / MARTS / "order_items.sql").unlink()
    (root / MARTS / "fees.sql").write_text(
        "select order_id, net_amount * 0.1 as fee\nfrom {{ ref('orders') }}\n", encoding="utf-8"
    )
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "as it is to be")
    site = root.parent / "site"
    write_diff_site("main", "feature", site, path=root)
    return site


@pytest.fixture
def reader(driver: webdriver.Chrome, diff_site: Path) -> Iterator[Reader]:
    screen(driver, 1280, 800)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "light"}]})
    someone = Reader(driver, diff_site)
    yield someone
    assert someone.faults() == []


def marks(reader: Reader) -> dict[str, str]:
    found = "(() => { const { core, markOf } = LINEAGE.store; return core.datasets.id.map((id, i) => [id, markOf(i)]) })()"
    return {dataset: mark for dataset, mark in reader.js(found) if mark}


def test_the_first_page_tells_the_verdict_and_every_change(reader: Reader) -> None:
    reader.open(page="index.html")
    assert reader.find(".verdict .effect").text == "review"
    assert reader.find(".revisions").text.startswith("main (")
    changes = [" ".join(text.split()) for text in reader.texts("ul.changes li")]
    assert any(text.startswith("shop.analytics.orders.net_amount redefined") for text in changes)
    assert any(text.startswith("shop.analytics.order_items removed") for text in changes)
    assert any(text.startswith("shop.analytics.revenue_daily.channel removed") for text in changes)
    assert {"added", "removed", "changed", "affected"} == set(
        reader.js("Array.from(document.querySelectorAll('.map .outline'), (path) => path.classList[1])")
    )
    reader.find(".verdict .button").click()
    reader.until("document.body.dataset.ready")
    assert reader.state()["marked"] == "1"
    matching = reader.js("LINEAGE.store.core.datasets.id.filter((_, i) => LINEAGE.filters.matches(i))")
    assert set(matching) == set(marks(reader))


def test_datasets_bear_their_marks(reader: Reader) -> None:
    reader.open("#d=shop.analytics.orders&down=2")
    found = marks(reader)
    assert found["shop.analytics.fees"] == "added"
    assert found["shop.analytics.order_items"] == "removed"
    assert found["shop.analytics.orders"] == found["shop.analytics.revenue_daily"] == "changed"
    assert found["shop.analytics.customers"] == "affected"  # lifetime_value is made of net_amount
    assert "shop.staging.stg_orders" not in found
    card = CARD.format("shop.analytics.fees")
    assert reader.texts(f"{card} .sign text") == ["added"]
    assert reader.find(card).get_attribute("aria-label").startswith("added model fees")


def test_columns_and_edges_bear_their_marks(reader: Reader) -> None:
    reader.open("#d=shop.analytics.orders&open=shop.analytics.orders,shop.analytics.revenue_daily")
    row = CARD.format("shop.analytics.orders") + ' .row[data-column="{}"]'
    assert "m-changed" in reader.find(row.format("net_amount")).get_attribute("class")
    assert "m-added" in reader.find(row.format("channel_code")).get_attribute("class")
    assert reader.texts(row.format("channel_code") + " .sign") == ["+"]
    gone = CARD.format("shop.analytics.revenue_daily") + ' .row[data-column="channel"]'
    assert "m-removed" in reader.find(gone).get_attribute("class")
    named = "(i, c) => LINEAGE.store.core.datasets.name[i] + '.' + LINEAGE.store.columnName(i, c)"
    lines = reader.js(
        f"(() => {{ const name = {named}; return LINEAGE.graph.view.edges.filter(({{ edge }}) => edge && !edge.row)"
        ".map(({ edge, mark }) => [name(edge.s, edge.sc), name(edge.t, edge.tc), mark]) })()"
    )
    found = {(source, target): mark for source, target, mark in lines}
    assert found["stg_orders.shipping_amount", "orders.net_amount"] == "removed"
    assert found["stg_refunds.amount", "orders.net_amount"] == "changed"
    assert found["stg_orders.channel", "orders.channel_code"] == "added"
    assert found["orders.channel", "revenue_daily.channel"] == "removed"
    assert found["stg_orders.status", "orders.status"] == ""
    dash = "getComputedStyle(document.querySelector('.edge.m-removed.by-value .line')).strokeDasharray"
    assert reader.js(dash) != "none"


def test_the_panel_tells_what_changed_and_leads_to_both_sides(reader: Reader) -> None:
    reader.open("#d=shop.analytics.orders")
    told = reader.find("#panel .comparison").text
    assert "main → feature" in told
    assert "net_amount" in told
    assert "goods_amount - refunded_amount" in told
    reader.find("#panel .comparison a").click()
    reader.until("document.querySelector('#sides')")
    assert reader.js("location.hash") == "#changes"
    changed = "Array.from(document.querySelectorAll('#sides .line.changed'), (line) => line.textContent)"
    [line] = reader.js(changed)
    assert NET in line
    assert "goods_amount - refunded_amount as net_amount" in line
    assert reader.texts("#sides .line.added .new") == ["    upper(channel) as channel_code,"]
    assert "with orders as (" not in reader.find("#sides").text  # what is far from any change is left out
    old, new = (
        reader.js(f"document.querySelector('#sides .changed .{side}').getBoundingClientRect().x") for side in ("old", "new")
    )
    assert old < new


def test_an_edge_that_is_gone_shows_the_sql_it_stood_in(reader: Reader) -> None:
    reader.open("#d=shop.analytics.orders&e=shop.staging.stg_orders>shipping_amount>shop.analytics.orders>net_amount>")
    assert reader.find("#panel figcaption .mark").text == "main"
    assert "".join(reader.texts("#panel mark")) == NET
    assert "removed" in reader.texts("#panel .chips .mark")


def test_a_removed_dataset_has_a_page_with_its_old_sql(reader: Reader) -> None:
    reader.open(page="dataset/shop.analytics.order_items.html")
    assert reader.find("h1 .mark").text == "removed"
    assert reader.texts("#sides .line.removed .old")
    assert reader.texts("#sides .line:not(.removed)") == []
    assert "not in feature" in reader.find("#sides figcaption").text


def test_search_and_list_know_the_marks(reader: Reader) -> None:
    reader.open("#marked=1&view=list")
    assert set(reader.texts("#list tbody th")) == {dataset.rpartition(".")[2] for dataset in marks(reader)}
    found = reader.wait_for("return (await LINEAGE.search.find('channel_code')).map((hit) => hit.sort)")
    assert {"column", "sql"} <= set(found)


def test_links_lead_to_the_commit_of_their_side(reader: Reader) -> None:
    reader.open(page="dataset/shop.analytics.orders.html")
    assert reader.js("document.querySelector('.facts a').href").startswith("https://github.com/acme/shop/blob/")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("page", "state"),
    [
        ("index.html", ""),
        ("dataset/shop.analytics.orders.html", ""),
        ("graph.html", "#d=shop.analytics.orders&open=shop.analytics.orders"),
    ],
)
def test_axe_finds_no_serious_fault(reader: Reader, page: str, state: str, theme: str) -> None:
    assert serious_faults(reader, page, state, theme) == []


def test_on_a_telephone_both_sides_stand_below_each_other(reader: Reader) -> None:
    screen(reader.driver, 390, 800)
    reader.open(page="dataset/shop.analytics.orders.html")
    assert reader.js("document.documentElement.scrollWidth <= innerWidth")
    old, new = (
        reader.js(f"document.querySelector('#sides .changed .{side}').getBoundingClientRect().y") for side in ("old", "new")
    )
    assert old < new
