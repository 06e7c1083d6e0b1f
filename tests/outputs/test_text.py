"""What people read: the summary of a scan, and what show says. Run with --snapshot-update and read the difference."""

from __future__ import annotations

import json
from io import StringIO

import pytest

from sqllineage_scan.domain.coverage import Coverage, Gap, GapKind
from sqllineage_scan.graph.build import build_graph
from sqllineage_scan.outputs.formats import writer
from sqllineage_scan.outputs.lineage.summary import summary
from sqllineage_scan.outputs.lines import cells, clean, clipped, padded, percent
from sqllineage_scan.outputs.subject.text import describe


def printed(lines) -> str:
    return "".join("".join(piece.text for piece in line).rstrip() + "\n" for line in lines)


def test_summary(shop, snapshot) -> None:
    assert printed(summary(shop)) == snapshot
    out = StringIO()
    writer("lineage", "summary")(shop, out)
    assert out.getvalue() == printed(summary(shop))


def test_summary_fits_the_page(shop) -> None:
    assert max(map(cells, printed(summary(shop, 80)).splitlines())) <= 80


def test_summary_of_little_and_of_much() -> None:
    little = printed(summary(build_graph(name="empty")))
    assert "Column edges        0" in little
    assert "What hides" not in little
    gaps = tuple(Gap(GapKind.HOLE, f"macro_{number}()", "unknown", number, "add it") for number in range(25))
    much = printed(summary(build_graph(name="many", coverage=Coverage(gaps=gaps))))
    assert "  +15 more in the document" in much
    assert "macro_24()" in much
    assert "macro_14()" not in much
    assert len(much.splitlines()) <= 40


@pytest.mark.parametrize("name", ["orders", "orders.amount", "report", "finance.rates", "stg_payments.amount"])
def test_show(shop, snapshot, name: str) -> None:
    assert printed(describe(shop.subject(name))) == snapshot


def test_show_to_a_depth(shop) -> None:
    everything = printed(describe(shop.subject("report", depth=9)))
    assert "raw.public.payments.amt" in everything
    one = printed(describe(shop.subject("report.amount", depth=1)))
    assert "analytics.orders.amount  IDENTITY  1.00 certain  (and further back)" in one
    assert "raw.public" not in one.partition("Rows")[0]


def test_show_as_json(shop) -> None:
    values = {}
    for name in ("orders", "orders.amount"):
        out = StringIO()
        writer("subject", "json")(shop.subject(name), out)
        values[name] = json.loads(out.getvalue())
    dataset, column = values.values()
    document = shop.to_dict()
    assert dataset["dataset"] in document["datasets"]
    assert [item["column"] for item in dataset["columns"]] == ["id", "amount", "email_hash", "status"]
    assert [edge["source"] for edge in dataset["upstream"]] == [
        "analytics.stg_payments",
        "raw.public.orders",
        "snowflake://acme/finance.rates",
    ]
    assert [item["name"] for item in dataset["exposures"]] == ["weekly_report"]
    assert column["id"] == {"dataset": "analytics.orders", "column": "amount"}
    assert column["column"]["type"] == "decimal(18,2)"
    assert column["readers"][0] in document["column_edges"]
    first = column["sources"][0]
    assert first["sources"][0]["source"] == {"dataset": "raw.public.payments", "column": "amt"}
    assert (first["repeated"], first["cut"]) == (False, False)


def test_a_column_that_reads_itself_is_told_once(shop) -> None:
    text = printed(describe(shop.subject("orders.status")))
    assert text.count("← analytics.orders.status") == 1
    assert "(told above)" in text


def test_text_is_measured_in_cells() -> None:
    assert cells("名前") == 4
    assert cells("e\u0301") == 1
    assert padded("名", 4) == "名  "
    assert clipped("select\n  something\x1b[31m long", 12) == "select some…"
    assert clean("a\x00b\tc") == "a b c"


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(1, 3, "33.3 %"), (99999, 100000, "99.9 %"), (3, 3, "100.0 %"), (0, 0, "-"), (0, 5, "0.0 %")]
)
def test_percent_never_rounds_up_to_all(part: int, whole: int, said: str) -> None:
    assert percent(part, whole) == said
