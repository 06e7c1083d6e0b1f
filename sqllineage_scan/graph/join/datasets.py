"""Several entries of one dataset as one. Whatever the order in which they meet, the same comes out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.dataset import Column, Dataset, DatasetKind, SchemaOrigin
from sqllineage_scan.graph import order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.names import DatasetId

# What makes a dataset says more of it than what only reads it.
_READERS = (DatasetKind.SOURCE, DatasetKind.EXTERNAL)
_KINDS: dict[DatasetKind, int] = {
    kind: rank for rank, kind in enumerate([*(kind for kind in DatasetKind if kind not in _READERS), *_READERS])
}
_ORIGINS = {origin: rank for rank, origin in enumerate(SchemaOrigin)}


def merged_datasets(datasets: Iterable[Dataset]) -> list[Dataset]:
    same: defaultdict[DatasetId, list[Dataset]] = defaultdict(list)
    for dataset in datasets:
        same[dataset.id].append(dataset)
    return [_merged(group) for group in same.values()]


def _merged(group: list[Dataset]) -> Dataset:
    """What it is, where, and in which version, its maker says; its columns whoever knows them best; an owner, tags and words
    anybody may add.
    """
    different = list(dict.fromkeys(group))
    if len(different) == 1:
        return different[0]
    maker = min(different, key=_maker_key)
    known = [dataset for dataset in different if dataset.columns is not None]
    best = min((_ORIGINS[dataset.origin] for dataset in known), default=None)
    columns = [dataset.columns or () for dataset in known if _ORIGINS[dataset.origin] == best]
    owners = [(dataset.owner, dataset.owner_origin) for dataset in different if dataset.owner is not None]
    owner, owner_origin = min(owners, default=(None, ""))
    origins = list(SchemaOrigin)
    return replace(
        maker,
        columns=_columns(columns) if columns else None,
        origin=min((dataset.origin for dataset in different), key=_ORIGINS.__getitem__) if best is None else origins[best],
        owner=owner,
        owner_origin=owner_origin,
        code_owners=_all_of(dataset.code_owners for dataset in different),
        stewards=_all_of(dataset.stewards for dataset in different),
        terms=_all_of(dataset.terms for dataset in different),
        tags=_all_of(dataset.tags for dataset in different),
        description=max((dataset.description for dataset in different), key=lambda text: (len(text), text)),
    )


def _maker_key(dataset: Dataset) -> order.Key:
    """Everything that is taken from the maker, so that equals are equal in all of it."""
    taken = replace(
        dataset,
        columns=None,
        origin=SchemaOrigin.NONE,
        owner=None,
        owner_origin="",
        code_owners=(),
        stewards=(),
        terms=(),
        tags=(),
        description="",
    )
    return (_KINDS[dataset.kind], order.span_key(dataset.span), dataset.unique_id or "", dataset.version or "", repr(taken))


def _columns(lists: list[tuple[Column, ...]]) -> tuple[Column, ...]:
    """Lists that are equally well known add up."""
    if all(columns == lists[0] for columns in lists):
        return lists[0]
    same: defaultdict[str, list[Column]] = defaultdict(list)
    for column in (column for columns in lists for column in columns):
        same[column.name].append(column)
    found = [
        Column(
            name,
            min((column.type for column in group if column.type is not None), default=None),
            min((column.ordinal for column in group if column.ordinal is not None), default=None),
            max((column.description for column in group), key=lambda text: (len(text), text)),
            _all_of(column.tags for column in group),
            _all_of(column.tests for column in group),
            _all_of(column.terms for column in group),
        )
        for name, group in same.items()
    ]
    return tuple(sorted(found, key=lambda column: (column.ordinal is None, column.ordinal or 0, column.name)))


def _all_of(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Sorted, but for one list that is there alone."""
    different: dict[tuple[str, ...], Any] = dict.fromkeys(lists)
    if len(different) == 1:
        return next(iter(different))
    return tuple(sorted({item for items in different for item in items}))
