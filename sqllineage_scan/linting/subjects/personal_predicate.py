"""Personal data that decide which rows a public dataset has: joins and filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.finding import Step
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.linting.item import Item, weakest_edge
from sqllineage_scan.linting.personal import find_personal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

ATTRIBUTES = {
    "column": "the personal column",
    "source": "where the data begin",
    "dataset": "the public dataset",
    "use": "join, filter, group by …",
    "shown": "whether its values are in the dataset too",
}


def each(material: Material) -> Iterator[Item]:
    personal = material.once(find_personal)
    for dataset in filter(material.looks_at, sorted(material.public)):
        shown = {
            personal.begin(ColumnId(dataset, name))
            for name in material.index.columns.get(dataset, ())
            if ColumnId(dataset, name) in personal.into
        }
        for edge in material.index.row_edges_into.get(dataset, ()):
            if edge.source not in personal.declared:
                continue
            source = personal.begin(edge.source)
            way = personal.way(edge.source)
            confidence, weakest = weakest_edge([*way, edge])
            yield Item(
                edge.span,
                f"{edge.source} => {dataset}",
                {
                    "column": edge.source,
                    "source": source,
                    "dataset": dataset,
                    "use": edge.subtype.value.lower().replace("_", " "),
                    "shown": source in shown,
                },
                tuple(Step(f"{each_.source} -> {each_.target}", each_.span) for each_ in way),
                confidence,
                weakest,
                dataset,
            )
