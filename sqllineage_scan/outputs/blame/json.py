"""Who changed each column of a chain last, as JSON (docs/history.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.harmless import write_json
from sqllineage_scan.outputs.hops import node_value
from sqllineage_scan.outputs.log.json import change_value

if TYPE_CHECKING:
    from sqllineage_scan.domain.history import Blame


def write(blame: Blame, out: TextIO) -> None:
    values = {
        "subject": node_value(blame.subject),
        "head": blame.looked.head,
        "commits_looked_at": blame.looked.commits,
        "shallow": blame.looked.is_cut,
        "columns": [
            {
                **node_value(blamed.column),
                "distance": blamed.distance,
                "made_here": blamed.made_here,
                "commit": None if blamed.commit is None else blamed.commit._asdict(),
                "change": None if blamed.change is None else change_value(blamed.change),
            }
            for blamed in blame.columns
        ],
    }
    write_json(values, out)
