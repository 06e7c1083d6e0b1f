"""Something that the scan did not understand: a name that means nothing, a template without a meaning, a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

ATTRIBUTES = {
    "kind": "unreadable, unparsed, unsupported, hole, unknown_columns, missing_column, missing_dataset or cycle",
    "name": "the column, dataset, macro or statement",
    "reason": "what the scan says of it",
    "hides": "how many edges it costs",
}


def each(material: Material) -> Iterator[Item]:
    for gap in material.graph.coverage.gaps:
        values = {"kind": gap.kind.value, "name": gap.subject, "reason": gap.reason, "hides": gap.hides}
        yield Item(gap.span, gap.subject, values)
