"""How the nouns of a graph are ordered: by value, never by when they were found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqllineage_scan.domain.acknowledgement import Acknowledgement
    from sqllineage_scan.domain.coverage import FileRecord, Gap
    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.dbt import Node
    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.job import Exposure, Job
    from sqllineage_scan.domain.span import Span

Key = tuple[Any, ...]


def span_key(span: Span | None) -> Key:
    """A place that is known comes before one that is not."""
    if span is None:
        return (1,)
    return (0, span.path, span.line, span.column, span.end_line, span.end_column)


def evidence_key(evidence: Evidence) -> Key:
    return (evidence.kind, evidence.note, evidence.among, span_key(evidence.span))


def evidences_key(evidence: tuple[Evidence, ...]) -> Key:
    return tuple(map(evidence_key, evidence))


def dataset_key(dataset: Dataset) -> Key:
    return (str(dataset.id), dataset.id.namespace)


def job_key(job: Job) -> Key:
    return (str(job.id), job.id.namespace)


def column_edge_key(edge: ColumnEdge) -> Key:
    transformation = edge.transformation
    return (
        (str(edge.source.dataset), edge.source.column, str(edge.target.dataset), edge.target.column, str(edge.job)),
        (transformation.subtype, transformation.masking, transformation.description),
        span_key(edge.span),
        evidences_key(edge.evidence),
    )


def row_edge_key(edge: RowEdge) -> Key:
    return (
        (str(edge.source.dataset), edge.source.column, str(edge.target), str(edge.job), edge.subtype),
        span_key(edge.span),
        evidences_key(edge.evidence),
    )


def dataset_edge_key(edge: DatasetEdge) -> Key:
    return (str(edge.source), str(edge.target), str(edge.job), evidences_key(edge.evidence))


def node_key(node: Node) -> Key:
    return (node.unique_id, node.path, not node.enabled, node.name)


def exposure_key(exposure: Exposure) -> Key:
    said = (exposure.kind, exposure.owner or "", exposure.url or "", exposure.description, exposure.depends_on)
    return (exposure.name, exposure.unique_id or "", span_key(exposure.span), *said)


def acknowledgement_key(item: Acknowledgement) -> Key:
    return (span_key(item.span), item.subject, item.reason)


def finding_key(finding: Finding) -> Key:
    return (span_key(finding.span), finding.code, finding.name, finding.subject, finding.message, finding.severity, finding.help)


def file_key(record: FileRecord) -> Key:
    return (record.path, record.kind, record.status, record.statements)


def gap_key(gap: Gap) -> Key:
    """What hides most comes first."""
    return (-gap.hides, gap.kind, gap.subject, span_key(gap.span), gap.reason, gap.help)
