"""GitLab's Code Quality report, which merge requests show.

Source: docs.gitlab.com/ci/testing/code_quality, "Code Quality report format".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.outputs.harmless import write_json

if TYPE_CHECKING:
    from sqllineage_scan.domain.report import Report

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}


def write(report: Report, out: TextIO) -> None:
    """Open findings; GitLab wants a path, so what is about the whole repository is its root's."""
    issues = [
        {
            "description": f"{each.finding.code} {each.finding.message}",
            "check_name": each.finding.name,
            "fingerprint": each.fingerprint,
            "severity": _SEVERITIES[each.finding.severity],
            "location": {
                "path": each.finding.span.path or ".",
                "lines": {"begin": each.finding.span.line, "end": each.finding.span.end_line},
            },
        }
        for each in report.open
    ]
    write_json(issues, out)
