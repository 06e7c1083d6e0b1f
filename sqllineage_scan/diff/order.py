"""Datasets in an order in which whatever is read comes before its readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.model import LineageGraph


def sources_first(graph: LineageGraph) -> list[DatasetId]:
    """Kahn's algorithm, by name among those that are free; of a circle the first by name is taken to be free."""
    from heapq import heapify, heappop, heappush

    waiting = {dataset.id: 0 for dataset in graph.datasets}
    readers: dict[DatasetId, set[DatasetId]] = {}
    for edge in graph.dataset_edges:
        if edge.source != edge.target and edge.target not in readers.setdefault(edge.source, set()):
            readers[edge.source].add(edge.target)
            waiting[edge.target] += 1
    free = [dataset for dataset, number in waiting.items() if not number]
    heapify(free)
    ordered: list[DatasetId] = []
    done: set[DatasetId] = set()
    stuck = iter(sorted(waiting))
    while len(ordered) < len(waiting):
        if not free:
            free.append(next(dataset for dataset in stuck if dataset not in done))
        dataset = heappop(free)
        if dataset in done:
            continue
        done.add(dataset)
        ordered.append(dataset)
        for reader in readers.get(dataset, ()):
            waiting[reader] -= 1
            if not waiting[reader] and reader not in done:
                heappush(free, reader)
    return ordered
