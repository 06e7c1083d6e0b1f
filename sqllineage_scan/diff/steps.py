"""What one commit did to the datasets: two graphs of neighbours into a ``DatasetStep`` for each that has another version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.diff.found import find_differences
from sqllineage_scan.diff.side import Side
from sqllineage_scan.diff.touched import touched_datasets
from sqllineage_scan.domain.change import ChangeKind
from sqllineage_scan.domain.history import CommitRecord, DatasetStep, FormerReads, InputState, ToldChange, What
from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqllineage_scan.diff.found import Difference
    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.model import LineageGraph

_OF_SCHEMA = frozenset(
    {ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.RENAMED, ChangeKind.RETYPED, ChangeKind.REORDERED}
)  # of a column
_LONGEST = 200  # characters of an expression that are kept


def steps_between(before: LineageGraph, after: LineageGraph) -> CommitRecord:
    """A step for every dataset whose version or columns differ, for those that came and for those that went."""
    sides = _States(before), _States(after)
    differing = sides[0].differing(sides[1])
    if not differing:
        return CommitRecord()
    touched = touched_datasets(before, after)
    old, new = Side(before, touched=touched), Side(after, touched=touched)
    found = find_differences(old, new)
    was = {now: then for then, now in found.names.datasets.items() if then != now}
    told: dict[DatasetId, list[ToldChange]] = {}
    for own, differences in ((True, found.own), (False, [difference for difference, _ in found.inherited])):
        for difference in differences:
            subject = difference.subject
            dataset = subject.dataset if isinstance(subject, ColumnId) else subject
            told.setdefault(dataset, []).append(_told(difference, own=own))
    renamed = set(was.values())
    steps = [
        _step(dataset, was.get(dataset), (old, new), sides, told.get(dataset, ()))
        for dataset in sorted(differing)
        if dataset not in renamed
    ]
    return CommitRecord(tuple(steps))


class _States:
    """The versions of one side, and who reads what."""

    def __init__(self, graph: LineageGraph) -> None:
        self.datasets: Mapping[DatasetId, Dataset] = {dataset.id: dataset for dataset in graph.datasets}
        self._reads: dict[DatasetId, set[DatasetId]] = {}
        for edge in graph.dataset_edges:
            if edge.source != edge.target:
                self._reads.setdefault(edge.target, set()).add(edge.source)

    def differing(self, other: _States) -> set[DatasetId]:
        """What only reads make known of a table is no change of the table."""
        mine, theirs = self._seen(), other._seen()
        return {dataset for dataset in mine.keys() | theirs.keys() if mine.get(dataset) != theirs.get(dataset)}

    def _seen(self) -> dict[DatasetId, object]:
        return {
            dataset.id: (dataset.version, [(column.name, column.type) for column in dataset.columns or () if column.ordinal])
            for dataset in self.datasets.values()
            if dataset.span is not None or dataset.id in self._reads
        }

    def has(self, dataset: DatasetId) -> bool:
        return dataset in self.datasets and (self.datasets[dataset].span is not None or dataset in self._reads)

    def version(self, dataset: DatasetId) -> str | None:
        return self.datasets[dataset].version if self.has(dataset) else None

    def inputs(self, dataset: DatasetId) -> tuple[InputState, ...]:
        return tuple(
            InputState(read, self.datasets[read].version if read in self.datasets else None)
            for read in sorted(self._reads.get(dataset, ()))
        )


def _step(
    dataset: DatasetId,
    was: DatasetId | None,
    sides: tuple[Side, Side],
    states: tuple[_States, _States],
    changes: Iterable[ToldChange],
) -> DatasetStep:
    old = was or dataset
    before, after = states
    told = tuple(sorted(changes, key=lambda change: (bool(change.column), not change.own)))
    inputs, former = after.inputs(dataset), before.inputs(old)
    return DatasetStep(
        dataset,
        before.version(old),
        after.version(dataset),
        tuple(_what(dataset, old, sides, told, changed_inputs=set(inputs) != set(former))),
        was,
        told,
        inputs if after.has(dataset) else (),
        tuple(sorted(set(former) - set(inputs))),
        tuple(sorted({state.dataset for state in inputs} - {state.dataset for state in former})) if before.has(old) else (),
        _former_reads(sides, old, dataset),
    )


def _what(
    dataset: DatasetId, old: DatasetId, sides: tuple[Side, Side], told: Iterable[ToldChange], *, changed_inputs: bool
) -> Iterable[What]:
    before, after = sides
    was, is_ = old in before.defined, dataset in after.defined
    if was != is_:
        yield What.ADDED if is_ else What.REMOVED
        return
    if old != dataset:
        yield What.RENAMED
    kinds = {(change.kind, bool(change.column)) for change in told}
    one, other = before.definitions.get(old), after.definitions.get(dataset)
    words = (one.words if one else ""), (other.words if other else "")
    if words[0] != words[1] or (ChangeKind.KIND_CHANGED, False) in kinds:
        yield What.DEFINITION
    if (ChangeKind.ROWS_CHANGED, False) in kinds:
        yield What.ROWS
    if before.names(old) != after.names(dataset) or any(kind in _OF_SCHEMA for kind, of_column in kinds if of_column):
        yield What.SCHEMA
    if changed_inputs:
        yield What.INPUTS


def _told(difference: Difference, *, own: bool) -> ToldChange:
    subject, old = difference.subject, difference.old
    return ToldChange(
        difference.kind,
        subject.column if isinstance(subject, ColumnId) else "",
        own,
        "" if difference.before is None else difference.before.text[:_LONGEST],
        "" if difference.after is None else difference.after.text[:_LONGEST],
        old.column if difference.kind is ChangeKind.RENAMED and isinstance(old, ColumnId) else "",
        tuple(detail[:_LONGEST] for detail in difference.details),
    )


def _former_reads(sides: tuple[Side, Side], old: DatasetId, dataset: DatasetId) -> tuple[FormerReads, ...]:
    before, after = _reads(sides[0], old), _reads(sides[1], dataset)
    return tuple(
        FormerReads(name, before.get(name))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    )


def _reads(side: Side, dataset: DatasetId) -> dict[str, tuple[ColumnId, ...]]:
    definition = side.definitions.get(dataset)
    return {
        column.name: tuple(read for read in column.form.reads if isinstance(read, ColumnId))
        for column in (definition.columns if definition else ())
    }
