"""A name that two datasets give to different columns of one dataset that both read."""

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

OF_ORIGINS = True
ATTRIBUTES = {
    "name": "the name",
    "first": "one dataset that has it",
    "second": "another one",
    "origin": "the dataset that both read",
    "first_source": "what it is in the first",
    "second_source": "what it is in the second",
    "readers": "how many datasets read the two",
}


def each(material: Material) -> Iterator[Item]:
    named: defaultdict[tuple[str, DatasetId], dict[DatasetId, ColumnEdge]] = defaultdict(dict)
    for edge in material.graph.column_edges:
        one = len(material.index.column_edges_into[edge.target]) == 1
        if one and edge.transformation.subtype is Subtype.IDENTITY and edge.target.dataset not in material.tests:
            named[edge.target.column, edge.source.dataset][edge.target.dataset] = edge
    for (name, origin), users in named.items():
        sources = {edge.source.column for edge in users.values()}
        if len(sources) < 2 or name not in sources:  # noqa: PLR2004 -- else both rename, which is their right
            continue
        same = next(edge for edge in users.values() if edge.source.column == name)
        for edge in users.values():
            if edge.source.column != name:
                confidence, weakest = weakest_edge([edge, same])
                yield Item(
                    edge.span or material.place(edge.target.dataset),
                    str(edge.target),
                    {
                        "name": name,
                        "first": same.target.dataset,
                        "second": edge.target.dataset,
                        "origin": origin,
                        "first_source": same.source,
                        "second_source": edge.source,
                        "readers": len(material.readers.get(edge.target.dataset, ())),
                    },
                    (Step(f"{same.target} is {same.source}", same.span),),
                    confidence,
                    weakest,
                    origin,
                )
