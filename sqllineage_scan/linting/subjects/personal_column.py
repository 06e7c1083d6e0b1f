"""A column, seen for what it has of personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.finding import Step
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.linting.item import Item, weakest_edge
from sqllineage_scan.linting.personal import find_personal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

ATTRIBUTES = {
    "column": "the column",
    "kind": "the kind of its dataset",
    "tagged": "whether a tag of its own says that it is personal",
    "called_so": "whether its name says so",
    "begins": "whether it begins here: nothing in the repository makes it",
    "derived": "whether values of a tagged column reach it unmasked",
    "source": "where they begin",
    "certain_sources": "whether all that it is made of is known, and certain",
    "tags_used": "whether any column of the repository is tagged as personal",
}


def each(material: Material) -> Iterator[Item]:
    personal = material.once(find_personal)
    tags_used = not material.all_tags.isdisjoint(tag.casefold() for tag in material.settings.privacy.tags)
    for dataset in material.datasets:
        if dataset.kind in (DatasetKind.TEST, DatasetKind.QUERY, DatasetKind.FILE):
            continue
        for name in material.index.columns.get(dataset.id, ()):
            column = ColumnId(dataset.id, name)
            derived = column in personal.into and column in personal.declared
            tagged = column in personal.tagged
            if not (derived or tagged or column in personal.named):
                continue
            into = material.index.column_edges_into.get(column, ())
            way = personal.way(column) if derived else ()
            confidence, weakest = weakest_edge(way)
            yield Item(
                material.column_place(column),
                str(column),
                {
                    "column": column,
                    "kind": dataset.kind.value,
                    "tagged": tagged,
                    "called_so": column in personal.named or material.called_personal(name),
                    "begins": not into,
                    "derived": derived,
                    "source": personal.begin(column),
                    "certain_sources": bool(into) and _certain(material, column),
                    "tags_used": tags_used,
                },
                tuple(Step(f"{edge.source} -> {edge.target}", edge.span) for edge in way),
                confidence,
                weakest,
                dataset.id,
            )


def _certain(material: Material, column: ColumnId) -> bool:
    """Whether its ancestors are known up to sources that YAML or DDL describes."""
    pending, seen = [column], {column}
    while pending:
        for edge in material.index.column_edges_into.get(pending.pop(), ()):
            if weakest_edge([edge])[0] < 1 or not edge.source.dataset:
                return False
            if edge.source not in seen:
                seen.add(edge.source)
                if edge.source in material.once(find_personal).into or edge.source in material.once(find_personal).tagged:
                    return False
                if edge.source in material.once(find_personal).named:
                    return False
                pending.append(edge.source)
    return True
