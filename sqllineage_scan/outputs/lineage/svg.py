"""The drawing as SVG, laid out by Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.drawing.graphviz import laid_out

if TYPE_CHECKING:
    from sqllineage_scan.graph.model import LineageGraph


def write(graph: LineageGraph, out: TextIO) -> None:
    out.write(laid_out(graph, "svg").decode("utf-8"))
