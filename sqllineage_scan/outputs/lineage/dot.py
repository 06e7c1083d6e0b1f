"""Graphviz's DOT: a record a dataset, a row a column, an edge between rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.drawing.records import drawing

if TYPE_CHECKING:
    from sqllineage_scan.graph.model import LineageGraph

ENDING = "gv"


def write(graph: LineageGraph, out: TextIO) -> None:
    out.write(drawing(graph).to_string())
