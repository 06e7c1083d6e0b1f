"""Something that differs from an earlier state, and that nobody has acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.change import ReaderKind
from sqllineage_scan.domain.finding import Step
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.change import Change
    from sqllineage_scan.linting.material import Material

NEEDS = ("change",)
ATTRIBUTES = {
    "kind": "added, removed, renamed, retyped, reordered, redefined, rows_changed …",
    "subject": "the column or dataset",
    "is_column": "whether it is a column",
    "dataset": "its dataset",
    "effect": "breaking, review, pass_through or none",
    "why": "what the comparison says of it",
    "before": "what it was: a type, an expression, a name",
    "after": "what it is",
    "promised": "whether others may rely on it: the dataset is public, or under a dbt contract",
    "versioned": "whether the dataset is a version of a dbt model",
    "readers": "who reads it, exposures and tests too",
    "exposures": "the exposures that it reaches",
}
_MOST_STEPS = 5


def each(material: Material) -> Iterator[Item]:
    for change in material.change.changes if material.change is not None else ():
        if change.acknowledged is None:
            yield _item(material, change)


def _item(material: Material, change: Change) -> Item:
    subject = change.subject
    dataset = subject.dataset if isinstance(subject, ColumnId) else subject
    node = material.nodes.get(dataset)
    state = change.after or change.before
    place = state.span if state is not None and change.after is not None else None
    readers = change.impact.readers
    return Item(
        place or material.place(dataset),
        str(subject),
        {
            "kind": change.kind.value,
            "subject": subject,
            "is_column": isinstance(subject, ColumnId),
            "dataset": dataset,
            "effect": change.effect.value,
            "why": change.why,
            "before": change.before.text if change.before else "",
            "after": change.after.text if change.after else "",
            "promised": dataset in material.public or bool(node and (node.contract or node.access == "public")),
            "versioned": bool(node and node.version),
            "readers": tuple(dict.fromkeys(reader.name for reader in readers)),
            "exposures": tuple(dict.fromkeys(reader.name for reader in readers if reader.kind is ReaderKind.EXPOSURE)),
        },
        tuple(Step(f"{reader.name}: {reader.why}", reader.span) for reader in readers[:_MOST_STEPS]),
    )
