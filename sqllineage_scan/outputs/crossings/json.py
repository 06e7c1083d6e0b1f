"""Where repositories meet, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.harmless import write_json

if TYPE_CHECKING:
    from sqllineage_scan.graph.join.crossings import Crossings


def write(crossings: Crossings, out: TextIO) -> None:
    values = {
        "crossings": [{**item._asdict(), "dataset": str(item.dataset)} for item in crossings.crossings],
        "written_by_several": [{"dataset": str(item.dataset), "writers": item.writers} for item in crossings.shared],
        "near": [{"read": str(item.read), "made": str(item.made)} for item in crossings.near],
    }
    write_json(values, out)
