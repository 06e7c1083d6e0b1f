"""One row a column edge, for spreadsheets. A cell that a spreadsheet would take for a formula, or a CI job's log for a command,
begins with an apostrophe. What no cell shows (line breaks, control characters) is a space.

Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, TextIO

from sqllineage_scan.outputs.edge_rows import EdgeRow, edge_rows
from sqllineage_scan.outputs.harmless import without_commands, without_unseen

if TYPE_CHECKING:
    from sqllineage_scan.graph.content import Content

_ACTIVE = ("=", "+", "-", "@", "::", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # and their full-width forms


def write(graph: Content, out: TextIO) -> None:
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(EdgeRow._fields)
    rows.writerows([cell(value) for value in row] for row in edge_rows(graph))


def cell(value: Any) -> str:
    """Nothing that a spreadsheet would take for a formula."""
    if isinstance(value, str):
        text = without_commands(without_unseen(value))
        return f"'{text}" if text.lstrip().startswith(_ACTIVE) else text
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
