"""Which dataset and column of base is which of head: by name, and where that is gone by definition."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.definition import Form
from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.diff.side import Side
    from sqllineage_scan.domain.names import DatasetId

_ENOUGH = 2  # columns that two tables must share before they are taken for one that was renamed


@dataclass(slots=True)
class Names:
    """From base to head. ``ghosts``: what head still calls by the old name, though nothing makes it any more."""

    datasets: dict[DatasetId, DatasetId] = field(default_factory=dict)
    columns: dict[ColumnId, ColumnId] = field(default_factory=dict)
    ghosts: dict[DatasetId, DatasetId] = field(default_factory=dict)

    def read(self, read: ColumnId | DatasetId) -> ColumnId | DatasetId:
        """What head calls a column or dataset of base."""
        if not isinstance(read, ColumnId):
            return self.datasets.get(read) or self.ghosts.get(read, read)
        known = self.columns.get(read)
        if known is not None:
            return known
        dataset = self.datasets.get(read.dataset) or self.ghosts.get(read.dataset, read.dataset)
        return read if dataset == read.dataset else ColumnId(dataset, read.column)

    def form(self, form: Form) -> Form:
        """A form of base in head's names."""
        return Form(form.shape, tuple(self.read(read) for read in form.reads))


def match_datasets(base: Side, head: Side) -> Names:
    names = Names()
    for dataset in base.datasets:
        if dataset in head.datasets:
            names.datasets[dataset] = dataset
    gone = [dataset for dataset in base.defined if dataset not in head.defined]
    fresh = [dataset for dataset in head.defined if dataset not in base.defined]
    for dataset in gone:
        moved = _same_node(base, head, dataset)
        if moved in fresh:
            names.datasets[dataset] = moved
        elif moved is not None:  # two are one now: both are read as the other was
            names.ghosts[dataset] = moved
    taken = {*names.datasets.values()}
    left = [dataset for dataset in gone if dataset not in names.datasets and dataset not in names.ghosts]
    names.datasets |= _renamed(base, head, left, [dataset for dataset in fresh if dataset not in taken])
    fresh_names: dict[str, list[DatasetId]] = {}
    for found in head.graph.datasets:
        if found.kind is DatasetKind.EXTERNAL and found.id not in base.datasets:
            fresh_names.setdefault(_last(found.id), []).append(found.id)
    for old in gone:  # {{ ref('orders') }} of a model that is gone means no dataset, and keeps its name
        node = base.nodes.get(old)
        called = fresh_names.get(node.name if node else _last(old), [])
        if len(called) == 1 and old not in names.datasets and old not in names.ghosts:
            names.ghosts[old] = called[0]
    return names


def _same_node(base: Side, head: Side, dataset: DatasetId) -> DatasetId | None:
    """dbt's node is the same and its relation is called otherwise: another schema, another database of a source."""
    node = base.nodes.get(dataset)
    return head.by_unique_id.get(node.unique_id) if node is not None else None


def _last(dataset: DatasetId) -> str:
    return dataset.name.rpartition(".")[2]


def _renamed(base: Side, head: Side, gone: Iterable[DatasetId], fresh: Iterable[DatasetId]) -> dict[DatasetId, DatasetId]:
    """Pairs of one that is gone and one that is new, with the same definition, if there is just one such pair."""
    olds: dict[object, list[DatasetId]] = {}
    news: dict[object, list[DatasetId]] = {}
    for side, datasets, found in ((base, gone, olds), (head, fresh, news)):
        for dataset in datasets:
            key = _likeness(side, dataset)
            if key is not None:
                found.setdefault(key, []).append(dataset)
    return {each[0]: news[key][0] for key, each in olds.items() if len(each) == 1 and len(news.get(key, ())) == 1}


def _likeness(side: Side, dataset: DatasetId) -> object | None:
    definition = side.definitions.get(dataset)
    kind = side.datasets[dataset].kind
    if definition is not None and (definition.columns or definition.rules):
        reads = tuple("" if _of(read) == dataset else str(read) for read in definition.rows.reads)
        return kind, definition.rows.shape, reads, tuple((column.name, column.form) for column in definition.columns)
    columns = side.datasets[dataset].columns or ()
    if len(columns) < _ENOUGH or not side.complete(dataset):
        return None
    return kind, tuple((column.name, column.type) for column in columns)


def _of(read: ColumnId | DatasetId) -> DatasetId:
    return read.dataset if isinstance(read, ColumnId) else read


def match_columns(base: Side, head: Side, pair: tuple[DatasetId, DatasetId], names: Names) -> dict[str, str]:
    """Adds the columns of one dataset to ``names``. The renamed ones: gone by name, and there is just one new column with the
    same definition; of a table that no query makes, the one of the same place and type.
    """
    old, new = pair
    before, after = base.names(old), head.names(new)
    for name in before:
        if name in after:
            names.columns[ColumnId(old, name)] = ColumnId(new, name)
    gone = [name for name in before if name not in after]
    fresh = [name for name in after if name not in before]
    olds: dict[object, list[str]] = {}
    news: dict[object, list[str]] = {}
    for name in gone:
        form = base.form(ColumnId(old, name))
        key = names.form(form) if form is not None else _place(base, ColumnId(old, name))
        olds.setdefault(key, []).append(name)
    for name in fresh:
        form = head.form(ColumnId(new, name))
        news.setdefault(form if form is not None else _place(head, ColumnId(new, name)), []).append(name)
    renamed = {
        each[0]: news[key][0]
        for key, each in olds.items()
        if key is not None and len(each) == 1 and len(news.get(key, ())) == 1 and (not isinstance(key, Form) or key.reads)
    }
    for was, now in renamed.items():
        names.columns[ColumnId(old, was)] = ColumnId(new, now)
    return renamed


def _place(side: Side, column: ColumnId) -> object | None:
    found = side.column(column)
    if found is None or found.type is None or found.ordinal is None or not side.complete(column.dataset):
        return None
    return found.ordinal, " ".join(found.type.lower().split())
