"""Two versions of a contract: what they promise otherwise, what that is to readers, and whether the version number says so.

Source of what a version means: semver.org, 2.0.0; before 1.0.0 a minor version may break (section 4).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.contract import Bump, ContractDiff, TermChange
from sqllineage_scan.domain.types import type_class, types_agree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.contract import Contract, PromisedColumn, PromisedDataset

_VERSION = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?")
_BUMPS = list(Bump)
_STATUS = {"deprecated": (Bump.MINOR, "it will go"), "retired": (Bump.MAJOR, "it is not kept any more")}
_PROMISES = (
    ("required", "may be NULL from now on", "is never NULL from now on"),
    ("unique", "may repeat from now on", "does not repeat from now on"),
    ("key", "is no key any more", "is a key now"),
)


def compare_contracts(old: Contract, new: Contract) -> ContractDiff:
    changes = tuple(sorted(_changes(old, new), key=lambda change: (-_BUMPS.index(change.bump), change.subject, change.kind)))
    needed = max((change.bump for change in changes), key=_BUMPS.index, default=Bump.NONE)
    before, after = _version(old.version), _version(new.version)
    made = None if before is None or after is None else _made(before, after)
    return ContractDiff(old, new, changes, needed, made, _judged(old, new, needed, made))


def _changes(old: Contract, new: Contract) -> Iterator[TermChange]:
    if old.id != new.id:
        yield TermChange("id", new.label, old.id, new.id, Bump.MAJOR, "by its id it is another contract")
    if old.status != new.status:
        bump, why = _STATUS.get(new.status, (Bump.PATCH, "another status"))
        yield TermChange("status", new.label, old.status, new.status, bump, why)
    before = {each.name.casefold(): each for each in old.datasets}
    after = {each.name.casefold(): each for each in new.datasets}
    for name, dataset in before.items():
        if name not in after:
            why = "whoever reads it has nothing left"
            yield TermChange("missing", dataset.name, _listed(dataset), "", Bump.MAJOR, why, dataset.span)
        else:
            yield from _of_dataset(dataset, after[name])
    for name, dataset in after.items():
        if name not in before:
            yield TermChange("extra", dataset.name, "", _listed(dataset), Bump.MINOR, "a dataset more", dataset.span)


def _listed(dataset: PromisedDataset) -> str:
    return f"{len(dataset.columns)} columns"


def _of_dataset(old: PromisedDataset, new: PromisedDataset) -> Iterator[TermChange]:
    yield from _words(old.name, old, new)
    before = {each.name.casefold(): each for each in old.columns}
    after = {each.name.casefold(): each for each in new.columns}
    for name, column in before.items():
        subject = f"{new.name}.{column.name}"
        if name not in after:
            yield TermChange("missing", subject, column.shown_type, "", Bump.MAJOR, "whoever reads it fails", column.span)
        else:
            yield from _of_column(subject, column, after[name])
    for name, column in after.items():
        if name not in before:
            yield TermChange(
                "extra", f"{new.name}.{column.name}", "", column.shown_type, Bump.MINOR, "a column more", column.span
            )


def _of_column(subject: str, old: PromisedColumn, new: PromisedColumn) -> Iterator[TermChange]:
    yield from _type(subject, old, new)
    for field, lost, won in _PROMISES:
        before, after = bool(getattr(old, field)), bool(getattr(new, field))
        if before != after:
            bump, why = (Bump.MAJOR, lost) if before else (Bump.MINOR, won)
            yield TermChange(field, subject, str(before).lower(), str(after).lower(), bump, why, new.span)
    if old.classification.casefold() != new.classification.casefold():
        why = "who may read it may be others"
        yield TermChange("tags", subject, old.classification, new.classification, Bump.MINOR, why, new.span)
    yield from _words(subject, old, new)


def _type(subject: str, old: PromisedColumn, new: PromisedColumn) -> Iterator[TermChange]:
    """``decimal(10, 2)`` for ``numeric(12, 2)`` is more or less room, not another type."""
    if (_spelled(old.type), old.logical_type) == (_spelled(new.type), new.logical_type):
        return
    if not old.shown_type:
        bump, why = Bump.MINOR, "a type is promised now"
    elif not new.shown_type:
        bump, why = Bump.MAJOR, "no type is promised any more"
    elif _is_another(old.type, new.type) or (old.logical_type and new.logical_type and old.logical_type != new.logical_type):
        bump, why = Bump.MAJOR, "another type"
    else:
        bump, why = Bump.MINOR, "the same type in other words, or of another length"
    yield TermChange("type", subject, _told(old, new), _told(new, old), bump, why, new.span)


def _is_another(old: str, new: str) -> bool:
    """Of a type that is in no list nobody knows what else it may be called."""
    if not old or not new or _spelled(old) == _spelled(new):
        return False
    return type_class(old) is None or type_class(new) is None or not types_agree(old, new)


def _told(column: PromisedColumn, other: PromisedColumn) -> str:
    """The type that differs: the database's where both say it, else the logical one."""
    if _spelled(column.type) != _spelled(other.type):
        return column.type or column.logical_type
    return column.logical_type or column.type


def _spelled(name: str) -> str:
    return "".join(name.split()).casefold()


def _words(subject: str, old: PromisedDataset | PromisedColumn, new: PromisedDataset | PromisedColumn) -> Iterator[TermChange]:
    before, after = sorted(set(old.tags)), sorted(set(new.tags))
    if before != after:
        why = "what it is tagged is not what it was"
        yield TermChange("tags", subject, ", ".join(before), ", ".join(after), Bump.MINOR, why, new.span)
    if old.description != new.description:
        yield TermChange("description", subject, old.description, new.description, Bump.PATCH, "other words", new.span)


class _Version(NamedTuple):
    major: int
    minor: int
    patch: int


def _version(text: str) -> _Version | None:
    found = _VERSION.fullmatch(text.strip())
    return _Version(*(int(part or 0) for part in found.groups())) if found is not None else None


def _made(old: _Version, new: _Version) -> Bump:
    """What the step from one to the other says; going back says nothing."""
    if new <= old:
        return Bump.NONE
    if new.major > old.major:
        return Bump.MAJOR
    if new.minor > old.minor:
        return Bump.MAJOR if not old.major else Bump.MINOR
    return Bump.PATCH


def _judged(old: Contract, new: Contract, needed: Bump, made: Bump | None) -> str:
    step = f"{old.version or 'no version'} -> {new.version or 'no version'}"
    before, after = _version(old.version), _version(new.version)
    if before is None or after is None or made is None:
        same = needed is not Bump.NONE and old.version == new.version
        return f"{step}: the contract changed, its version did not" if same else ""
    if after < before:
        return f"{step} goes back"
    if _BUMPS.index(made) >= _BUMPS.index(needed):
        return ""
    return f"{step} is {'no step' if made is Bump.NONE else f'a {made.value} step'}; this takes {_next(before, needed)}"


def _next(version: _Version, needed: Bump) -> str:
    if needed is Bump.MAJOR:
        return f"{version.major + 1}.0.0" if version.major else f"0.{version.minor + 1}.0"
    if needed is Bump.MINOR:
        return f"{version.major}.{version.minor + 1}.0"
    return f"{version.major}.{version.minor}.{version.patch + 1}"
