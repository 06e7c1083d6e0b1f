"""The machine side: plain JSON that scripts find their way in."""

from __future__ import annotations

import gzip
import json

import jsonschema
import pytest
from conftest import NoTexts, Page

from sqllineage_scan.domain.dataset import Column, Dataset, DatasetKind
from sqllineage_scan.domain.edge import ColumnEdge
from sqllineage_scan.domain.job import Job, JobKind
from sqllineage_scan.domain.names import ColumnId, DatasetId, JobId
from sqllineage_scan.domain.span import Span
from sqllineage_scan.domain.transformation import Transformation, TransformationSubtype
from sqllineage_scan.graph.build import build_graph
from sqllineage_scan.outputs.site import book
from sqllineage_scan.outputs.site.write import SiteOptions, write_site


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_index_leads_to_every_file(site, shop_graph) -> None:
    index = read(site / "api" / "index.json")
    assert [item["id"] for item in index["datasets"]] == [str(dataset.id) for dataset in shop_graph.datasets]
    assert [item["id"] for item in index["jobs"]] == [str(job.id) for job in shop_graph.jobs]
    for item in index["datasets"]:
        values = read(site / "api" / item["file"])
        assert values["id"] == item["id"]
        assert (site / "api" / "dataset" / values["page"]).resolve().is_file()
        for column in values["columns"]:
            told = read(site / "api" / "dataset" / column["file"])
            assert (told["dataset"], told["column"]) == (item["id"], column["name"])
    for item in index["jobs"]:
        assert read(site / "api" / item["file"])["id"] == item["id"]
    jsonschema.validate(read(site / "api" / index["document"]), read(site / "api" / index["schema"]))


def test_a_column_has_all_that_is_before_and_after_it(site, shop_graph) -> None:
    told = read(site / "api" / "column" / "shop.analytics.orders" / "net_amount.json")
    name = "shop.analytics.orders.net_amount"
    assert {f"{item['dataset']}.{item['column']}" for item in told["upstream"]} == {
        str(item) for item in shop_graph.upstream(name)
    }
    assert {f"{item['dataset']}.{item['column']}" for item in told["downstream"]} == {
        str(item) for item in shop_graph.downstream(name)
    }
    page, _, anchor = told["page"].partition("#")
    assert anchor in Page((site / "api" / "column" / "shop.analytics.orders" / page).resolve()).ids


def test_a_dataset_has_its_neighbours(site) -> None:
    told = read(site / "api" / "dataset" / "shop.analytics.orders.json")
    assert [item["id"] for item in told["upstream"]] == [
        "shop.analytics.int_order_payments",
        "shop.staging.stg_order_lines",
        "shop.staging.stg_orders",
        "shop.staging.stg_refunds",
    ]
    net = next(column for column in told["columns"] if column["name"] == "net_amount")
    assert {f"{item['dataset']}.{item['column']}" for item in net["sources"]} == {
        "shop.staging.stg_order_lines.line_amount",
        "shop.staging.stg_orders.shipping_amount",
        "shop.staging.stg_refunds.amount",
    }


@pytest.fixture
def brief(monkeypatch, tmp_path):
    """A project with more columns than are told of in full."""
    monkeypatch.setattr(book, "MOST_TOLD", 3)
    a, b, job = DatasetId("", "a"), DatasetId("", "b"), JobId("", "b.sql")
    graph = build_graph(
        name="large",
        datasets=[Dataset(name, DatasetKind.TABLE, (Column("x", "int"), Column("y"))) for name in (a, b)],
        jobs=[Job(job, JobKind.QUERY, "", Span("b.sql", 1, 1, 1, 2), (a,), (b,))],
        column_edges=[
            ColumnEdge(ColumnId(a, "x"), ColumnId(b, "y"), job, Transformation(TransformationSubtype.AGGREGATION, "sum(x)"), ())
        ],
    )
    write_site(graph, tmp_path / "site", NoTexts(), SiteOptions())
    return tmp_path / "site", graph


def test_a_large_project_is_told_in_brief(brief) -> None:
    site, graph = brief
    index = read(site / "api" / "index.json")
    assert index["brief"] is True
    assert index["document"] == "../lineage.json.gz"
    assert json.loads(gzip.decompress((site / "lineage.json.gz").read_bytes())) == graph.to_dict()
    assert not (site / "api" / "column").exists()
    assert read(site / "api" / "dataset" / "b.json")["columns"] == [
        {"name": "x", "type": "int", "sources": []},
        {"name": "y", "sources": ["a.x"]},
    ]
    page = Page(site / "dataset" / "b.html")
    assert "a.html#c-x" in page.links
    assert "aggregated" in page.text
    assert {"c-x", "c-y"} <= set(page.ids)
