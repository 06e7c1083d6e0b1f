"""Spans point into the source file: what stands there is what the edge says."""

from __future__ import annotations

from pathlib import Path

from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

SHOP = Path(__file__).parents[2] / "examples" / "shop"


def cut(root: Path, span: dict[str, object]) -> str:
    """The text of a span, read off the file."""
    lines = (root / str(span["path"])).read_text().split("\n")
    first, last = int(str(span["line"])), int(str(span["end_line"]))
    start, end = int(str(span["column"])) - 1, int(str(span["end_column"])) - 1
    if first == last:
        return lines[first - 1][start:end]
    return "\n".join([lines[first - 1][start:], *lines[first : last - 1], lines[last - 1][:end]])


def test_every_identity_edge_is_read_where_it_says() -> None:
    graph = scan_repository(SHOP, ScanOptions()).to_dict()
    looked_at = 0
    for edge in graph["column_edges"]:
        for evidence in edge["evidence"]:
            if evidence["kind"] not in ("qualified", "schema", "sole_input") or "span" not in evidence:
                continue
            written = cut(SHOP, evidence["span"])
            if "{{" in written:
                continue  # the reference came out of a template expression, and the span is that expression's
            looked_at += 1
            assert written.split(".")[-1].strip('"').lower() == edge["source"]["column"].strip('"').lower(), (edge, written)
    assert looked_at > 100


def test_every_span_lies_inside_its_file() -> None:
    graph = scan_repository(SHOP, ScanOptions()).to_dict()
    spans = [item["span"] for key in ("datasets", "jobs", "column_edges", "findings") for item in graph[key] if "span" in item]
    assert len(spans) > 100
    for span in spans:
        lines = (SHOP / span["path"]).read_text().split("\n")
        assert 1 <= span["line"] <= span["end_line"] <= len(lines), span
        assert 1 <= span["column"] <= len(lines[span["line"] - 1]) + 1, span
        assert 1 <= span["end_column"] <= len(lines[span["end_line"] - 1]) + 1, span
        assert (span["line"], span["column"]) <= (span["end_line"], span["end_column"]), span
