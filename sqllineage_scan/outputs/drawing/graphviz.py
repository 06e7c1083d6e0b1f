"""Graphviz lays a drawing out, where it is installed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from sqllineage_scan.errors import UsageError
from sqllineage_scan.outputs.drawing.records import drawing

if TYPE_CHECKING:
    from sqllineage_scan.graph.model import LineageGraph

PROGRAM = "dot"


def laid_out(graph: LineageGraph, form: str) -> bytes:
    """``UsageError`` says what to install where Graphviz is not there, and what to do where it gives up."""
    if shutil.which(PROGRAM) is None:
        raise UsageError(
            f"--format {form} needs Graphviz, and there is no program {PROGRAM}: apt-get install graphviz, "
            "brew install graphviz or choco install graphviz; or write --format dot and lay it out elsewhere"
        )
    try:
        made: bytes = drawing(graph).create(prog=PROGRAM, format=form, encoding="utf-8")
    except (AssertionError, OSError) as error:  # pydot asserts that the program went well
        said = " ".join(str(error).split())[:200]
        raise UsageError(f"Graphviz could not draw {len(graph.datasets)} datasets: {said}; --select draws a part") from error
    return made
