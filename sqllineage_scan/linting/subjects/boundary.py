"""A way that a boundary of the configuration forbids: between layers, between domains, past an interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.linting.boundaries import find_breaches
from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

ATTRIBUTES = {
    "type": "layers, forbidden, independence, protected or interface",
    "boundary": "its name in the configuration",
    "source": "where the way begins: a dataset or a column",
    "target": "where it ends",
    "by_way_of": "what lies between",
    "columns": "of an interface: the columns that are read beside it",
    "what": "what is wrong with it",
}


def each(material: Material) -> Iterator[Item]:
    for breach in material.once(find_breaches).found:
        yield Item(
            breach.span,
            f"{breach.source} -> {breach.target}",
            {
                "type": breach.boundary.type,
                "boundary": breach.boundary.name,
                "source": breach.source,
                "target": breach.target,
                "by_way_of": breach.by_way_of,
                "columns": breach.columns,
                "what": breach.what,
            },
            breach.steps,
            breach.confidence,
            breach.weakest,
        )
