"""A dataset of which a contract speaks: a schema object of an ODCS file, or a dbt model under contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.linting.item import Item
from sqllineage_scan.linting.promises import find_promises

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "name": "what the contract calls it",
    "contract": "the contract by name: the contract orders, dbt's contract",
    "by": "whose contract it is: dbt or odcs",
    "found": "how many datasets of the repository the name fits",
    "candidates": "those that it fits",
    "similar": "datasets of nearly that name",
    "hint": "what to write instead",
}


def each(material: Material) -> Iterator[Item]:
    for promise in material.once(find_promises):
        found = len(promise.candidates) if promise.dataset is None else 1
        yield Item(
            promise.place,
            promise.promised.name,
            {
                "name": promise.promised.names[0],
                "contract": promise.contract,
                "by": promise.by,
                "found": found,
                "candidates": promise.candidates,
                "similar": promise.similar,
                "hint": _hint(promise.candidates, promise.similar),
            },
        )


def _hint(candidates: tuple[str, ...], similar: tuple[str, ...]) -> str:
    if candidates:
        return f"say which one in physicalName: {' or '.join(candidates[:3])}"
    return f"did you mean {' or '.join(similar)}?" if similar else "write its name in the database as physicalName"
