"""A graph as the lineage document (ARCHITECTURE.md, "The lineage document"): plain dicts and lists in a fixed order.

What may be unknown is absent; text and lists are always there. ``owner`` and ``revision`` are the exceptions: null.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqllineage_scan.bundled import version
from sqllineage_scan.domain.evidence import band_of
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.graph import order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqllineage_scan.domain.acknowledgement import Acknowledgement
    from sqllineage_scan.domain.coverage import Coverage, Gap
    from sqllineage_scan.domain.dataset import Column, Dataset
    from sqllineage_scan.domain.dbt import Node
    from sqllineage_scan.domain.definition import Definition, Form
    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.job import Exposure, Job
    from sqllineage_scan.domain.member import Member
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.graph.content import Content

Json = dict[str, Any]
SCHEMA_VERSION = "1.2"
TOOL = "sqllineage-scan"


def to_dict(content: Content) -> Json:
    return {key: value if isinstance(value, (str, dict)) else list(value) for key, value in sections(content)}


def sections(content: Content) -> Iterator[tuple[str, str | Json | Iterable[Json]]]:
    """The document key by key. What is a list in it is made item by item as it is asked for: all of them may be gigabytes."""
    parents: dict[str | None, tuple[str, ...]] = {node.unique_id: node.depends_on for node in content.nodes if node.enabled}
    yield "schema_version", SCHEMA_VERSION
    yield "tool", {"name": TOOL, "version": version()}
    yield (
        "project",
        {
            "name": content.name,
            "revision": content.revision,
            "dialects": dict(sorted(content.dialects.items())),
            **({"members": [_member(member) for member in content.members]} if content.members else {}),
        },
    )
    yield (
        "datasets",
        (
            of_dataset(dataset, parents.get(dataset.unique_id), content.definitions.get(dataset.id))
            for dataset in content.datasets
        ),
    )
    yield "jobs", map(of_job, content.jobs)
    yield "dataset_edges", map(of_dataset_edge, content.dataset_edges)
    yield "column_edges", map(of_column_edge, content.column_edges)
    yield "row_edges", map(of_row_edge, content.row_edges)
    yield "exposures", map(of_exposure, content.exposures)
    if content.nodes:
        yield "dbt", {"nodes": [of_node(node) for node in content.nodes]}
    if content.acknowledgements:
        yield "acknowledgements", map(_acknowledgement, content.acknowledgements)
    yield "findings", map(of_finding, content.findings)
    yield "stats", _stats(content)


def _member(member: Member) -> Json:
    return {
        "name": member.name,
        "revision": member.revision,
        "digest": member.digest,
        "dialects": dict(member.dialects),
        "statements": {"total": member.statements, "understood": member.statements_understood},
        "references": {"total": member.references, "resolved": member.references_resolved},
    }


def _known(**values: Any) -> Json:
    """Only the keys whose value is known."""
    return {key: value for key, value in values.items() if value is not None}


def _said(thing: object, *names: str) -> Json:
    """Only what is said at all: texts and lists that are not empty."""
    found = {name: getattr(thing, name) for name in names}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items() if value}


def of_span(span: Span | None) -> Json | None:
    if span is None:
        return None
    return {
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _dbt(unique_id: str | None, parents: tuple[str, ...] | None = None) -> Json | None:
    if not unique_id:
        return None
    return {"unique_id": unique_id} if parents is None else {"unique_id": unique_id, "depends_on": list(parents)}


def of_node(node: Node) -> Json:
    said = {key: getattr(node, key) for key in ("materialized", "version", "group", "access") if getattr(node, key)}
    relation = {key: getattr(node, key) for key in ("database", "schema", "alias") if getattr(node, key) is not None}
    return {
        "unique_id": node.unique_id,
        "resource_type": node.resource_type,
        "package": node.package,
        "name": node.name,
        "path": node.path,
        "enabled": node.enabled,
        **_known(dataset=None if node.dataset is None else str(node.dataset)),
        **relation,
        **said,
        **({"owner": node.owner} if node.owner else {}),
        **({"contract": True} if node.contract else {}),
        "depends_on": list(node.depends_on),
        **({"columns": list(node.columns)} if node.columns else {}),
        "tags": list(node.tags),
    }


def of_dataset(dataset: Dataset, parents: tuple[str, ...] | None = None, definition: Definition | None = None) -> Json:
    """``parents``: the unique ids that dbt counts as the dataset's, where it is a dbt node."""
    columns = None if dataset.columns is None else [of_column(column) for column in dataset.columns]
    return {
        "id": str(dataset.id),
        "uuid": str(dataset.id.uuid),
        "namespace": dataset.id.namespace,
        "name": dataset.id.name,
        "kind": dataset.kind.value,
        **_known(columns=columns),
        "schema_origin": dataset.origin.value,
        **_known(span=of_span(dataset.span)),
        "owner": dataset.owner,
        **_said(dataset, "owner_origin", "code_owners", "stewards", "terms", "access"),
        "tags": list(dataset.tags),
        "description": dataset.description,
        **_known(version=dataset.version, definition=_definition(definition), dbt=_dbt(dataset.unique_id, parents)),
    }


def _definition(definition: Definition | None) -> Json | None:
    if definition is None:
        return None
    return {
        "words": definition.words,
        **({"missing": list(definition.missing)} if definition.missing else {}),
        "rows": _form(definition.rows),
        "columns": [
            {
                "name": column.name,
                **_form(column.form),
                **({"expression": column.expression} if column.expression else {}),
                **_known(span=of_span(column.span)),
            }
            for column in definition.columns
        ],
        "rules": [
            {"kind": rule.kind, "text": rule.text, **_form(rule.form), **_known(span=of_span(rule.span))}
            for rule in definition.rules
        ],
    }


def _form(form: Form) -> Json:
    """Nearly all columns are passed on as they are: that goes without saying."""
    reads = [[str(read.dataset), read.column] if isinstance(read, ColumnId) else [str(read)] for read in form.reads]
    return {"reads": reads} if form.passes_on else {"shape": form.shape, "reads": reads}


def of_column(column: Column) -> Json:
    return {
        "name": column.name,
        **_known(type=column.type, ordinal=column.ordinal),
        "description": column.description,
        "tags": list(column.tags),
        "tests": list(column.tests),
        **_said(column, "terms"),
    }


def of_job(job: Job) -> Json:
    return {
        "id": str(job.id),
        "namespace": job.id.namespace,
        "name": job.id.name,
        "kind": job.kind.value,
        "dialect": job.dialect,
        "reads": _ids(job.reads),
        "writes": _ids(job.writes),
        "span": of_span(job.span),
        **_known(dbt=_dbt(job.unique_id)),
    }


def _ids(datasets: Iterable[DatasetId]) -> list[str]:
    return [str(dataset) for dataset in datasets]


def of_column_id(column: ColumnId) -> Json:
    return {"dataset": str(column.dataset), "column": column.column}


@lru_cache(maxsize=65536)
def of_evidence(evidence: Evidence) -> Json:
    """Many edges share the same reason; the document holds it once for each, memory holds it once."""
    found = {"kind": evidence.kind.value, "note": evidence.note, **_known(span=of_span(evidence.span))}
    return found if evidence.among == 1 else {**found, "among": evidence.among}


def of_dataset_edge(edge: DatasetEdge) -> Json:
    return {
        "source": str(edge.source),
        "target": str(edge.target),
        "job": str(edge.job),
        "confidence": float(edge.confidence),
        "evidence": [of_evidence(item) for item in edge.evidence],
    }


def of_column_edge(edge: ColumnEdge) -> Json:
    confidence = float(edge.confidence)
    return {
        "source": of_column_id(edge.source),
        "target": of_column_id(edge.target),
        "job": str(edge.job),
        "type": edge.transformation.type.value,
        "subtype": edge.transformation.subtype.value,
        "masking": edge.transformation.masking,
        "expression": edge.transformation.description,
        "confidence": confidence,
        "band": band_of(confidence).value,
        "evidence": [of_evidence(item) for item in edge.evidence],
        **_known(span=of_span(edge.span)),
    }


def of_row_edge(edge: RowEdge) -> Json:
    confidence = float(edge.confidence)
    return {
        "source": of_column_id(edge.source),
        "target": str(edge.target),
        "job": str(edge.job),
        "subtype": edge.subtype.value,
        "confidence": confidence,
        "band": band_of(confidence).value,
        "evidence": [of_evidence(item) for item in edge.evidence],
        **_known(span=of_span(edge.span)),
    }


def of_exposure(exposure: Exposure) -> Json:
    return {
        "name": exposure.name,
        "kind": exposure.kind,
        "owner": exposure.owner,
        **_known(url=exposure.url),
        "depends_on": _ids(exposure.depends_on),
        "description": exposure.description,
        "span": of_span(exposure.span),
        **_known(dbt=_dbt(exposure.unique_id)),
    }


def _acknowledgement(item: Acknowledgement) -> Json:
    return {"subject": item.subject, "reason": item.reason, "span": of_span(item.span)}


def of_finding(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "subject": finding.subject,
        "help": finding.help,
        "span": of_span(finding.span),
    }


def _stats(content: Content) -> Json:
    coverage = content.coverage
    counts = content.edge_counts
    return {
        "files": [
            {"path": file.path, "kind": file.kind.value, "status": file.status.value, "statements": file.statements}
            for file in coverage.files
        ],
        "statements": {"total": coverage.statements, "understood": coverage.statements_understood},
        "datasets": dict(sorted(Counter(dataset.kind.value for dataset in content.datasets).items())),
        "columns": sum(len(dataset.columns or ()) for dataset in content.datasets),
        "column_edges": {**{band.value: count for band, count in counts.bands.items()}, "total": counts.columns},
        "row_edges": counts.rows,
        "references": {"total": coverage.references, "resolved": coverage.references_resolved},
        "coverage": resolved_ratio(coverage),
        "gaps": [of_gap(gap) for gap in sorted(coverage.gaps, key=order.gap_key)],
    }


def resolved_ratio(coverage: Coverage) -> float:
    """The share of column references that are bound to exactly one column; 1.0 where there are none."""
    if not coverage.references:
        return 1.0
    return round(coverage.references_resolved / coverage.references, 4)


def of_gap(gap: Gap) -> Json:
    return {
        "kind": gap.kind.value,
        "subject": gap.subject,
        "reason": gap.reason,
        "hides": gap.hides,
        "help": gap.help,
        **_known(span=of_span(gap.span)),
    }
