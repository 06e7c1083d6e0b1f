"""A graph counted, for the record of a run: how much there is, how much of it was understood, and how much has an owner."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.domain.run import GovernedCounts, Understood
from sqllineage_scan.domain.source import FileStatus

if TYPE_CHECKING:
    from sqllineage_scan.graph.content import Content

OF_NO_MATTER = frozenset({DatasetKind.EXTERNAL, DatasetKind.TEMPORARY, DatasetKind.TEST, DatasetKind.QUERY})


def understood(content: Content) -> Understood:
    coverage, counts = content.coverage, content.edge_counts
    files = Counter(file.status for file in coverage.files)
    findings = Counter(finding.severity for finding in content.findings)
    return Understood(
        project=content.name,
        files={status.value: files[status] for status in FileStatus},
        statements=coverage.statements,
        statements_understood=coverage.statements_understood,
        references=coverage.references,
        references_resolved=coverage.references_resolved,
        datasets=len(content.datasets),
        columns=sum(len(dataset.columns or ()) for dataset in content.datasets),
        edges={band.value: count for band, count in counts.bands.items()},
        row_edges=counts.rows,
        gaps=len(coverage.gaps),
        findings={severity.value: findings[severity] for severity in Severity},
        governed=governed(content),
    )


def governed(content: Content) -> GovernedCounts:
    """Of what people look after: what is only read here belongs to somebody else, what is temporary to nobody."""
    datasets = [dataset for dataset in content.datasets if dataset.kind not in OF_NO_MATTER]
    columns = [column for dataset in datasets for column in dataset.columns or ()]
    return GovernedCounts(
        datasets=len(datasets),
        owned=sum(1 for dataset in datasets if dataset.owner or dataset.code_owners),
        described=sum(1 for dataset in datasets if dataset.description.strip()),
        columns=len(columns),
        columns_described=sum(1 for column in columns if column.description.strip()),
        columns_tagged=sum(1 for column in columns if column.tags),
    )
