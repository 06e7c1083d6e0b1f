"""Findings as msgspec reads and writes them in C: a check may find tens of thousands, and most are those of the last one."""

from __future__ import annotations

from sqllineage_scan.domain.finding import Finding, Severity, Step
from sqllineage_scan.domain.span import made

_WireSpan = tuple[str, int, int, int, int]
WireFinding = tuple[str, str, str, str, _WireSpan, str, str, list[tuple[str, _WireSpan | None]]]
"""``code``, ``name``, ``severity``, ``message``, ``span``, ``subject``, ``help``, ``steps``; its line is read anew."""
_SEVERITIES = {severity.value: severity for severity in Severity}


def write_finding(finding: Finding) -> WireFinding:
    steps: list[tuple[str, _WireSpan | None]] = [(step.text, step.span) for step in finding.steps]
    severity = finding.severity.value
    return (finding.code, finding.name, severity, finding.message, finding.span, finding.subject, finding.help, steps)


def read_finding(wire: WireFinding) -> Finding:
    """``KeyError`` for a severity that there is not."""
    code, name, severity, message, span, subject, help_, steps = wire
    said = tuple([Step(text, None if place is None else made(place)) for text, place in steps])
    return Finding(code, name, _SEVERITIES[severity], message, made(span), subject, help_, said)
