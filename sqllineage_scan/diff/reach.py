"""Everything downstream of some columns or datasets, each by its most certain way."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sqllineage_scan.domain.change import Step
from sqllineage_scan.domain.names import ColumnId, DatasetId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.graph.index import Index

Node = TypeVar("Node", ColumnId, DatasetId)


class Way(NamedTuple):
    """The way to something: its steps in the direction of the data, and how sure all of them together are."""

    steps: tuple[Step, ...] = ()
    confidence: float = 1.0

    def then(self, step: Step) -> Way:
        return Way((*self.steps, step), round(self.confidence * step.confidence, 4))


def step_of(edge: ColumnEdge | RowEdge | DatasetEdge) -> Step:
    subtype = getattr(edge, "subtype", None) or getattr(getattr(edge, "transformation", None), "subtype", "")
    return Step(edge.source, edge.target, str(subtype), edge.confidence, edge.evidence, getattr(edge, "span", None))


def columns_from(index: Index, starts: Mapping[ColumnId, Way]) -> dict[ColumnId, Way]:
    """The columns whose values are made of ``starts``, with these."""

    def onwards(column: ColumnId) -> Iterable[tuple[ColumnId, Step | None]]:
        for edge in index.column_edges_from.get(column, ()):
            yield edge.target, step_of(edge)
        prefix = f"{column.column}."
        for name in index.columns.get(column.dataset, ()):
            if name.startswith(prefix):  # a struct is its fields
                yield ColumnId(column.dataset, name), None

    return _reached(starts, onwards)


def datasets_from(index: Index, starts: Mapping[DatasetId, Way]) -> dict[DatasetId, Way]:
    """The datasets that are made of ``starts``, with these."""

    def onwards(dataset: DatasetId) -> Iterable[tuple[DatasetId, Step | None]]:
        return ((edge.target, step_of(edge)) for edge in index.dataset_edges_from.get(dataset, ()))

    return _reached(starts, onwards)


def _reached(starts: Mapping[Node, Way], onwards: Callable[[Node], Iterable[tuple[Node, Step | None]]]) -> dict[Node, Way]:
    found: dict[Node, Way] = {}
    number = count()
    heap: list[tuple[float, int, int, Node, Way]] = []
    for node, way in starts.items():
        heappush(heap, (-way.confidence, len(way.steps), next(number), node, way))
    while heap:
        _, _, _, node, way = heappop(heap)
        if node in found:
            continue
        found[node] = way
        for target, step in onwards(node):
            if target not in found:
                further = way if step is None else way.then(step)
                heappush(heap, (-further.confidence, len(further.steps), next(number), target, further))
    return found
