"""Who answers for what, as CSV: a row for each owner, steward, term, tag and access of each dataset and column.

A dataset that nobody answers for has a row with nothing behind its name, so that it can be counted too.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.graph.governance import governance_of
from sqllineage_scan.outputs.lineage.csv import cell
from sqllineage_scan.outputs.lines import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.governance import Governed
    from sqllineage_scan.graph.model import LineageGraph

ENDING = "csv"
HEADER = ("dataset", "column", "kind", "value", "origin", "inherited_from", "confidence")


def write(graph: LineageGraph, out: TextIO) -> None:
    table = csv.writer(out, lineterminator="\n")
    table.writerow(HEADER)
    for governed in governance_of(graph):
        table.writerows([cell(clean(text)) for text in row] for row in _rows(governed))


def _rows(governed: Governed) -> Iterator[tuple[str, ...]]:
    place = (str(governed.dataset), governed.column)
    if not governed.held:
        yield (*place, *[""] * (len(HEADER) - len(place)))
    for held in governed.held:
        inherited = (str(held.source), f"{held.confidence:.4g}") if held.source is not None else ("", "")
        yield (*place, held.kind.value, held.text, held.origin, *inherited)
