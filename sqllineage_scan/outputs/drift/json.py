"""Drift as one JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.bundled import version
from sqllineage_scan.outputs.harmless import write_json

if TYPE_CHECKING:
    from sqllineage_scan.domain.drift import DriftReport


def write(report: DriftReport, out: TextIO) -> None:
    document = {
        "tool": {"name": "sqllineage-scan", "version": version()},
        "observed": {"source": report.source, "kind": report.kind},
        "compared": {"datasets": report.datasets, "columns": report.columns},
        "uncovered": report.uncovered,
        "unsure": list(report.unsure),
        "breaking": bool(report.breaking),
        "drift": [
            {
                "kind": each.kind.value,
                "subject": each.subject,
                "expected": each.expected or None,
                "observed": each.observed or None,
                "breaking": each.kind.breaks,
                "why": each.why,
                **({"path": each.span.path, "line": each.span.line} if each.span is not None else {}),
            }
            for each in report.drifts
        ],
    }
    write_json(document, out)
