"""A way that a boundary is told to ignore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.span import whole_file
from sqllineage_scan.linting.boundaries import find_breaches
from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

ATTRIBUTES = {
    "boundary": "the boundary's name",
    "way": "what it is told to ignore: marts.a -> staging.b",
    "matched": "whether there is such a way",
}


def each(material: Material) -> Iterator[Item]:
    for boundary in material.settings.boundaries:
        for way in boundary.ignore:
            matched = (boundary.name, way) in material.once(find_breaches).ignored
            yield Item(
                whole_file("sqllineage-scan.toml"),
                f"{boundary.name}: {way}",
                {"boundary": boundary.name, "way": way, "matched": matched},
            )
