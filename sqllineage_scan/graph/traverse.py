"""Upstream and downstream of a column or a dataset, and the ways between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, pairwise
from math import inf, log, prod
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.evidence import Band, band_of
from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.graph.content import Content
    from sqllineage_scan.graph.index import Index

    Edge = ColumnEdge | RowEdge | DatasetEdge

Node = ColumnId | DatasetId
MOST_PATHS = 1000  # between two columns; a lattice of wide unions has more than anybody reads
_PER_EDGE = 1e-9  # of equally certain ways the shortest is best


class Direction(StrEnum):
    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"


@dataclass(frozen=True, slots=True, repr=False)
class Reach:
    """A column or dataset that is reached. ``path`` is the most certain way, in the direction of the data.

    ``distance`` counts the edges of the *shortest* way, which may be another, less certain one.
    """

    id: Node
    distance: int
    confidence: float  # of ``path``: the product of its edges'
    path: tuple[Edge, ...]

    @property
    def band(self) -> Band:
        return band_of(self.confidence)

    def __str__(self) -> str:
        return str(self.id)

    def __repr__(self) -> str:
        return f"Reach({str(self.id)!r}, distance={self.distance}, confidence={self.confidence})"


@dataclass(frozen=True, slots=True)
class Path:
    """One way from a column or dataset down to another."""

    edges: tuple[Edge, ...]
    confidence: float

    @property
    def band(self) -> Band:
        return band_of(self.confidence)

    def __str__(self) -> str:
        return " -> ".join([str(self.edges[0].source), *(str(edge.target) for edge in self.edges)])


@dataclass(frozen=True, slots=True)
class Network:
    """The two directed graphs of networkx: columns, datasets. Attributes of an edge: ``edge``, ``hops``, ``doubt``."""

    columns: Any
    datasets: Any


def network(content: Content, index: Index, *, rows: bool) -> Network:
    """Columns by value edges; a struct leads to those fields of it that somebody reads, without another hop. With ``rows``,
    a column also leads to each dataset whose rows it decides, and so to all of the columns there, just so.
    """
    import networkx as nx

    columns = nx.DiGraph()
    columns.add_nodes_from(ColumnId(dataset, column) for dataset, names in index.columns.items() for column in names)
    _connect(columns, content.column_edges)
    columns.add_edges_from((whole, part, {"edge": None, "hops": 0, "doubt": 0.0}) for whole, part in fields(index))
    if rows:
        _connect(columns, content.row_edges)
        for dataset in sorted({edge.target for edge in content.row_edges}):
            members = (ColumnId(dataset, column) for column in index.columns[dataset])
            columns.add_edges_from((dataset, member, {"edge": None, "hops": 0, "doubt": 0.0}) for member in members)
    datasets = nx.DiGraph()
    datasets.add_nodes_from(index.columns)
    _connect(datasets, content.dataset_edges)
    return Network(columns, datasets)


def fields(index: Index) -> Iterator[tuple[ColumnId, ColumnId]]:
    """``t.address`` and ``t.address.zip``."""
    for dataset, names in index.columns.items():
        known = set(names)
        for name in names:
            whole = name.rpartition(".")[0]
            if whole in known:
                yield ColumnId(dataset, whole), ColumnId(dataset, name)


def _connect(graph: Any, edges: Iterable[Edge]) -> None:
    """Between two nodes the most confident edge stands for all."""
    for edge in edges:
        known = graph.get_edge_data(edge.source, edge.target)
        if known is None or known["edge"].confidence < edge.confidence:
            graph.add_edge(edge.source, edge.target, edge=edge, hops=1, doubt=_PER_EDGE - _log(edge.confidence))


def _log(confidence: float) -> float:
    return log(confidence) if confidence > 0 else -inf


def reach(network: Network, start: Node, direction: Direction, depth: int | None = None) -> tuple[Reach, ...]:
    """All that is reached from ``start`` in at most ``depth`` edges: nearest first, then by id. Never ``start`` itself."""
    import networkx as nx

    graph = _graph(network, start)
    if direction is Direction.UPSTREAM:
        graph = graph.reverse(copy=False)
    distances: dict[Node, int] = nx.single_source_dijkstra_path_length(graph, start, cutoff=depth, weight="hops")
    near = graph if depth is None else graph.subgraph(distances)
    ways: dict[Node, list[Node]] = nx.single_source_dijkstra_path(near, start, weight="doubt")
    reached = []
    for node, distance in distances.items():
        edges = tuple(_edges(graph, ways[node]))
        if node == start or _only_joins(graph, ways[node], direction) or not edges:
            continue
        ordered = edges[::-1] if direction is Direction.UPSTREAM else edges
        reached.append(Reach(node, distance, _confidence(edges), ordered))
    return tuple(sorted(reached, key=lambda item: (item.distance, str(item.id), isinstance(item.id, ColumnId))))


def shortest_paths(network: Network, source: Node, target: Node) -> tuple[Path, ...]:
    import networkx as nx

    if type(source) is not type(target):
        raise UsageError(f"a path runs between two columns or between two datasets, not from {source} to {target}")
    graph = _graph(network, source)
    try:
        ways = list(islice(nx.all_shortest_paths(graph, source, target, weight="hops"), MOST_PATHS))
    except nx.NetworkXNoPath:
        return ()
    paths = []
    for way in ways:
        edges = tuple(_edges(graph, way))
        if edges:
            paths.append(Path(edges, _confidence(edges)))
    return tuple(sorted(paths, key=lambda path: (-path.confidence, str(path))))


def _graph(network: Network, node: Node) -> Any:
    return network.columns if isinstance(node, ColumnId) else network.datasets


def _only_joins(graph: Any, way: list[Node], direction: Direction) -> bool:
    """Going up from a column, a dataset only joins it to what decides its rows, and a struct to what its fields are made of."""
    if direction is Direction.DOWNSTREAM or not isinstance(way[0], ColumnId) or len(way) < 2:  # noqa: PLR2004 -- start, end
        return False
    return isinstance(way[-1], DatasetId) or graph[way[-2]][way[-1]]["edge"] is None


def _edges(graph: Any, way: list[Node]) -> Iterator[Edge]:
    for here, there in pairwise(way):
        edge = graph[here][there]["edge"]
        if edge is not None:
            yield edge


def _confidence(edges: Iterable[Edge]) -> float:
    return round(prod(sorted(edge.confidence for edge in edges), start=1.0), 4)
