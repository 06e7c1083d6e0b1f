"""Questions to the history of a repository: which commits changed a dataset or column, who changed what a column is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqllineage_scan.domain.history import Blamed, Entry, What
from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqllineage_scan.domain.history import CommitRecord, DatasetStep, Past
    from sqllineage_scan.graph.model import LineageGraph


def log_of(head: LineageGraph, subject: DatasetId | ColumnId, pasts: Iterable[Past]) -> Iterator[Entry]:
    """``pasts``: from the commit of ``head`` back. Renamed datasets and columns are followed to what they were called."""
    return _log_of_column(head, subject, pasts) if isinstance(subject, ColumnId) else _log_of_dataset(subject, pasts)


def _log_of_dataset(dataset: DatasetId, pasts: Iterable[Past]) -> Iterator[Entry]:
    for commit, record in pasts:
        step = _of(record, dataset)
        if step is not None:
            yield Entry(commit, (step,))
            dataset = step.was or dataset


def _log_of_column(head: LineageGraph, column: ColumnId, pasts: Iterable[Past]) -> Iterator[Entry]:
    """A commit counts where it changed the column, one that it was made of then, or the rows of a dataset on the way."""
    chain = Chain(head, column)
    for commit, record in pasts:
        steps = tuple(step for each in record.steps if (step := _narrowed(each, chain)) is not None)
        if steps:
            yield Entry(commit, steps)
        chain.go_back(record)


def _narrowed(step: DatasetStep, chain: Chain) -> DatasetStep | None:
    """As far as it has to do with the chain."""
    columns = chain.columns.get(step.dataset)
    if columns is None:
        return None
    own = step.dataset == chain.column.dataset
    changes = tuple(
        change
        for change in step.changes
        if not change.column or (change.column in columns and (change.own or (own and change.column == chain.column.column)))
    )
    if not changes and not {What.ADDED, What.REMOVED, What.RENAMED}.intersection(step.what):
        return None
    return replace(step, changes=changes, former_reads=())


class Chain:
    """All that a column is made of, at one commit after the other."""

    def __init__(self, head: LineageGraph, column: ColumnId) -> None:
        self.column = column
        self._head = head
        self._former: dict[ColumnId, tuple[ColumnId, ...] | None] = {}
        self._later: dict[DatasetId, DatasetId] = {}  # what a dataset is called in head, by what it is called now
        self._look()

    def go_back(self, record: CommitRecord) -> None:
        """To the parent of the commit."""
        touched = [step for step in record.steps if step.dataset in self.columns]
        for step in record.steps:
            later = self._later.get(step.dataset, step.dataset)
            self._former |= {ColumnId(later, column): reads for column, reads in step.former_reads}
            if step.was is not None:
                self._later.pop(step.dataset, None)
                self._later[step.was] = later
        for step in touched:
            if step.dataset == self.column.dataset:
                was = {change.column: change.was for change in step.changes if change.was}
                self.column = ColumnId(step.was or step.dataset, was.get(self.column.column, self.column.column))
        if touched:
            self._look()

    def _look(self) -> None:
        self.distance = {self.column: 0}
        pending = [self.column]
        for column in pending:  # it grows
            for read in self._reads(column):
                if read not in self.distance:
                    self.distance[read] = self.distance[column] + 1
                    pending.append(read)
        self.columns: dict[DatasetId, set[str]] = {}
        for column in pending:
            self.columns.setdefault(column.dataset, set()).add(column.column)

    def _reads(self, column: ColumnId) -> tuple[ColumnId, ...]:
        column = ColumnId(self._later.get(column.dataset, column.dataset), column.column)
        if column in self._former:
            return self._former[column] or ()
        definition = self._head.definitions.get(column.dataset)
        forms = (each.form for each in definition.columns if each.name == column.column) if definition is not None else ()
        return tuple(read for form in forms for read in form.reads if isinstance(read, ColumnId))


def blame_of(head: LineageGraph, subject: DatasetId | ColumnId, pasts: Iterable[Past]) -> tuple[Blamed, ...]:
    """Of each column on the chain as it is now, or of each column of a dataset, the newest commit that changed it by itself.

    No more commits are asked for than that takes.
    """
    if isinstance(subject, ColumnId):
        distance = Chain(head, subject).distance
    else:
        distance = {ColumnId(subject, name): 0 for name in head.columns(str(subject))}
    found = {column: Blamed(column, far, made_here=_is_made_here(head, column.dataset)) for column, far in distance.items()}
    waiting = {column: column for column, blamed in found.items() if blamed.made_here}  # by what it is called then
    for commit, record in pasts if waiting else ():
        for step in record.steps:
            for then, column in [(then, column) for then, column in waiting.items() if then.dataset == step.dataset]:
                change = next((each for each in step.changes if each.own and each.column == then.column), None)
                if change is not None or What.ADDED in step.what:
                    found[column] = found[column]._replace(commit=commit, change=change)
                    del waiting[then]
                elif step.was is not None:
                    waiting[ColumnId(step.was, then.column)] = waiting.pop(then)
        if not waiting:
            break
    return tuple(sorted(found.values(), key=lambda blamed: (blamed.distance, blamed.column)))


def _is_made_here(head: LineageGraph, dataset: DatasetId) -> bool:
    found = head.index.datasets.get(dataset)
    return found is not None and (found.span is not None or dataset in head.definitions)


def former_subject(name: str, pasts: Iterable[Past]) -> DatasetId | ColumnId:
    """What ``name`` meant in the newest commit that knew it, of a dataset that is gone: its id, or the end of it. One that has
    another name since then is meant under that.
    """
    before, _, column = name.rpartition(".")
    for _, record in pasts:
        for step in record.steps:
            known = [str(each) for each in (step.dataset, step.was) if each is not None]
            if any(_ends(each, name) for each in known):
                return step.dataset
            if before and any(_ends(each, before) for each in known) and any(each[0] == column for each in step.former_reads):
                return ColumnId(step.dataset, column)
    raise UsageError(f"no dataset or column is called {name!r}, and none was in the commits that were looked at")


def _ends(known: str, name: str) -> bool:
    return known == name or known.endswith(f".{name}")


def _of(record: CommitRecord, dataset: DatasetId) -> DatasetStep | None:
    return next((step for step in record.steps if step.dataset == dataset), None)
