"""A graph's content as the rows of ``schema.sql``'s tables, in the order of the document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.evidence import band_of
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.graph.encode import of_node
from sqllineage_scan.graph.index import build_index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.job import Job
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.graph.content import Content

Row = tuple[Any, ...]
_NOWHERE: Row = (None, None, None, None, None)


def tables(content: Content) -> Iterator[tuple[str, Iterable[Row]]]:
    """Each table with its rows; those that others refer to come first."""
    columns = _Columns(content)
    yield "dialects", content.dialects.items()
    yield "owners", _owners(content)
    yield from _datasets(content)
    yield "columns", columns.rows
    yield "column_tags", columns.marks(lambda column: column.tags)
    yield "column_tests", columns.marks(lambda column: column.tests)
    yield "column_terms", columns.marks(lambda column: column.terms)
    yield "tasks", _tasks(content.jobs)
    yield from _jobs(content)
    yield from _edges(content, columns.ids)
    yield "evidence", _evidence(content)
    yield from _exposures(content)
    yield from _remarks(content)
    nodes = enumerate(content.nodes, 1)
    yield (
        "dbt_nodes",
        (
            (
                number,
                node.unique_id,
                node.resource_type,
                node.name,
                str(node.dataset) if node.dataset else None,
                _json(of_node(node)),
            )
            for number, node in nodes
        ),
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _place(span: Span | None) -> Row:
    return _NOWHERE if span is None else tuple(span)


def _owners(content: Content) -> list[Row]:
    named = {dataset.owner for dataset in content.datasets} | {exposure.owner for exposure in content.exposures}
    return [(name,) for name in sorted(name for name in named if name is not None)]


def _datasets(content: Content) -> Iterator[tuple[str, Iterable[Row]]]:
    yield (
        "datasets",
        (
            (
                str(dataset.id),
                dataset.id.namespace,
                dataset.id.name,
                dataset.kind.value,
                dataset.origin.value,
                int(dataset.columns is not None),
                dataset.owner,
                dataset.description,
                dataset.version,
                dataset.unique_id,
                *_place(dataset.span),
            )
            for dataset in content.datasets
        ),
    )
    yield (
        "dataset_tags",
        ((str(dataset.id), place, tag) for dataset in content.datasets for place, tag in enumerate(dataset.tags)),
    )
    yield "dataset_governance", _governance(content)


def _governance(content: Content) -> Iterator[Row]:
    for dataset in content.datasets:
        origin, access = (dataset.owner_origin or None, dataset.access or None)
        said = {"owner_origin": (origin,), "access": (access,), "code_owners": dataset.code_owners}
        for kind, texts in {**said, "stewards": dataset.stewards, "terms": dataset.terms}.items():
            yield from ((str(dataset.id), kind, place, text) for place, text in enumerate(texts) if text is not None)


class _Columns:
    """Every column has a number: the declared ones, and those that only an edge names."""

    def __init__(self, content: Content) -> None:
        self.rows: list[Row] = []
        self.ids: dict[ColumnId, int] = {}
        self._declared: list[tuple[int, Any]] = []
        index = build_index(content)
        for dataset in content.datasets:
            declared = dataset.columns or ()
            for position, column in enumerate(declared):
                number = self._add(str(dataset.id), column.name, position, column.type, column.ordinal, column.description)
                self.ids.setdefault(ColumnId(dataset.id, column.name), number)
                self._declared.append((number, column))
            for name in index.columns[dataset.id][len(declared) :]:
                self.ids[ColumnId(dataset.id, name)] = self._add(str(dataset.id), name, None, None, None, "")

    def _add(self, *values: Any) -> int:
        number = len(self.rows) + 1
        self.rows.append((number, *values))
        return number

    def marks(self, of: Callable[[Any], Iterable[str]]) -> Iterator[Row]:
        return ((number, place, mark) for number, column in self._declared for place, mark in enumerate(of(column)))


def task_of(job: Job) -> str:
    """The script ``load.sql`` of its third statement ``load.sql#3``; a dbt node's id."""
    return job.unique_id or job.span.path


def _tasks(jobs: Iterable[Job]) -> list[Row]:
    found: dict[str, Row] = {}
    for job in jobs:
        found.setdefault(task_of(job), (task_of(job), job.span.path, job.unique_id))
    return list(found.values())


def _jobs(content: Content) -> Iterator[tuple[str, Iterable[Row]]]:
    yield (
        "jobs",
        (
            (
                str(job.id),
                job.id.namespace,
                job.id.name,
                task_of(job),
                job.kind.value,
                job.dialect,
                job.unique_id,
                *_place(job.span),
            )
            for job in content.jobs
        ),
    )
    yield "job_reads", ((str(job.id), str(dataset)) for job in content.jobs for dataset in job.reads)
    yield "job_writes", ((str(job.id), str(dataset)) for job in content.jobs for dataset in job.writes)


def _edges(content: Content, ids: Mapping[ColumnId, int]) -> Iterator[tuple[str, Iterable[Row]]]:
    yield (
        "column_edges",
        (
            (
                number,
                ids[edge.source],
                ids[edge.target],
                str(edge.job),
                edge.transformation.type.value,
                edge.transformation.subtype.value,
                int(edge.transformation.masking),
                edge.transformation.description,
                float(edge.confidence),
                edge.band.value,
                *_place(edge.span),
            )
            for number, edge in enumerate(content.column_edges, 1)
        ),
    )
    yield (
        "row_edges",
        (
            (
                number,
                ids[edge.source],
                str(edge.target),
                str(edge.job),
                edge.subtype.value,
                float(edge.confidence),
                band_of(edge.confidence).value,
                *_place(edge.span),
            )
            for number, edge in enumerate(content.row_edges, 1)
        ),
    )
    yield (
        "dataset_edges",
        (
            (number, str(edge.source), str(edge.target), str(edge.job), float(edge.confidence))
            for number, edge in enumerate(content.dataset_edges, 1)
        ),
    )


def _evidence(content: Content) -> Iterator[Row]:
    number = 0
    of_edges = (
        *((edge.evidence, (place, None, None)) for place, edge in enumerate(content.column_edges, 1)),
        *((edge.evidence, (None, place, None)) for place, edge in enumerate(content.row_edges, 1)),
        *((edge.evidence, (None, None, place)) for place, edge in enumerate(content.dataset_edges, 1)),
    )
    for evidence, edge_ids in of_edges:
        for item in evidence:
            number += 1
            yield (number, *edge_ids, *_reason(item))


def _reason(item: Evidence) -> Row:
    return (item.kind.value, item.note, item.among, round(item.weight, 4), *_place(item.span))


def _exposures(content: Content) -> Iterator[tuple[str, Iterable[Row]]]:
    numbered = list(enumerate(content.exposures, 1))
    yield (
        "exposures",
        (
            (
                number,
                exposure.name,
                exposure.kind,
                exposure.owner,
                exposure.url,
                exposure.description,
                exposure.unique_id,
                *_place(exposure.span),
            )
            for number, exposure in numbered
        ),
    )
    yield "exposure_datasets", ((number, str(dataset)) for number, exposure in numbered for dataset in exposure.depends_on)


def _remarks(content: Content) -> Iterator[tuple[str, Iterable[Row]]]:
    yield (
        "findings",
        (
            (number, item.code, item.name, item.severity.value, item.message, item.subject, item.help, *_place(item.span))
            for number, item in enumerate(content.findings, 1)
        ),
    )
    yield (
        "files",
        (
            (number, record.path, record.kind.value, record.status.value, record.statements)
            for number, record in enumerate(content.coverage.files, 1)
        ),
    )
    yield (
        "gaps",
        (
            (number, gap.kind.value, gap.subject, gap.reason, gap.hides, gap.help, *_place(gap.span))
            for number, gap in enumerate(content.coverage.gaps, 1)
        ),
    )
