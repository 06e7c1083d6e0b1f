"""Datasets that queries make from each other. What INSERTs add to each other in turn is none."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqllineage_scan.domain.finding import Step
from sqllineage_scan.linting.item import Item, weakest_edge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.edge import DatasetEdge
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "datasets": "the datasets of the circle",
    "count": "how many there are",
    "in_dbt": "whether all of them are dbt nodes: then dbt.cycle says it",
}


def each(material: Material) -> Iterator[Item]:
    made = {
        (statement.job, write.target) for statement in material.known_facts.statements for write in statement.writes if write.kind
    }
    edges = [edge for edge in material.graph.dataset_edges if (edge.job, edge.target) in made and edge.source != edge.target]
    edges = _on_circles(edges)
    if not edges:
        return
    import networkx as nx

    for circle in sorted(map(sorted, nx.strongly_connected_components(nx.DiGraph((edge.source, edge.target) for edge in edges)))):
        if len(circle) > 1:
            inside = [edge for edge in edges if edge.source in circle and edge.target in circle]
            yield _item(material, circle, inside)


def _item(material: Material, circle: list[DatasetId], edges: list[DatasetEdge]) -> Item:
    steps = tuple(Step(f"{edge.target} reads {edge.source}", material.job_spans.get(edge.job)) for edge in edges)
    confidence, weakest = weakest_edge(edges)
    return Item(
        steps[0].span,
        str(circle[0]),
        {"datasets": tuple(circle), "count": len(circle), "in_dbt": all(dataset in material.nodes for dataset in circle)},
        steps,
        confidence,
        weakest,
        circle[0],
    )


def _on_circles(edges: list[DatasetEdge]) -> list[DatasetEdge]:
    """Without what begins or ends outside: nearly always nothing is left, and no library for graphs is needed."""
    while edges:
        sources: defaultdict[DatasetId, int] = defaultdict(int)
        targets: defaultdict[DatasetId, int] = defaultdict(int)
        for edge in edges:
            sources[edge.source] += 1
            targets[edge.target] += 1
        kept = [edge for edge in edges if targets[edge.source] and sources[edge.target]]
        if len(kept) == len(edges):
            return edges
        edges = kept
    return edges
