"""SARIF 2.1.0, which GitHub's code scanning, Azure DevOps and editors read.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0". Columns are counted in code points and said so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

from sqllineage_scan.bundled import version
from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.outputs.harmless import write_json

if TYPE_CHECKING:
    from sqllineage_scan.domain.finding import Step
    from sqllineage_scan.domain.report import Report, Reported
    from sqllineage_scan.domain.rule import Rule
    from sqllineage_scan.domain.span import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://github.com/sqllineage-scan/sqllineage-scan"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def write(report: Report, out: TextIO) -> None:
    rules = _rules(report)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "sqllineage-scan",
                "semanticVersion": version(),
                "informationUri": HOME,
                "rules": rules,
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the repository."}}},
        "results": [_result(each, index) for each in report.findings],
    }
    write_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, out)


def rule_id(code: str, name: str) -> str:
    """A hierarchical id: stages share a code among findings of one kind."""
    return f"{code}/{name}"


def _rules(report: Report) -> list[dict[str, Any]]:
    """Every rule that ran, and the names of findings that no rule describes."""
    described = {rule_id(rule.code, rule.name): _rule(rule) for rule in report.rules}
    for each in report.findings:
        finding = each.finding
        described.setdefault(
            rule_id(finding.code, finding.name), {"id": rule_id(finding.code, finding.name), "name": finding.name}
        )
    return [described[key] for key in sorted(described)]


def _rule(rule: Rule) -> dict[str, Any]:
    said = {
        "id": rule_id(rule.code, rule.name),
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": f"{rule.summary} {rule.why}"},
        "helpUri": f"{HOME}/blob/main/docs/rules.md#{anchor(rule)}",
        "help": {"text": f"{rule.why}\n\n{rule.remedy}".strip()},
        "properties": {"tags": ["lineage", rule.group]},
    }
    if rule.severity is not None:
        said["defaultConfiguration"] = {"level": _LEVELS[rule.severity]}
    return said


def anchor(rule: Rule) -> str:
    """Of its heading in docs/rules.md, "CL02 columns.ambiguous", as GitHub makes them."""
    return f"{rule.code.lower()}-{rule.name.replace('.', '')}"


def _result(each: Reported, index: dict[str, int]) -> dict[str, Any]:
    finding = each.finding
    key = rule_id(finding.code, finding.name)
    said: dict[str, Any] = {
        "ruleId": key,
        "ruleIndex": index[key],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}. {finding.help}" if finding.help else finding.message},
        "partialFingerprints": {"sqllineageScan/v1": each.fingerprint},
    }
    if finding.span.path:
        location: dict[str, Any] = {"physicalLocation": _physical(finding.span)}
        if finding.subject:
            location["logicalLocations"] = [{"fullyQualifiedName": finding.subject}]
        said["locations"] = [location]
    placed = [step for step in finding.steps if step.span is not None]
    if placed:
        said["relatedLocations"] = [_related(number, step) for number, step in enumerate(placed, 1)]
        said["codeFlows"] = [{"threadFlows": [{"locations": [{"location": _related(None, step)} for step in placed]}]}]
    if each.suppressed:
        said["suppressions"] = [{"kind": "inSource" if each.by is not None else "external", "justification": each.suppressed}]
    return said


def _related(number: int | None, step: Step) -> dict[str, Any]:
    assert step.span is not None
    said: dict[str, Any] = {} if number is None else {"id": number}
    return {**said, "physicalLocation": _physical(step.span), "message": {"text": step.text}}


def _physical(span: Span) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": quote(span.path, errors="surrogateescape"), "uriBaseId": "SRCROOT"},
        "region": {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": max(span.end_column, span.column) if span.line == span.end_line else span.end_column,
        },
    }
