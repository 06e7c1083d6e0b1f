"""The part of a graph that was picked, as a graph: whatever it names is in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from sqllineage_scan.domain.coverage import Coverage
    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.dbt import Node
    from sqllineage_scan.domain.job import Job
    from sqllineage_scan.domain.names import ColumnId, DatasetId
    from sqllineage_scan.graph.content import Content
    from sqllineage_scan.graph.selector.picked import Picked


def parts(content: Content, picked: Picked) -> dict[str, object]:
    """The fields of the content that change. An edge stays if both of its ends do; a dataset has the columns that were
    picked; findings and gaps are those of the files that stay. Totals of the coverage are those of the scan.
    """
    columns: defaultdict[DatasetId, set[str]] = defaultdict(set)
    for column in picked.columns:
        columns[column.dataset].add(column.column)
    kept = picked.datasets | columns.keys()
    datasets = tuple(_cut(dataset, columns[dataset.id]) for dataset in content.datasets if dataset.id in kept)
    jobs = tuple(job for job in (_between(job, kept) for job in content.jobs) if job.writes or job.reads)
    files = _files(datasets, jobs, picked)
    return {
        "datasets": datasets,
        "jobs": jobs,
        "column_edges": tuple(e for e in content.column_edges if _in(e.source, picked) and _in(e.target, picked)),
        "row_edges": tuple(e for e in content.row_edges if _in(e.source, picked) and e.target in kept),
        "dataset_edges": tuple(edge for edge in content.dataset_edges if edge.source in kept and edge.target in kept),
        "exposures": tuple(
            replace(exposure, depends_on=_kept(exposure.depends_on, kept))
            for exposure in content.exposures
            if exposure in picked.exposures
        ),
        "findings": tuple(finding for finding in content.findings if finding.span.path in files),
        "nodes": _nodes(content.nodes, kept, picked),
        "coverage": _coverage(content.coverage, files, {str(dataset) for dataset in kept}),
    }


def _in(column: ColumnId, picked: Picked) -> bool:
    return column in picked.columns


def _cut(dataset: Dataset, names: set[str]) -> Dataset:
    if dataset.columns is None:
        return dataset
    chosen = tuple(column for column in dataset.columns if column.name in names)
    return dataset if len(chosen) == len(dataset.columns) else replace(dataset, columns=chosen)


def _between(job: Job, kept: AbstractSet[DatasetId]) -> Job:
    """A job that writes none of what stays has no business there; one that only reads has, if it writes nothing at all."""
    writes = _kept(job.writes, kept)
    return replace(job, reads=_kept(job.reads, kept) if writes or not job.writes else (), writes=writes)


def _kept(datasets: Iterable[DatasetId], kept: AbstractSet[DatasetId]) -> tuple[DatasetId, ...]:
    return tuple(dataset for dataset in datasets if dataset in kept)


def _files(datasets: Iterable[Dataset], jobs: Iterable[Job], picked: Picked) -> set[str]:
    return {
        *(dataset.span.path for dataset in datasets if dataset.span is not None),
        *(job.span.path for job in jobs),
        *(exposure.span.path for exposure in picked.exposures),
    }


def _nodes(nodes: Iterable[Node], kept: AbstractSet[DatasetId], picked: Picked) -> tuple[Node, ...]:
    """Those that are a dataset that stays, exposures that stay, and tests of what stays."""
    every = tuple(nodes)
    chosen = {node.unique_id for node in every if node.dataset in kept}
    chosen |= {exposure.unique_id for exposure in picked.exposures if exposure.unique_id}
    about = {
        node.unique_id
        for node in every
        if node.dataset is None and node.resource_type in ("test", "unit_test") and chosen.intersection(node.depends_on)
    }
    return tuple(node for node in every if node.unique_id in chosen | about)


def _coverage(coverage: Coverage, files: set[str], names: set[str]) -> Coverage:
    return replace(
        coverage,
        files=tuple(record for record in coverage.files if record.path in files),
        gaps=tuple(gap for gap in coverage.gaps if (gap.span is not None and gap.span.path in files) or gap.subject in names),
    )
