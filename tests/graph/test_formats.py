"""What each format writes of the sample graph, and of a graph whose texts are all markup somewhere."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from unicodedata import category
from xml.etree import ElementTree as ET

import pytest
import yaml
from hostile import EVIL, hostile
from sample_shop import sample_shop

from sqllineage_scan import api
from sqllineage_scan.errors import UsageError
from sqllineage_scan.outputs.edge_rows import EdgeRow
from sqllineage_scan.outputs.formats import formats, is_binary, remarks, writer
from sqllineage_scan.outputs.lineage.mermaid import MOST_CHARACTERS, MOST_EDGES, chart

SHOP, HOSTILE = sample_shop(), hostile()
TEXTS = [name for name in formats("lineage") if not is_binary("lineage", name)]


def written(name: str, graph=SHOP) -> str:
    out = io.StringIO()
    writer("lineage", name)(graph, out)
    return out.getvalue()


def data(name: str, graph=SHOP) -> bytes:
    out = io.BytesIO()
    writer("lineage", name)(graph, out)
    return out.getvalue()


def test_the_formats() -> None:
    promised = {
        "csv",
        "dbt",
        "dot",
        "governance",
        "graphml",
        "json",
        "mermaid",
        "openlineage",
        "parquet",
        "png",
        "sqlite",
        "summary",
        "svg",
    }
    assert set(formats("lineage")) == promised


@pytest.mark.parametrize("name", formats("lineage"))
def test_same_graph_same_bytes(name: str) -> None:
    write = data if is_binary("lineage", name) else written
    assert write(name) == write(name, sample_shop())
    assert write(name)


@pytest.mark.parametrize("name", TEXTS)
def test_no_control_sequences(name: str) -> None:
    """Line breaks are the format's own; the rest nobody may bring in. JSON has them escaped."""
    text = written(name, HOSTILE)
    control = {letter for letter in text if category(letter) == "Cc" and letter != "\n"}
    assert not control, (name, control)
    if name not in ("json", "openlineage"):
        assert "\u202e" not in text


def test_dot_has_a_record_a_dataset_and_a_row_a_column() -> None:
    """As Graphviz reads it."""
    read = subprocess.run(["dot", "-Tdot_json"], input=written("dot"), capture_output=True, text=True, check=True)
    graph = json.loads(read.stdout)
    labels = [node["label"] for node in graph["objects"]]
    orders = next(number for number, label in enumerate(labels) if label.startswith("{<t> analytics.orders\\n"))
    payments = next(number for number, label in enumerate(labels) if label.startswith("{<t> analytics.stg_payments\\n"))
    assert labels[orders] == "{<t> analytics.orders\\nmodel|<c0> id|<c1> amount|<c2> email_hash|<c3> status}"
    ends = [(edge["tail"], edge.get("tailport"), edge["head"], edge.get("headport")) for edge in graph["edges"]]
    assert (payments, "c1", orders, "c1") in ends


def test_svg_is_laid_out_and_its_texts_are_texts() -> None:
    root = ET.fromstring(written("svg"))
    texts = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"analytics.orders", "email_hash", "aggregation"} <= texts
    evil = ET.fromstring(written("svg", HOSTILE))
    assert not list(evil.iter("{http://www.w3.org/2000/svg}script"))
    shown = {(element.text or "").replace("\u00a0", " ") for element in evil.iter("{http://www.w3.org/2000/svg}text")}
    assert EVIL[0] in shown
    assert "&lt;&#60; gnp.exe" in shown


def test_png_is_one() -> None:
    assert data("png").startswith(b"\x89PNG\r\n\x1a\n")


def test_without_graphviz_a_sentence_says_what_to_do(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("dot") is None
    with pytest.raises(UsageError, match=r"--format svg needs Graphviz.*apt-get install graphviz.*--format dot"):
        written("svg")


def test_mermaid_draws_columns_where_they_are_few() -> None:
    lines = written("mermaid").splitlines()
    assert lines[0] == "flowchart LR"
    assert '    d1c0["amount"]' in lines or any(line.endswith('["amount"]') for line in lines)
    assert any('-->|"aggregation"|' in line for line in lines)
    assert remarks("lineage", "mermaid", SHOP) == ()


def test_mermaid_has_no_markup_but_its_own() -> None:
    for line in written("mermaid", HOSTILE).splitlines():
        for label in re.findall(r'"([^"]*)"', line):
            assert not re.search(r"[<>{}%`=|&\\\[\]!']", re.sub(r"#\d+;", "", label)), label
        assert not re.search(r"%%|href|click ", re.sub(r'"[^"]*"', "", line))


def chain(length: int):
    sql = "".join(f"create view v{number + 1} as select a, b, c from v{number};\n" for number in range(length))
    return api.analyze_sql(sql, dialect="duckdb")


def test_mermaid_stays_within_githubs_limits_and_says_what_is_cut() -> None:
    medium, large = chart(chain(100)), chart(chain(700))
    assert "would be a knot" in medium.remark
    assert medium.text.count(" --> ") == 100
    assert large.remark.startswith(f"cut to {MOST_EDGES} of 700 edges")
    assert large.text.count(" --> ") == MOST_EDGES
    assert len(large.text) <= MOST_CHARACTERS
    assert "and 200 edges more" in large.text


def test_csv_has_a_row_a_column_edge_and_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv"))))
    assert len(rows) == len(SHOP.column_edges)
    assert tuple(rows[0]) == EdgeRow._fields
    row = next(row for row in rows if row["subtype"] == "AGGREGATION")
    assert (row["source_dataset"], row["target_column"], row["masking"]) == ("analytics.stg_payments", "amount", "false")
    for row in csv.reader(io.StringIO(written("csv", HOSTILE))):
        for cell in row:
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r")), cell


def test_parquet_is_what_csv_is_with_types(tmp_path: Path) -> None:
    """DuckDB reads it."""
    import duckdb

    path = tmp_path / "edges.parquet"
    path.write_bytes(data("parquet"))
    table = duckdb.sql(f"select * from '{path}'")
    assert table.columns == list(EdgeRow._fields)
    assert dict(zip(table.columns, table.types, strict=True))["confidence"] == "DOUBLE"
    assert len(table.fetchall()) == len(SHOP.column_edges)


def test_an_extra_that_is_not_there_is_named(tmp_path: Path) -> None:
    code = (
        "import sys, io; sys.modules['pyarrow'] = None; sys.modules['openlineage'] = None\n"
        "from sqllineage_scan.outputs.formats import writer; from sqllineage_scan import analyze_sql\n"
        "from sqllineage_scan.errors import UsageError\n"
        "for name in ('parquet', 'openlineage'):\n"
        "    try: writer('lineage', name)(analyze_sql('select 1'), io.BytesIO())\n"
        "    except UsageError as error: print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert "pip install 'sqllineage-scan[parquet]'" in said
    assert "pip install 'sqllineage-scan[openlineage]'" in said


def test_dbt_is_a_properties_file() -> None:
    document = yaml.safe_load(written("dbt"))
    orders = next(model for model in document["models"] if model["name"] == "orders")
    amount = next(column for column in orders["columns"] if column["name"] == "amount")
    assert amount["description"] == "What was paid, refunds taken off."
    sources = {edge["from"]: edge["subtype"] for edge in amount["config"]["meta"]["lineage"]}
    assert sources["analytics.stg_payments.amount"] == "AGGREGATION"
    assert document["sources"][0]["tables"][0]["name"] == "orders"
    assert document["exposures"] == [
        {
            "name": "views_report_sql",
            "label": "views/report.sql",
            "type": "application",
            "owner": {"name": "views/report.sql"},
            "depends_on": ["ref('orders')"],
        }
    ]
    for graph in (SHOP, HOSTILE):
        text = written("dbt", graph)
        yaml.safe_load(text)
        assert not re.search(r"\{[{%#]", text)


def test_sqlite_is_whole_and_its_views_answer() -> None:
    database = sqlite3.connect(":memory:")
    database.deserialize(data("sqlite"))
    assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert database.execute("pragma foreign_key_check").fetchall() == []
    upstream = database.execute(
        "select source_dataset, source_column from upstream where dataset = 'analytics.report' and column_ = 'amount'"
    ).fetchall()
    expected = {tuple(str(reach.id).rsplit(".", 1)) for reach in SHOP.upstream("report.amount")}
    assert set(upstream) == expected
    assert len(upstream) == len(expected)


@pytest.mark.parametrize("name", formats("lineage"))
def test_hostile_text_ends_no_format(name: str) -> None:
    if is_binary("lineage", name):
        assert data(name, HOSTILE)
    else:
        assert written(name, HOSTILE)


def test_the_example_queries_of_the_page_run_and_answer() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text()
    queries = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    assert len(queries) == 10
    database = sqlite3.connect(":memory:")
    database.deserialize(data("sqlite"))
    answers = [database.execute(query).fetchall() for query in queries]
    assert all(answers), [query for query, answer in zip(queries, answers, strict=True) if not answer]
    assert ("analytics.stg_payments", "amount", "AGGREGATION") in [row[:3] for row in answers[0]]
    assert {row[:2] for row in answers[3]} == set(answers[1])
    assert answers[4] == [("analytics.orders", "email_hash", "raw.public.orders", "email")]
    assert answers[5] == [("analytics.orders", "email_hash", "md5(o.email)")]


def test_every_format_has_its_row_with_what_it_cannot_carry() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text()
    rows = [row for row in page.splitlines() if row.startswith("| `")]
    for name in formats("lineage"):
        (row,) = [row for row in rows if f"`{name}`" in row.split("|")[1]]
        assert row.split("|")[4].strip()
