"""Drift as Markdown: a table a kind."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.changes._words import code
from sqllineage_scan.outputs.drift.text import TITLES

if TYPE_CHECKING:
    from sqllineage_scan.domain.drift import DriftReport

_MOST = 200  # rows of one kind: a comment and a job summary have limits


def write(report: DriftReport, out: TextIO) -> None:
    out.write(f"### Drift from {code(report.source)}\n\n")
    compared = f"{report.datasets:,} datasets with {report.columns:,} columns compared"
    out.write(f"{len(report.drifts):,} differences; {compared}.\n" if report.drifts else f"Nothing differs; {compared}.\n")
    for kind, group in groupby(report.drifts, key=lambda each: each.kind):
        found = list(group)
        out.write(f"\n#### {TITLES[kind]} ({len(found):,})\n\n| | repository | database | where |\n|---|---|---|---|\n")
        for each in found[:_MOST]:
            where = code(f"{each.span.path}:{each.span.line}") if each.span is not None else ""
            cells = (code(each.subject), *(code(text) if text else "" for text in (each.expected, each.observed)), where)
            out.write(f"| {' | '.join(cells)} |\n")
        if len(found) > _MOST:
            out.write(f"\nand {len(found) - _MOST:,} more\n")
