"""A dataset that reads another one twice: itself, and by way of a third that passes the same columns on."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqllineage_scan.domain.finding import Step
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.linting.item import Item, weakest_edge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.edge import ColumnEdge
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.linting.material import Material

ATTRIBUTES = {
    "dataset": "the dataset that joins",
    "origin": "what it reads twice",
    "carrier": "what passes it on",
    "columns": "the columns that it takes from the origin, and could take from the carrier",
    "count": "how many these are",
}


def each(material: Material) -> Iterator[Item]:
    between: defaultdict[tuple[DatasetId, DatasetId], list[ColumnEdge]] = defaultdict(list)
    for edge in material.graph.column_edges:
        if edge.source.dataset != edge.target.dataset and edge.transformation.subtype is Subtype.IDENTITY:
            between[edge.source.dataset, edge.target.dataset].append(edge)
    read: defaultdict[DatasetId, set[DatasetId]] = defaultdict(set)
    for item in material.graph.dataset_edges:
        if item.target not in material.tests:
            read[item.target].add(item.source)
    for dataset, sources in read.items():
        if not material.looks_at(dataset):
            continue
        for carrier in sorted(sources - {dataset}):
            for origin in sorted(sources & read.get(carrier, set()) - {carrier, dataset}):
                carried = {edge.source.column: edge for edge in between.get((origin, carrier), ())}
                taken = [edge for edge in between.get((origin, dataset), ()) if edge.source.column in carried]
                if taken:
                    yield _item(dataset, origin, carrier, taken, carried)


def _item(
    dataset: DatasetId, origin: DatasetId, carrier: DatasetId, taken: list[ColumnEdge], carried: dict[str, ColumnEdge]
) -> Item:
    columns = tuple(dict.fromkeys(edge.source.column for edge in taken))
    confidence, weakest = weakest_edge([*taken, *(carried[column] for column in columns)])
    return Item(
        taken[0].span,
        f"{dataset} <- {origin}",
        {"dataset": dataset, "origin": origin, "carrier": carrier, "columns": columns, "count": len(columns)},
        tuple(Step(f"{carried[column].target} is {carried[column].source}", carried[column].span) for column in columns),
        confidence,
        weakest,
        dataset,
    )
