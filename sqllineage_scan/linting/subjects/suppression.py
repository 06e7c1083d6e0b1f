"""A comment or a line of the baseline that suppresses something. What they suppress is known only after all rules have run, so
the check itself finds those that suppress nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.item import Item
    from sqllineage_scan.linting.material import Material

ATTRIBUTES = {"rules": "the rules that it names"}


def each(material: Material) -> Iterator[Item]:
    del material
    yield from ()
