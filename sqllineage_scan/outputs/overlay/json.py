"""What runs reported and what the repository says, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.graph import encode
from sqllineage_scan.outputs.harmless import write_json

if TYPE_CHECKING:
    from sqllineage_scan.graph.overlay import Overlay


def write(overlay: Overlay, out: TextIO) -> None:
    values = {
        **{key: [encode.of_column_edge(edge) for edge in edges] for key, edges in overlay.standing._asdict().items()},
        "unmatched": [str(dataset) for dataset in overlay.unmatched],
    }
    write_json(values, out)
