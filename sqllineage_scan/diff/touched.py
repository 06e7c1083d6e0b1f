"""The datasets that may differ. A dataset's version says all that it means, with all that it reads: most are out at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.model import LineageGraph


def touched_datasets(base: LineageGraph, head: LineageGraph) -> frozenset[DatasetId] | None:
    """Those with another version, other columns, or on one side only; and all that is made of them. None where a document says
    no versions.
    """
    before = {dataset.id: dataset for dataset in base.datasets}
    after = {dataset.id: dataset for dataset in head.datasets}
    if any(dataset.version is None for dataset in before.values() if dataset.span is not None):
        return None
    if any(dataset.version is None for dataset in after.values() if dataset.span is not None):
        return None
    touched = {
        dataset
        for dataset in before.keys() | after.keys()
        if dataset not in before
        or dataset not in after
        or before[dataset].version != after[dataset].version
        or before[dataset].columns != after[dataset].columns
    }
    pending = list(touched)
    readers: dict[DatasetId, set[DatasetId]] = {}
    for edge in (*base.dataset_edges, *head.dataset_edges):
        readers.setdefault(edge.source, set()).add(edge.target)
    while pending:
        for reader in readers.get(pending.pop(), ()):
            if reader not in touched:
                touched.add(reader)
                pending.append(reader)
    return frozenset(touched)
