"""The first page: the project at a glance, and every dataset by its folder."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.evidence import Band
from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.domain.source import FileStatus
from sqllineage_scan.outputs.lines import percent
from sqllineage_scan.outputs.site.comparison import summary
from sqllineage_scan.outputs.site.core import first_line, safe_url, short_name
from sqllineage_scan.outputs.site.machine import document_name
from sqllineage_scan.outputs.site.marks import MARKS
from sqllineage_scan.outputs.site.story import Place

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.outputs.site.book import Book

MOST_GAPS = 20
MOST_FINDINGS = 50


def home(book: Book) -> dict[str, Any]:
    """The values of ``home.html``."""
    graph, coverage = book.graph, book.graph.coverage
    bands = Counter(edge.band for edge in graph.column_edges)
    total = len(graph.column_edges)
    statuses = Counter(file.status for file in coverage.files)
    return {
        "counts": {
            "datasets": len(graph.datasets),
            "columns": sum(map(len, book.columns)),
            "column_edges": total,
            "row_edges": len(graph.row_edges),
            "files": len(coverage.files),
            "statements": coverage.statements,
            "understood": coverage.statements_understood,
            "references": coverage.references,
            "resolved": coverage.references_resolved,
            "partial": statuses[FileStatus.PARTIAL],
            "failed": statuses[FileStatus.FAILED],
        },
        "understood": percent(coverage.statements_understood, coverage.statements),
        "resolved": percent(coverage.references_resolved, coverage.references),
        "dialects": dict(sorted(graph.dialects.items(), key=lambda item: (-item[1], item[0]))),
        "kinds": _counted(dataset.kind for dataset in book.datasets),
        "bands": [(band.value, bands[band], percent(bands[band], total), _width(bands[band], total)) for band in Band],
        "gaps": [
            {"gap": gap, "place": _place(book, gap.span), "link": _dataset_link(book, gap.subject)}
            for gap in coverage.gaps[:MOST_GAPS]
        ],
        "more_gaps": max(0, len(coverage.gaps) - MOST_GAPS),
        "findings": _findings(book),
        "more_findings": max(0, len(graph.findings) - MOST_FINDINGS),
        "owners": Counter(dataset.owner for dataset in book.datasets if dataset.owner).most_common(),
        "exposures": [
            {
                "exposure": exposure,
                "url": safe_url(exposure.url),
                "on": [_link(book, book.number[on]) for on in exposure.depends_on],
            }
            for exposure in graph.exposures
        ],
        "folders": _folders(book),
        "comparison": summary(book.comparison, _links(book)) if book.comparison else None,
        "document": document_name(book),
    }


def _counted(kinds: Any) -> list[tuple[str, int]]:
    counts = Counter(kinds)
    return [(kind.value, counts[kind]) for kind in DatasetKind if counts[kind]]


def _width(part: int, whole: int) -> int:
    """Of a bar, in per cent: something is never nothing."""
    return max(1, round(100 * part / whole)) if part else 0


def _place(book: Book, span: Span | None) -> Place | None:
    return None if span is None else Place(f"{span.path}:{span.line}", book.place_url(span.path, span.line))


def _dataset_link(book: Book, name: str) -> str | None:
    from sqllineage_scan.domain.names import DatasetId

    number = book.number.get(DatasetId("", name))
    return None if number is None else f"dataset/{book.slug[number]}.html"


def _link(book: Book, number: int) -> dict[str, str]:
    return {"name": str(book.datasets[number].id), "link": f"dataset/{book.slug[number]}.html"}


def _links(book: Book) -> dict[DatasetId, str]:
    return {dataset.id: f"dataset/{page}.html" for dataset, page in zip(book.datasets, book.slug, strict=True)}


def _findings(book: Book) -> list[dict[str, Any]]:
    """The worst first."""
    worst = list(Severity)
    ordered = sorted(book.graph.findings, key=lambda finding: (worst.index(finding.severity), finding.span))
    return [{"finding": finding, "place": _place(book, finding.span)} for finding in ordered[:MOST_FINDINGS]]


def _folders(book: Book) -> list[dict[str, Any]]:
    """Every dataset, under the folder of the file that makes it; what nothing makes comes last."""
    members: dict[str, list[dict[str, Any]]] = {}
    for number, dataset in enumerate(book.datasets):
        members.setdefault(book.folder[number], []).append(
            {
                **_link(book, number),
                "short": short_name(dataset.id.name),
                "kind": dataset.kind.value,
                "columns": len(book.columns[number]),
                "description": first_line(dataset.description),
                "findings": len(book.findings[number]),
                "mark": MARKS[book.comparison.dataset(dataset.id)] if book.comparison else "",
            }
        )
    return [
        {"folder": folder, "datasets": members[folder]} for folder in sorted(members, key=lambda folder: (not folder, folder))
    ]
