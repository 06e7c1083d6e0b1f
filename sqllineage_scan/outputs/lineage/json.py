"""The lineage document: ``lineage.json``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from sqllineage_scan.graph.model import LineageGraph


def write(graph: LineageGraph, out: TextIO) -> None:
    """Everything in it is sorted already, so the same graph gives the same bytes."""
    out.writelines(json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(graph.to_dict()))
    out.write("\n")
