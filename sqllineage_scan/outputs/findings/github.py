"""Annotations of GitHub Actions: lines that a workflow prints, and that GitHub shows beside the code."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.outputs.annotation import command

if TYPE_CHECKING:
    from sqllineage_scan.domain.report import Report

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def write(report: Report, out: TextIO) -> None:
    """One line a finding that is open. GitHub counts columns as we do, and its last one inclusively."""
    for each in report.open:
        finding, span = each.finding, each.finding.span
        said = {"title": f"{finding.code} {finding.name}"}
        if span.path:
            said = {"file": span.path, "line": str(span.line), "endLine": str(span.end_line), **said}
            if span.line == span.end_line:  # of several lines GitHub takes no columns
                said |= {"col": str(span.column), "endColumn": str(max(span.end_column - 1, span.column))}
        message = f"{finding.message}\n{finding.help}" if finding.help else finding.message
        out.write(command(_COMMANDS[finding.severity], message, **said) + "\n")
