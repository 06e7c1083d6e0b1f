"""An owner of what a change breaks or may break, and whether CODEOWNERS asks them for the changed file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.change import Effect, ReaderKind
from sqllineage_scan.domain.finding import Step
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.linting.codeowners import labels
from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.change import Change, Reader
    from sqllineage_scan.linting.material import Material

NEEDS = ("change",)
ATTRIBUTES = {
    "owner": "the owner",
    "of": "what of theirs is affected",
    "change": "the column or dataset that changed",
    "effect": "breaking or review",
    "why": "how it is affected",
    "asked": "whether CODEOWNERS names them for the changed file, or the repository has none",
    "file": "the changed file",
}
_TELLING = (Effect.BREAKING, Effect.REVIEW)


def each(material: Material) -> Iterator[Item]:
    told: set[tuple[str, str, str]] = set()
    for change in material.change.changes if material.change is not None else ():
        if change.acknowledged is not None:
            continue
        for reader in change.impact.readers:
            owner = _owner(material, reader)
            key = (owner, reader.name, str(change.subject))
            if owner and _is_told(change, reader) and key not in told:
                told.add(key)
                yield _item(material, change, reader, owner)


def _is_told(change: Change, reader: Reader) -> bool:
    """What breaks, or may; and a dashboard that shows other figures from now on, whatever is between."""
    return reader.effect in _TELLING or (reader.kind is ReaderKind.EXPOSURE and change.effect in _TELLING)


def _owner(material: Material, reader: Reader) -> str:
    """The reader's own, else that of its dataset."""
    if reader.owner or reader.id is None or reader.kind is ReaderKind.EXPOSURE:
        return reader.owner or ""
    dataset = reader.id.dataset if isinstance(reader.id, ColumnId) else reader.id
    found = material.index.datasets.get(dataset)
    return (found.owner if found is not None else "") or ""


def _item(material: Material, change: Change, reader: Reader, owner: str) -> Item:
    dataset = change.subject.dataset if isinstance(change.subject, ColumnId) else change.subject
    state = change.after or change.before
    span = (state.span if state is not None and change.after is not None else None) or material.place(dataset)
    path = span.path if span is not None else material.files.get(dataset, "")
    asked = True
    if material.owners is not None and path:
        named = {label for each_ in material.owners.of(path) for label in labels(each_)}
        asked = not named.isdisjoint(labels(owner))
    weakest = reader.weakest
    return Item(
        span,
        f"{owner}: {reader.name}",
        {
            "owner": owner,
            "of": reader.name,
            "change": change.subject,
            "effect": reader.effect.value if reader.effect in _TELLING else change.effect.value,
            "why": reader.why,
            "asked": asked,
            "file": path,
        },
        (Step(f"{reader.name}: {reader.why}", reader.span),) if reader.span is not None else (),
        reader.confidence,
        f"{weakest.source} -> {weakest.target} ({weakest.confidence:.2f})" if weakest is not None else "",
    )
