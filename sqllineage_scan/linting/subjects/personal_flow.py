"""Personal data in a dataset that somebody outside looks at, unmasked, with the way it came."""

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
    "column": "the column of the public dataset",
    "dataset": "the public dataset",
    "source": "the column where the data begin",
    "declared": "whether a tag says that they are personal; else the column's name does",
    "tag": "the tag",
    "shown": "what it shows: raw.customers.email, tagged pii",
    "reason": "why the dataset is public: an exposure uses it, its access is public …",
    "steps": "how many edges the way has",
}


def each(material: Material) -> Iterator[Item]:
    personal = material.once(find_personal)
    for dataset, reason in sorted(material.public.items()):
        if not material.looks_at(dataset):
            continue
        for name in material.index.columns.get(dataset, ()):
            column = ColumnId(dataset, name)
            if column not in personal.into and column not in personal.tagged and column not in personal.named:
                continue
            way = personal.way(column)
            source = personal.begin(column)
            confidence, weakest = weakest_edge(way)
            tag = personal.tagged.get(source, "")
            begin = material.declared_places.get(source) or material.place(source.dataset) or material.column_place(source)
            yield Item(
                (material.column_place(column) if way else None) or begin,
                str(column),
                {
                    "column": column,
                    "dataset": dataset,
                    "source": source,
                    "declared": column in personal.declared,
                    "tag": tag,
                    "shown": _shown(source, tag, way=bool(way)),
                    "reason": reason,
                    "steps": len(way),
                },
                (Step(f"{source} is personal", begin), *(Step(f"{edge.source} -> {edge.target}", edge.span) for edge in way)),
                confidence,
                weakest,
                dataset,
            )


def _shown(source: ColumnId, tag: str, *, way: bool) -> str:
    if way:
        return f"shows {source}, tagged {tag}" if tag else f"shows {source}"
    return f"is tagged {tag}" if tag else "is in the open"
