"""Lineage as a tree: every hop under the one before it, what has several ways to it told once, under the nearest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqllineage_scan.graph.chain import End
    from sqllineage_scan.graph.traverse import Edge, Node


@dataclass(frozen=True, slots=True)
class Branch:
    """``edge`` leads to ``node``. ``repeated``: what follows is told elsewhere; ``cut``: there is more behind the depth."""

    edge: Edge
    node: Node
    branches: tuple[Branch, ...] = ()
    repeated: bool = False
    cut: bool = False
    end: End | None = None


def tree(graph: Any, start: Node, *, depth: int | None = None, only: Collection[Node] | None = None) -> tuple[Branch, ...]:
    """What follows ``start`` in a graph of networkx, all of it or what is in ``only``.

    Breadth first decides who tells a node: the nearest. A hop that is none (a struct and its field, a dataset and its
    columns) is passed over.
    """
    told_by: dict[Node, Node] = {start: start}
    level, distance = [start], 0
    while level and (depth is None or distance < depth):
        following: list[Node] = []
        for node in level:
            for _, far in _hops(graph, node, only):
                if far not in told_by:
                    told_by[far] = node
                    following.append(far)
        level, distance = following, distance + 1
    return _branches(graph, start, told_by, only, set(level) if depth is not None else set())


def _branches(
    graph: Any, node: Node, told_by: dict[Node, Node], only: Collection[Node] | None, last: set[Node]
) -> tuple[Branch, ...]:
    found: list[Branch] = []
    told: set[Node] = set()
    for edge, far in _hops(graph, node, only):
        if told_by.get(far) != node or far in told or far == node:
            found.append(Branch(edge, far, repeated=next(_hops(graph, far, only), None) is not None))
            continue
        told.add(far)
        if far in last:
            found.append(Branch(edge, far, cut=next(_hops(graph, far, only), None) is not None))
        else:
            found.append(Branch(edge, far, _branches(graph, far, told_by, only, last)))
    return tuple(found)


def _hops(graph: Any, node: Node, only: Collection[Node] | None) -> Iterator[tuple[Edge, Node]]:
    """The edges out of ``node``, sorted by where they lead; through what is no hop they are those behind it."""
    hops: dict[Node, Edge] = {}
    waiting, seen = [node], {node}
    while waiting:
        here = waiting.pop()
        for far, values in graph.adj[here].items():
            if only is not None and far not in only:
                continue
            if values["edge"] is not None:
                hops.setdefault(far, values["edge"])
            elif far not in seen:
                seen.add(far)
                waiting.append(far)
    yield from ((hops[far], far) for far in sorted(hops, key=lambda item: (str(item), type(item).__name__)))
