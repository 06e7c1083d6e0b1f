"""What a scan found, for the person who ran it: how much was understood, how sure it is, and what hides the rest."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.domain.evidence import Band
from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.domain.source import FileStatus
from sqllineage_scan.outputs.lines import (
    TIED,
    WIDTH,
    Line,
    Piece,
    Role,
    cells,
    clean,
    clipped,
    counted,
    line,
    of_band,
    of_severity,
    padded,
    percent,
    wrapped,
    write_lines,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqllineage_scan.domain.coverage import Gap
    from sqllineage_scan.graph.content import Content

MOST_GAPS = 10
_LABEL = 14
_NUMBER = 7
_BAR = 30
_HIDES = 8


def write(graph: Content, out: TextIO) -> None:
    write_lines(summary(graph), out)


def summary(graph: Content, width: int = WIDTH) -> list[Line]:
    return [
        line(Piece(f"Lineage of {clean(graph.name)}", Role.TITLE)),
        (),
        *_counts(graph, width),
        (),
        *_bands(graph),
        *_findings(graph, width),
        *_gaps(graph.coverage.gaps, width),
    ]


def _row(label: str, number: int, *details: str, width: int) -> list[Line]:
    """A label, its number, and what the number is made of, wrapped beside it."""
    indent = " " * (_LABEL + _NUMBER + 3)
    rest = [row for detail in details if detail for row in wrapped(detail, width, indent)]
    first = rest[0][-1].text if rest else ""
    return [line(padded(label, _LABEL), Piece(f"{number:>{_NUMBER},}", Role.TITLE), f"   {first}"), *rest[1:]]


def _counts(graph: Content, width: int) -> list[Line]:
    coverage = graph.coverage
    kinds = Counter(file.kind.value for file in coverage.files)
    statuses = Counter(file.status for file in coverage.files)
    trouble = [
        f"{statuses[status]:,} {words}"
        for status, words in ((FileStatus.PARTIAL, "read in part"), (FileStatus.FAILED, "not read at all"))
        if statuses[status]
    ]
    statements = f"{coverage.statements_understood:,} understood" + _share(coverage.statements_understood, coverage.statements)
    references = f"{coverage.references_resolved:,} lead to exactly one column" + _share(
        coverage.references_resolved, coverage.references
    )
    return [
        *_row("Files", len(coverage.files), _listing(kinds), _dialects(graph), ", ".join(trouble), width=width),
        *_row("Statements", coverage.statements, statements, width=width),
        *_row("Datasets", len(graph.datasets), _listing(Counter(item.kind.value for item in graph.datasets)), width=width),
        *_row("Columns", sum(len(dataset.columns or ()) for dataset in graph.datasets), width=width),
        *_row("References", coverage.references, references, width=width),
    ]


def _share(part: int, whole: int) -> str:
    return f" ({percent(part, whole)})" if whole else ""


def _dialects(graph: Content) -> str:
    named = {dialect or "unknown dialect": files for dialect, files in graph.dialects.items()}
    return f"dialects: {_listing(named)}" if named else ""


def _listing(counts: Mapping[str, int]) -> str:
    """``9 model · 3 seed``: most first, then by name."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return f"{TIED}· ".join(f"{count:,} {name.replace('_', ' ')}".replace(" ", TIED) for name, count in ordered)


def _bands(graph: Content) -> list[Line]:
    counts = graph.edge_counts
    total, bands = counts.columns, counts.bands
    lines = _row("Column edges", total, "by how sure they are" if total else "", width=WIDTH)
    for band in Band if total else ():
        bar = "█" * round(_BAR * bands[band] / total) or ("▏" if bands[band] else "")
        lines.append(
            line(
                of_band(padded(f"  {band.value}", _LABEL), band),
                f"{bands[band]:>{_NUMBER},}   ",
                of_band(padded(bar, _BAR), band),
                Piece(f" {percent(bands[band], total):>7}"),
            )
        )
    return [*lines, *_row("Row edges", counts.rows, "what decides which rows there are", width=WIDTH)]


def _findings(graph: Content, width: int) -> list[Line]:
    if not graph.findings:
        return []
    severities = Counter(finding.severity for finding in graph.findings)
    pieces: list[Piece | str] = []
    for severity in Severity:
        if severities[severity]:
            pieces += [", " if pieces else "", of_severity(counted(severities[severity], severity.value), severity)]
    names = _listing(Counter(finding.name for finding in graph.findings))
    indent = " " * (_LABEL + _NUMBER + 3)
    head = line(padded("Findings", _LABEL), Piece(f"{len(graph.findings):>{_NUMBER},}", Role.TITLE), "   ", *pieces)
    return [(), head, *wrapped(names, width, indent, Role.QUIET)]


def _gaps(gaps: Sequence[Gap], width: int) -> list[Line]:
    """The worst ones; those with the same remedy together, so that it is said once."""
    if not gaps:
        return []
    lines: list[Line] = [(), line(Piece("What hides lineage", Role.TITLE), Piece(", worst first, by edges it costs", Role.QUIET))]
    alike: dict[str, list[Gap]] = {}
    for gap in gaps[:MOST_GAPS]:
        alike.setdefault(_remedy(gap), []).append(gap)
    for remedy, group in alike.items():
        lines += [*wrapped(remedy, width, "  "), *(row for gap in group for row in _gap(gap, width))]
    more = len(gaps) - MOST_GAPS
    return [*lines, line(Piece(f"  +{more:,} more in the document", Role.QUIET))] if more > 0 else lines


def _remedy(gap: Gap) -> str:
    return f"{gap.kind.value.replace('_', ' ')}: {'; '.join(part for part in (gap.reason, gap.help) if part)}"


def _gap(gap: Gap, width: int) -> list[Line]:
    """What and where, on one line if that is wide enough."""
    place = clean(str(gap.span)) if gap.span else ""
    name = "" if gap.span and gap.subject == gap.span.path else clean(gap.subject)
    subject = _fitting(name, width - _HIDES - 2)
    head = line(f"{gap.hides:>{_HIDES},}  ", Piece(subject, Role.NAME))
    if not subject or _HIDES + 2 + cells(subject) + 2 + cells(place) <= width:
        return [(*head, Piece(f"{'  ' if subject else ''}{place}", Role.QUIET))]
    return [head, line(" " * (_HIDES + 2), Piece(place, Role.QUIET))]


def _fitting(subject: str, width: int) -> str:
    """Of SQL the beginning, of a name the end: that is what ``show`` takes."""
    if " " in subject or "." not in subject:
        return clipped(subject, width)
    ending = subject
    while cells(ending) > width - 1 and "." in ending:
        ending = ending.partition(".")[2]
    return subject if ending == subject else f"…{ending}"
