"""What a selector picks: whole datasets, columns, exposures; and sets of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.job import Exposure
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.index import Index


class Picked(NamedTuple):
    """``columns`` holds all columns of the whole ``datasets`` too, so that sets of columns intersect with them."""

    datasets: frozenset[DatasetId] = frozenset()
    columns: frozenset[ColumnId] = frozenset()
    exposures: frozenset[Exposure] = frozenset()

    def __or__(self, other: Picked) -> Picked:
        return Picked(self.datasets | other.datasets, self.columns | other.columns, self.exposures | other.exposures)

    def __and__(self, other: Picked) -> Picked:
        return Picked(self.datasets & other.datasets, self.columns & other.columns, self.exposures & other.exposures)

    def __sub__(self, other: Picked) -> Picked:
        """A dataset that loses a column stays with the others; one that is taken out whole is gone."""
        return Picked(self.datasets - other.datasets, self.columns - other.columns, self.exposures - other.exposures)

    @property
    def loose(self) -> frozenset[ColumnId]:
        """Columns picked for themselves, not with their dataset."""
        return frozenset(column for column in self.columns if column.dataset not in self.datasets)

    @property
    def something(self) -> bool:
        return bool(self.datasets or self.columns or self.exposures)


NOTHING = Picked()


def whole(index: Index, datasets: Iterable[DatasetId], exposures: Iterable[Exposure] = ()) -> Picked:
    chosen = frozenset(datasets)
    columns = (ColumnId(dataset, name) for dataset in chosen for name in index.columns.get(dataset, ()))
    return Picked(chosen, frozenset(columns), frozenset(exposures))
