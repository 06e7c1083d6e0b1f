"""How far every column reaches: distances and confidences from thousands of starts, without the ways there.

``traverse.reach`` answers one question and gives the way; asked for every column of a project it takes minutes, most of
them to write down ways that nobody reads. Here nodes are numbers, and a way is a product.
"""

from __future__ import annotations

from collections import deque
from heapq import heapify, heappop, heappush
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.graph.traverse import fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqllineage_scan.domain.edge import ColumnEdge, RowEdge
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.content import Content
    from sqllineage_scan.graph.index import Index

Step = tuple[int, int, float]  # the other end, hops, confidence
_PER_EDGE = 1e-9  # of equally certain ways the shortest is best, as in traverse


class Far(NamedTuple):
    """What is reached: ``distance`` of the shortest way, ``confidence`` of the most certain one."""

    id: ColumnId | DatasetId
    distance: int
    confidence: float


class Reaches:
    """The network of values, walked from any column, and the datasets whose rows it decides on the way."""

    def __init__(self, content: Content, index: Index) -> None:
        known = (ColumnId(dataset, name) for dataset, names in index.columns.items() for name in names)
        self._ids = sorted(known, key=str)  # what is reached is told by id: so numbers are sorted, and no names
        self._number = {node: place for place, node in enumerate(self._ids)}
        self._after: list[list[Step]] = [[] for _ in self._ids]
        self._before: list[list[Step]] = [[] for _ in self._ids]
        for (source, target), confidence in _best(content.column_edges).items():
            self._join(source, target, 1, confidence)
        for whole, part in fields(index):
            self._join(whole, part, 0, 1.0)
        self._decides: list[dict[DatasetId, float]] = [{} for _ in self._ids]
        for (source, dataset), confidence in _best(content.row_edges).items():
            self._decides[self._number[source]][dataset] = confidence
        self._rows = {
            dataset: self._first_decided(self._number[ColumnId(dataset, name)] for name in names)
            for dataset, names in index.columns.items()
        }

    def _join(self, source: ColumnId, target: ColumnId, hops: int, confidence: float) -> None:
        ends = self._number[source], self._number[target]
        self._after[ends[0]].append((ends[1], hops, confidence))
        self._before[ends[1]].append((ends[0], hops, confidence))

    def upstream(self, start: ColumnId) -> list[Far]:
        """Nearest first, then by id. A struct that is only passed on the way to its field is none of it."""
        return [
            Far(self._ids[node], distance, round(confidence, 4))
            for node, distance, confidence, joined in _reached(self._before, self._number[start])
            if distance and not joined
        ]

    def downstream(self, start: ColumnId) -> list[Far]:
        return [
            Far(self._ids[node], distance, round(confidence, 4))
            for node, distance, confidence, _ in _reached(self._after, self._number[start])
            if distance
        ]

    def rows_decided(self, start: ColumnId) -> list[Far]:
        """The datasets whose rows it decides, and through all columns of these whose else. Walked from dataset to dataset:
        one that is reached is reached with all its columns.
        """
        found: dict[DatasetId, tuple[int, float]] = {}
        near = self._first_decided([self._number[start]])
        waiting = [(distance, str(dataset), dataset, confidence) for dataset, (distance, confidence) in near.items()]
        heapify(waiting)
        while waiting:
            distance, _, dataset, confidence = heappop(waiting)
            known = found.get(dataset)
            if known and known[1] >= confidence:
                continue  # a longer way that is no more certain
            found[dataset] = (known[0] if known else distance, confidence)
            for other, (hops, sure) in self._rows[dataset].items():
                heappush(waiting, (distance + hops, str(other), other, confidence * sure))
        return [
            Far(dataset, distance, round(confidence, 4))
            for dataset, (distance, confidence) in sorted(found.items(), key=lambda item: (item[1][0], str(item[0])))
        ]

    def _first_decided(self, starts: Iterable[int]) -> dict[DatasetId, tuple[int, float]]:
        """dataset -> (shortest way, best confidence) over values and then one row edge."""
        found: dict[DatasetId, tuple[int, float]] = {}
        for start in starts:
            for node, distance, confidence, _ in _reached(self._after, start):
                for dataset, sure in self._decides[node].items():
                    known = found.get(dataset, (distance + 1, 0.0))
                    found[dataset] = (min(known[0], distance + 1), max(known[1], confidence * sure))
        return found


def _best(edges: Iterable[ColumnEdge | RowEdge]) -> dict[tuple[ColumnId, Any], float]:
    """Between two ends the most confident edge stands for all."""
    best: dict[tuple[ColumnId, Any], float] = {}
    for edge in edges:
        key = edge.source, edge.target
        best[key] = max(edge.confidence, best.get(key, 0.0))
    return best


def _reached(ways: list[list[Step]], start: int) -> Iterator[tuple[int, int, float, bool]]:
    """(node, edges of the shortest way, confidence of the most certain, whether that ends in a struct's own field)."""
    distances, certain = _distances(ways, start)
    best = {} if certain else _best_ways(ways, start)
    for node, (distance, hops) in sorted(distances.items(), key=lambda item: (item[1][0], item[0])):
        confidence, last = (1.0, hops) if certain else best[node]
        yield node, distance, confidence, not last


def _distances(ways: list[list[Step]], start: int) -> tuple[dict[int, tuple[int, int]], bool]:
    """node -> (edges of the shortest way, hops of its last step); and whether every edge that was seen is certain."""
    found = {start: (0, 0)}
    waiting = deque([start])
    certain = True
    while waiting:
        node = waiting.popleft()
        distance = found[node][0]
        for other, hops, confidence in ways[node]:
            certain = certain and confidence == 1.0
            if other in found and found[other][0] <= distance + hops:
                continue
            found[other] = (distance + hops, hops)
            if hops:
                waiting.append(other)
            else:
                waiting.appendleft(other)
    return found, certain


def _best_ways(ways: list[list[Step]], start: int) -> dict[int, tuple[float, int]]:
    """node -> (confidence of the most certain way, hops of its last step)."""
    found: dict[int, tuple[float, int]] = {}
    waiting: list[tuple[float, int, float, int]] = [(0.0, start, 1.0, 0)]
    least = {start: 0.0}
    while waiting:
        doubt, node, confidence, last = heappop(waiting)
        if node in found:
            continue
        found[node] = (confidence, last)
        for other, hops, sure in ways[node]:
            more = doubt + (hops * _PER_EDGE - (log(sure) if 0 < sure < 1 else 0.0 if sure else -1e9))
            if other not in found and more < least.get(other, 1e18):
                least[other] = more
                heappush(waiting, (more, other, confidence * sure, hops))
    return found
