"""Pages are complete without scripts, and lead nowhere that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from conftest import SHOP, Page

from sqllineage_scan.api import write_site
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_FOREIGN = ("http://", "https://", "mailto:")


def pages(site: Path) -> list[Page]:
    return [Page(path) for path in sorted(site.rglob("*.html"))]


def test_every_dataset_has_its_page(site, shop_graph) -> None:
    assert len(list((site / "dataset").iterdir())) == len(shop_graph.datasets)
    linked = {link for link in Page(site / "index.html").links if link.startswith("dataset/")}
    assert linked == {f"dataset/{path.name}" for path in (site / "dataset").iterdir()}


def test_every_link_leads_to_a_page_and_a_place_on_it(site) -> None:
    ids = {path: set(Page(path).ids) for path in site.rglob("*.html")}
    for page in pages(site):
        for link in page.links:
            if link.startswith(_FOREIGN):
                continue
            target, _, place = link.partition("#")
            file = (page.path.parent / unquote(target)).resolve() if target else page.path.resolve()
            assert file.is_relative_to(site.resolve())
            assert file.is_file(), (page.path.name, link)
            if place and file.name != "graph.html":
                assert unquote(place) in ids[file], (page.path.name, link)


def test_every_file_that_a_page_loads_is_there(site) -> None:
    for page in pages(site):
        loaded = [attributes.get("src") or "" for tag, attributes in page.tags if tag in ("script", "img")]
        loaded += [attributes["href"] or "" for tag, attributes in page.tags if tag == "link"]
        assert all((page.path.parent / name).is_file() for name in loaded), page.path.name


def test_no_page_asks_for_more_than_its_policy_allows(site) -> None:
    for page in pages(site):
        policy = [attributes for tag, attributes in page.tags if tag == "meta" and attributes.get("http-equiv")]
        assert [item["http-equiv"] for item in policy] == ["Content-Security-Policy"]
        assert (policy[0]["content"] or "").startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        for tag, attributes in page.tags:
            assert tag not in ("style", "iframe", "object", "embed", "form", "base")
            assert not any(name == "style" or name.startswith("on") for name in attributes)
            assert tag != "script" or attributes.get("src")
        positions = [tag for tag, _ in page.tags]
        assert positions.index("meta") < positions.index("link")


def test_ids_are_unique_and_every_page_has_one_heading_and_a_language(site) -> None:
    for page in pages(site):
        assert len(page.ids) == len(set(page.ids)), page.path.name
        if page.path.name != "graph.html":
            assert [tag for tag, _ in page.tags].count("h1") == 1
        assert dict(page.tags)["html"] == {"lang": "en"}
        assert "main" in page.ids


def test_a_dataset_page_says_it_all(site) -> None:
    said = " ".join(Page(site / "dataset" / "shop.analytics.orders.html").text.split())
    for words in (
        "One row per order with what was bought",
        "warehouse/models/marts/orders.sql:1",
        "model.shop.orders",
        "finance",
        "shop.staging.stg_orders",
        "shop.analytics.revenue_daily",
        "Goods and shipping, less what was refunded.",
        "not_null",
        "Rows decided by",
        "select * from {{ ref('stg_orders') }}",
    ):
        assert words in said, words


def test_the_story_of_a_column_goes_back_to_its_sources(site, shop_graph) -> None:
    """net_amount is made from stg_orders.shipping_amount, which shop.ops.orders has, which inbound.orders filled."""
    page = Page(site / "dataset" / "shop.analytics.orders.html")
    for item in shop_graph.upstream("shop.analytics.orders.net_amount"):
        assert str(item.id) in page.text
    assert "c-net_amount" in page.ids
    assert "the statement names the input" in page.text
    for edge in shop_graph.index.column_edges_from[shop_graph.find("shop.analytics.orders.net_amount")]:
        assert str(edge.target) in page.text


def test_a_doubtful_edge_says_why(site) -> None:
    said = " ".join(Page(site / "dataset" / "shop.ops.refunds.html").text.split())
    assert "passes a template expression that could not be rendered" in said


def test_the_home_page_has_what_hides_lineage_with_the_fix(site) -> None:
    said = " ".join(Page(site / "index.html").text.split())
    assert "add a CREATE TABLE for shop.crm.contacts to the repository" in said
    assert "sales_dashboard" in said
    assert "references lead to one column" in said


def test_lines_of_sql_are_numbered_as_in_the_file(site) -> None:
    page = Page(site / "dataset" / "shop.ops.order_totals.html")
    starts = [attributes["start"] for tag, attributes in page.tags if tag == "ol"]
    assert starts == ["1"]


def test_a_template_of_ones_own_stands_in(shop_graph, tmp_path: Path) -> None:
    own = tmp_path / "templates"
    (own / "assets").mkdir(parents=True)
    (own / "home.html").write_text('{% extends "base.html" %}{% block main %}ours: {{ title }}{% endblock %}')
    (own / "assets" / "site.css").write_text("body { color: red }")
    (own / "assets" / "logo.svg").write_text("<svg/>")
    (own / "about.html").write_text("about {{ title }}")
    write_site(shop_graph, tmp_path / "site", source=SHOP, templates=own, title="A <b>shop</b>")
    assert "ours: A &lt;b&gt;shop&lt;/b&gt;" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "site" / "assets" / "site.css").read_text() == "body { color: red }"
    assert (tmp_path / "site" / "assets" / "logo.svg").is_file()
    assert (tmp_path / "site" / "about.html").read_text() == "about A &lt;b&gt;shop&lt;/b&gt;"
    assert (tmp_path / "site" / "dataset" / "shop.analytics.orders.html").is_file()


def test_a_broken_template_is_misuse_with_its_place(shop_graph, tmp_path: Path) -> None:
    (tmp_path / "home.html").write_text("{% if %}")
    with pytest.raises(UsageError, match=r"template home\.html:1: "):
        write_site(shop_graph, tmp_path / "site", templates=tmp_path)
    (tmp_path / "home.html").write_text("{{ nobody.knows }}")
    with pytest.raises(UsageError, match="'nobody' is undefined"):
        write_site(shop_graph, tmp_path / "site", templates=tmp_path)
