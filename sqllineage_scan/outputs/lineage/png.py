"""The drawing as PNG, laid out by Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from sqllineage_scan.outputs.drawing.graphviz import laid_out

if TYPE_CHECKING:
    from sqllineage_scan.graph.model import LineageGraph

BINARY = True


def write(graph: LineageGraph, out: BinaryIO) -> None:
    out.write(laid_out(graph, "png"))
