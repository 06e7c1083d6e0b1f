"""Findings as one JSON document: what is open and what is suppressed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from sqllineage_scan.bundled import version
from sqllineage_scan.outputs.harmless import write_json

if TYPE_CHECKING:
    from sqllineage_scan.domain.report import Report, Reported
    from sqllineage_scan.domain.span import Span


def write(report: Report, out: TextIO) -> None:
    document = {
        "tool": {"name": "sqllineage-scan", "version": version()},
        "files": report.files,
        "findings": [of_finding(each) for each in report.findings],
        "unchecked": dict(sorted(report.unchecked.items())),
    }
    write_json(document, out)


def of_finding(each: Reported) -> dict[str, Any]:
    finding = each.finding
    said: dict[str, Any] = {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        "subject": finding.subject,
        "span": of_span(finding.span),
        "fingerprint": each.fingerprint,
    }
    if finding.steps:
        said["steps"] = [{"text": step.text, **({"span": of_span(step.span)} if step.span else {})} for step in finding.steps]
    if each.suppressed:
        said["suppressed"] = {"by": each.suppressed, **({"span": of_span(each.by)} if each.by else {})}
    return said


def of_span(span: Span) -> dict[str, Any]:
    return {"path": span.path, "line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}
