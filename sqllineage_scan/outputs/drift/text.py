"""Drift for people: what differs, the worst first, and how much could be compared."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.domain.drift import DriftKind
from sqllineage_scan.outputs.lines import WIDTH, Line, Piece, Role, clean, clipped, counted, line, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.drift import Drift, DriftReport

TITLES = {
    DriftKind.MISSING_DATASET: "Datasets that are not there",
    DriftKind.MISSING_COLUMN: "Columns that are not there",
    DriftKind.TYPE: "Other types",
    DriftKind.TAGS: "Other tags",
    DriftKind.EXTRA_COLUMN: "Columns that the SQL does not make",
    DriftKind.EXTRA_DATASET: "Tables that no SQL speaks of",
}
_MOST = 100  # of one kind


def write(report: DriftReport, out: TextIO) -> None:
    write_lines(describe(report), out)


def describe(report: DriftReport, width: int = WIDTH) -> list[Line]:
    return list(_lines(report, width))


def _lines(report: DriftReport, width: int) -> Iterator[Line]:
    for kind, group in groupby(report.drifts, key=lambda each: each.kind):
        found = list(group)
        yield line(Piece(f"{TITLES[kind]} ({len(found):,})", Role.ERROR if kind.breaks else Role.WARNING))
        for each in found[:_MOST]:
            yield from _drift(each, width)
        if len(found) > _MOST:
            yield line(Piece(f"  and {len(found) - _MOST:,} more: --format json has all", Role.QUIET))
        yield ()
    what = counted(len(report.drifts), "difference")
    told = Piece("Nothing differs", Role.CERTAIN) if not report.drifts else Piece(what, Role.PLAIN)
    compared = f"{counted(report.datasets, 'dataset')} with {counted(report.columns, 'column')}"
    yield line(told, f" from {clean(report.source)} ({report.kind}): {compared} compared.")
    if report.uncovered:
        yield line(Piece(f"Of {counted(report.uncovered, 'dataset')} of the repository it tells nothing.", Role.QUIET))
    for name in report.unsure[:5]:
        yield line(Piece(clipped(f"{name} fits several datasets and was left out.", width), Role.QUIET))


def _drift(each: Drift, width: int) -> Iterator[Line]:
    yield line("  ", Piece(clipped(each.subject, width - 2), Role.NAME), Piece(said(each), Role.PLAIN))
    if each.span is not None:
        yield line(Piece(f"      {clean(str(each.span))}", Role.QUIET))


def said(each: Drift) -> str:
    """``: bigint here, text there``"""
    if each.expected and each.observed:
        return f": {clean(each.expected)} here, {clean(each.observed)} there"
    if each.kind is DriftKind.TAGS:
        return f": {clean(each.expected) or 'none'} here, {clean(each.observed) or 'none'} there"
    return f": {clean(each.expected or each.observed)}" if each.expected or each.observed else ""
