"""A finding of the scan itself. It is made by a stage: the rule only says what it means and how severe it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.item import Item
    from sqllineage_scan.linting.material import Material

ATTRIBUTES = {"message": "what the stage says"}


def each(material: Material) -> Iterator[Item]:
    del material
    yield from ()
