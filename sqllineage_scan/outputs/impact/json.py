"""What a change reaches, as JSON in the words of the lineage document."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.domain.evidence import band_of
from sqllineage_scan.graph import encode
from sqllineage_scan.outputs.harmless import write_json
from sqllineage_scan.outputs.hops import node_value, tree_value

if TYPE_CHECKING:
    from sqllineage_scan.graph.questions import Reached


def write(reached: Reached, out: TextIO) -> None:
    values = {
        "subject": node_value(reached.subject),
        "risk": {"score": reached.risk.score, "of": 100, "parts": [part._asdict() for part in reached.risk.parts]},
        "datasets": [
            {
                "dataset": str(item.dataset.id),
                "columns": list(item.columns),
                "rows": item.rows,
                "distance": item.distance,
                "confidence": item.confidence,
                "band": band_of(item.confidence).value,
                "owner": item.dataset.owner,
            }
            for item in reached.affected
        ],
        "jobs": [encode.of_job(job) for job in reached.jobs],
        "exposures": [encode.of_exposure(exposure) for exposure in reached.exposures],
        "owners": list(reached.owners),
        "readers": tree_value(reached.branches),
    }
    write_json(values, out)
