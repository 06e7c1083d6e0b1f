"""The ways between two columns or datasets, as JSON: the shortest as lists of edges, all of them as one tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.harmless import write_json
from sqllineage_scan.outputs.hops import edge_value, node_value, tree_value

if TYPE_CHECKING:
    from sqllineage_scan.graph.told import ToldWays


def write(told: ToldWays, out: TextIO) -> None:
    ways = told.ways
    values = {
        "source": node_value(ways.source),
        "target": node_value(ways.target),
        "shortest": [
            {"confidence": path.confidence, "band": path.band.value, "edges": [edge_value(edge) for edge in path.edges]}
            for path in ways.shortest
        ],
        "readers": tree_value(ways.branches),
    }
    write_json(values, out)
