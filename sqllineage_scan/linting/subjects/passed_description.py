"""A column that passes another on unchanged, where both have a description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.finding import Step
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.linting.item import Item, weakest_edge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

ATTRIBUTES = {
    "source": "the column that is passed on",
    "target": "the column that it becomes",
    "same": "whether the two descriptions are the same, but for layout, case and the full stop",
    "same_name": "whether the two have one name",
    "description": "what is said of the source",
    "other": "what is said of the target",
}


def each(material: Material) -> Iterator[Item]:
    for edge in material.graph.column_edges:
        if edge.transformation.subtype is not Subtype.IDENTITY or not material.looks_at(edge.target.dataset):
            continue
        source, target = material.columns.get(edge.source), material.columns.get(edge.target)
        if source is None or target is None or not source.description or not target.description:
            continue
        if len({into.source for into in material.index.column_edges_into[edge.target]}) != 1:
            continue  # of several it is more than the one
        confidence, weakest = weakest_edge([edge])
        yield Item(
            edge.span or material.place(edge.target.dataset),
            f"{edge.source} -> {edge.target}",
            {
                "source": edge.source,
                "target": edge.target,
                "same": _plain(source.description) == _plain(target.description),
                "same_name": edge.source.column == edge.target.column,
                "description": _short(source.description),
                "other": _short(target.description),
            },
            (Step(f"{edge.source}: {_short(source.description)}", material.place(edge.source.dataset)),),
            confidence,
            weakest,
            edge.target.dataset,
        )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 80 else f"{words[:79]}…"  # noqa: PLR2004 -- a line's worth
