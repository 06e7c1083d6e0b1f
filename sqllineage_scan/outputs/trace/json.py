"""Where a wrong value may come from, as JSON: sources with their end, chain and commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from sqllineage_scan.graph import encode
from sqllineage_scan.outputs.harmless import write_json
from sqllineage_scan.outputs.hops import edge_value, node_value, place_of

if TYPE_CHECKING:
    from sqllineage_scan.graph.chain import End
    from sqllineage_scan.graph.told import ToldTrace
    from sqllineage_scan.graph.traverse import Edge


def write(told: ToldTrace, out: TextIO) -> None:
    traced = told.traced
    values = {
        "subject": node_value(traced.subject),
        "end": _end(traced.end),
        "sources": [
            {
                "source": node_value(suspect.node),
                "end": _end(suspect.end),
                "confidence": suspect.confidence,
                "band": suspect.band.value,
                "chain": [_hop(edge, told) for edge in suspect.path],
            }
            for suspect in traced.suspects
        ],
        "gaps": len(traced.gaps),
        "row_edges": [encode.of_row_edge(edge) for edge in traced.row_edges],
    }
    write_json(values, out)


def _end(end: End | None) -> dict[str, str] | None:
    return None if end is None else {"kind": end.kind.value, "reason": end.reason}


def _hop(edge: Edge, told: ToldTrace) -> dict[str, Any]:
    span = place_of(edge, told.jobs)
    commit = told.commits.get(span) if span else None
    return {**edge_value(edge), "commit": None if commit is None else commit._asdict()}
