"""Findings for people: where, what, the line itself, what it rests on, why that matters, what to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.outputs.lines import (
    WIDTH,
    Line,
    Piece,
    Role,
    cells,
    clean,
    clipped,
    counted,
    line,
    of_severity,
    wrapped,
    write_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.report import Report, Reported
    from sqllineage_scan.domain.span import Span

_GUTTER = 6
_MOST_STEPS = 8
_SHORTEST = 40  # of what is shown of a line around its caret


def write(report: Report, out: TextIO) -> None:
    write_lines(lines(report), out)


def lines(report: Report, width: int = WIDTH, *, suppressed: bool = False, notes: bool = True) -> list[Line]:
    """A rule's reason is told with its first finding only. ``suppressed``: show those in full too, not only their number."""
    told: set[str] = set()
    found: list[Line] = []
    for each in report.findings if suppressed else report.open:
        if notes or each.finding.severity is not Severity.NOTE or each.suppressed:
            found += [*_finding(report, each, width, told), ()]
    return [*found, *_summary(report, notes=notes)]


def _finding(report: Report, each: Reported, width: int, told: set[str]) -> Iterator[Line]:
    finding = each.finding
    head = f"{finding.severity.value} {finding.code}"
    state = f" (suppressed: {each.suppressed})" if each.suppressed else ""
    place = str(finding.span) if finding.span.path else "the repository"
    yield line(
        Piece(clean(place), Role.NAME), ": ", of_severity(head, finding.severity), f" {finding.name}", Piece(state, Role.QUIET)
    )
    yield from wrapped(finding.message, width, "  ")
    yield from _source(each, width)
    for step in finding.steps[:_MOST_STEPS]:
        where = f"{step.span}: " if step.span is not None else ""
        yield from wrapped(f"{where}{step.text}", width, "    ", Role.QUIET)
    if len(finding.steps) > _MOST_STEPS:
        yield line(Piece(f"    and {len(finding.steps) - _MOST_STEPS} more", Role.QUIET))
    rule = report.rule(finding.name)
    if rule is not None and finding.name not in told and finding.severity is not Severity.NOTE:
        told.add(finding.name)
        yield from wrapped(f"why: {rule.why}", width, "  ", Role.QUIET)
    if finding.help:
        yield from wrapped(f"help: {finding.help}", width, "  ")


def _source(each: Reported, width: int) -> Iterator[Line]:
    """The line with its number, and carets under what is meant; of a wide line the part that matters."""
    span = each.finding.span
    if not each.lines or (span.line, span.column) == (span.end_line, span.end_column):
        return
    text = each.lines[0].expandtabs(1)
    room = max(width - _GUTTER - 3, _SHORTEST)
    start = max(0, min(span.column - 1 - room // 3, len(text) - room)) if len(text) > room else 0
    shown = text[start : start + room].rstrip()
    yield line(Piece(f"{span.line:>{_GUTTER - 1}} | ", Role.QUIET), _printable(shown))
    before = shown[: span.column - 1 - start]
    length = _length(span, text, len(shown) + start)
    if before.strip() != shown.strip() and length > 0:
        under = " " * cells(_printable(before)) + "^" * max(1, cells(_printable(shown[len(before) : len(before) + length])))
        yield line(Piece(f"{'':>{_GUTTER - 1}} | ", Role.QUIET), of_severity(under, each.finding.severity))


def _length(span: Span, text: str, end: int) -> int:
    last = span.end_column - 1 if span.end_line == span.line else len(text.rstrip())
    return min(last, end) - (span.column - 1)


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _summary(report: Report, *, notes: bool) -> Iterator[Line]:
    counts = Counter(each.finding.severity for each in report.open)
    pieces: list[Piece | str] = []
    for severity in Severity:
        if counts[severity]:
            pieces += [", " if pieces else "", of_severity(counted(counts[severity], severity.value), severity)]
    if not pieces:
        pieces = [Piece("Nothing found", Role.CERTAIN)]
    if report.suppressed:
        pieces.append(Piece(f", {len(report.suppressed):,} suppressed", Role.QUIET))
    under = f", of {counted(report.promises, 'dataset')} under contract" if report.promises else ""
    pieces.append(f" in {counted(report.files, 'file')}, by {counted(len(report.rules), 'rule')}{under}.")
    yield line(*pieces)
    if counts[Severity.NOTE] and not notes:
        yield line(Piece("Notes are not shown: --notes shows them.", Role.QUIET))
    for name, why in sorted(report.unchecked.items()):
        yield line(Piece(clipped(f"{name} did not run: {why}", WIDTH * 2), Role.QUIET))
