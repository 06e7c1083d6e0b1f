"""An owner that YAML names, of a dataset or an exposure, and what CODEOWNERS says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.linting.codeowners import labels
from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.linting.material import Material

ATTRIBUTES = {
    "owner": "the owner",
    "of": "what it owns",
    "code_owners": "the CODEOWNERS file, or nothing",
    "known": "whether CODEOWNERS names them anywhere",
}


def each(material: Material) -> Iterator[Item]:
    for dataset in material.datasets:
        if dataset.owner:
            yield _item(material, dataset.owner, str(dataset.id), material.place(dataset.id), dataset.id)
    for exposure in material.graph.exposures:
        if exposure.owner:
            yield _item(material, exposure.owner, f"the exposure {exposure.name}", exposure.span)


def _item(material: Material, owner: str, of: str, span: Span | None, dataset: DatasetId | None = None) -> Item:
    owners = material.owners
    known = owners is not None and not owners.everyone.isdisjoint(labels(owner))
    values = {"owner": owner, "of": of, "code_owners": owners.path if owners else "", "known": known}
    return Item(span, of, values, of=dataset)
