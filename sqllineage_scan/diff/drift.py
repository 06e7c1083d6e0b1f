"""What the repository says of its datasets against what was observed of them: columns, types, tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.drift import Drift, DriftKind, DriftReport
from sqllineage_scan.domain.types import is_logical, types_agree
from sqllineage_scan.graph.meant import Names, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.drift import Expected, ExpectedColumn, Observed, ObservedColumn, ObservedDataset
    from sqllineage_scan.domain.names import DatasetId

_KINDS = list(DriftKind)


def compare_with_observed(expected: Mapping[DatasetId, Expected], datasets: Iterable[Dataset], observed: Observed) -> DriftReport:
    """``datasets``: all that the repository knows, for what names mean; ``expected``: those that a database should have."""
    names = Names(datasets)
    met: dict[DatasetId, ObservedDataset] = {}
    unsure: list[str] = []
    strangers: list[ObservedDataset] = []
    for each in observed.datasets:
        found = names.meant(each.names)
        fitting = _made(found, expected)
        if len(fitting) == 1:
            met.setdefault(fitting[0], each)
        elif found:
            unsure.append(each.names[-1])
        else:
            strangers.append(each)
    drifts = [drift for dataset, each in met.items() if dataset in expected for drift in _columns(expected[dataset], each)]
    covered = _Schemas(observed.datasets) if observed.whole else None
    away = [each for dataset, each in expected.items() if each.made and dataset not in met]
    missing = [each for each in away if covered is not None and covered.tells_of(each.id)]
    drifts += [_missing(each) for each in missing]
    if covered is not None:
        own = _Own(each.id for each in expected.values() if each.made)
        drifts += [_extra(each) for each in strangers if own.writes_to(each)]
    drifts.sort(key=lambda drift: (_KINDS.index(drift.kind), drift.subject, drift.expected, drift.observed))
    compared = [dataset for dataset in met if dataset in expected]
    return DriftReport(
        observed.source,
        observed.kind,
        tuple(drifts),
        len(compared),
        sum(len(met[dataset].columns) for dataset in compared),
        len(away) - len(missing),
        tuple(sorted(unsure)),
    )


def _made(found: Sequence[DatasetId], expected: Mapping[DatasetId, Expected]) -> Sequence[DatasetId]:
    """Of several, those that the repository makes."""
    if len(found) < 2:  # noqa: PLR2004 -- one, or none
        return found
    return [dataset for dataset in found if dataset in expected and expected[dataset].made] or found


def _columns(expected: Expected, observed: ObservedDataset) -> Iterator[Drift]:
    there = {_plain(column.name): column for column in observed.columns}
    known = {_plain(column.name) for column in expected.columns}
    for column in expected.columns:
        subject = f"{expected.id}.{column.name}"
        span = column.span or expected.span
        found = there.get(_plain(column.name))
        if found is None:
            why = "the repository says it is there, and it is not"
            yield Drift(DriftKind.MISSING_COLUMN, subject, column.type or "a column", "", why, span)
            continue
        yield from _column(subject, column, found, expected)
    for name, extra in there.items():
        if expected.closed and name not in known:
            why = "it is there, and the SQL does not make it"
            yield Drift(DriftKind.EXTRA_COLUMN, f"{expected.id}.{extra.name}", "", extra.type or "a column", why, expected.span)


def _column(subject: str, column: ExpectedColumn, found: ObservedColumn, expected: Expected) -> Iterator[Drift]:
    span = column.span or expected.span
    agree = types_agree(column.type, found.type) and is_logical(found.logical_type, column.type)
    if column.type and not agree:
        why = "another type than the repository says"
        yield Drift(DriftKind.TYPE, subject, column.type, found.type or found.logical_type, why, span)
    if found.tags is not None and {tag.casefold() for tag in found.tags} != {tag.casefold() for tag in column.tags}:
        why = "other tags than the repository says"
        tags = ", ".join(sorted(column.tags)), ", ".join(sorted(found.tags))
        yield Drift(DriftKind.TAGS, subject, *tags, why, span)


def _missing(expected: Expected) -> Drift:
    why = "the repository makes it, and it is not there"
    return Drift(DriftKind.MISSING_DATASET, str(expected.id), f"{len(expected.columns)} columns", "", why, expected.span)


def _extra(observed: ObservedDataset) -> Drift:
    why = "it is there, beside what the repository makes, and no SQL speaks of it"
    return Drift(DriftKind.EXTRA_DATASET, observed.names[-1], "", f"{len(observed.columns)} columns", why)


def _plain(name: str) -> str:
    return name.strip('"`[]').casefold()


class _Schemas:
    """The schemas of which an observation tells: what is not listed there is not there."""

    def __init__(self, observed: Iterable[ObservedDataset]) -> None:
        self._schemas = {parts_of(each.names[-1])[:-1] for each in observed}

    def tells_of(self, dataset: DatasetId) -> bool:
        own = parts_of(dataset.name)[:-1]
        return any(_same_end(own, schema) for schema in self._schemas)


class _Own:
    """The schemas that the repository writes to."""

    def __init__(self, datasets: Iterable[DatasetId]) -> None:
        self._schemas = {parts_of(dataset.name)[:-1] for dataset in datasets}

    def writes_to(self, observed: ObservedDataset) -> bool:
        schema = parts_of(observed.names[-1])[:-1]
        return any(own and _same_end(own, schema) for own in self._schemas)


def _same_end(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """``public`` and ``shop.public``; a name without a schema may be in any."""
    length = min(len(one), len(other))
    return not length or one[-length:] == other[-length:]
