"""Who is reached by a change, and what it does to them: breaking, to be looked at, or passed through.

Breaking is said only where the way is certain. Whoever is behind somebody that breaks breaks with them: it cannot be made again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.diff.consumers import Consumers
from sqllineage_scan.diff.reach import Way, columns_from, datasets_from, step_of
from sqllineage_scan.diff.types import collides
from sqllineage_scan.domain.change import ChangeKind, Effect, Impact, Reader, ReaderKind
from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.evidence import Band, EvidenceKind, band_of, confidence_of
from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqllineage_scan.diff.found import Difference, Found
    from sqllineage_scan.diff.side import Side
    from sqllineage_scan.domain.edge import ColumnEdge, RowEdge
    from sqllineage_scan.domain.names import DatasetId

_RANK = list(Effect)
_ABSENT = frozenset({EvidenceKind.NOT_IN_SCHEMA})  # a column that is gone is in no schema: that is no doubt of who reads it
_DECIDES = {"JOIN": "joins on it", "FILTER": "filters by it", "GROUP_BY": "groups by it", "SORT": "keeps rows by it"}


class Impacts:
    """The impacts of all changes of one comparison."""

    def __init__(self, base: Side, head: Side, found: Found) -> None:
        self._base, self._head, self._found = base, head, found
        self._consumers = Consumers(head)

    def of(self, number: int) -> Impact:
        """Of change ``number`` of ``found.own``, with all that is inherited from it."""
        difference = self._found.own[number]
        inherited = [item for item, causes in self._found.inherited if number in causes]
        readers = _Readers(self._head)
        readers.add(self._of_own(difference))
        for item in inherited:
            readers.add(self._of_inherited(difference, item))
        readers.add(self._by_position(difference, inherited))
        readers.add(self._contracts([difference, *inherited]))
        readers.add(self._consumers.of_readers(readers.found()))
        readers.add(self._tests(difference, inherited))
        return Impact(tuple(sorted(readers.found(), key=_order)))

    # A change of one's own

    def _of_own(self, difference: Difference) -> Iterable[Reader]:
        kind, old, new = difference.kind, difference.old, difference.new
        if kind is ChangeKind.REMOVED:
            assert old is not None
            return self._of_gone(old) if isinstance(old, ColumnId) else self._of_gone_dataset(old)
        if kind is ChangeKind.RENAMED:
            assert old is not None
            assert new is not None
            broken = self._of_gone(old) if isinstance(old, ColumnId) else self._of_gone_dataset(old)
            return [*broken, *self._following(new)]
        if kind in (ChangeKind.REDEFINED, ChangeKind.RETYPED):
            assert isinstance(new, ColumnId)
            return self._of_value(difference, new)
        if kind in (ChangeKind.ROWS_CHANGED, ChangeKind.KIND_CHANGED):
            assert new is not None
            assert not isinstance(new, ColumnId)
            return self._of_rows(new)
        return ()

    def _of_gone(self, column: ColumnId, way: Way | None = None) -> Iterable[Reader]:
        """Whoever still reads a column that is no more, and all that is made of them."""
        here = self._found.names.datasets.get(column.dataset, column.dataset)
        gone = ColumnId(here, column.column)
        edges: Sequence[ColumnEdge | RowEdge] = (
            *self._head.index.column_edges_from.get(gone, ()),
            *self._head.index.row_edges_from.get(gone, ()),
        )
        columns: dict[ColumnId, Way] = {}
        datasets: dict[DatasetId, Way] = {}
        for edge in edges:
            step = step_of(edge)._replace(confidence=self._believed(edge, column))
            reached = (way or Way()).then(step)
            known = columns.get(edge.target) if isinstance(edge.target, ColumnId) else datasets.get(edge.target)
            if known is None or known.confidence < reached.confidence:
                if isinstance(edge.target, ColumnId):
                    columns[edge.target] = reached
                else:
                    datasets[edge.target] = reached
        yield from self._broken(columns, datasets)

    def _believed(self, edge: ColumnEdge | RowEdge, old: ColumnId) -> float:
        """As sure as it was while the column was there; of a new edge, without the doubt that the column is not there."""
        index = self._base.index
        before: Iterable[ColumnEdge | RowEdge] = (*index.column_edges_from.get(old, ()), *index.row_edges_from.get(old, ()))
        targets = self._found.names.read
        for known in before:
            if targets(known.target) == edge.target:
                return known.confidence
        return confidence_of(item for item in edge.evidence if item.kind not in _ABSENT)

    def _broken(self, columns: Mapping[ColumnId, Way], datasets: Mapping[DatasetId, Way]) -> Iterable[Reader]:
        """Readers that break, and behind them everything that is made of them."""
        for column, way in columns.items():
            yield self._reader(column, Effect.BREAKING, self._read_in(column, way), way)
        for dataset, way in datasets.items():
            yield self._reader(dataset, Effect.BREAKING, _DECIDES.get(way.steps[-1].subtype, "reads it"), way)
        for column, way in columns_from(self._head.index, columns).items():
            if column not in columns:
                yield self._reader(column, Effect.BREAKING, f"is made of {way.steps[-1].source}, which breaks", way)
        for dataset, way in datasets_from(self._head.index, datasets).items():
            if dataset not in datasets:
                yield self._reader(dataset, Effect.BREAKING, f"reads {way.steps[-1].source}, which breaks", way)

    def _of_gone_dataset(self, dataset: DatasetId) -> Iterable[Reader]:
        """Whoever still reads a dataset that nothing makes any more, under its own name or that of a ref to nowhere."""
        names = self._found.names
        starts: dict[DatasetId, Way] = {}
        for called in {dataset, names.ghosts.get(dataset, dataset)}:
            if called in self._head.defined:
                continue
            for edge in self._head.index.dataset_edges_from.get(called, ()):
                step = step_of(edge)
                starts.setdefault(
                    edge.target, Way().then(step._replace(confidence=self._read_before(dataset, edge.target, step.confidence)))
                )
        for reader, way in starts.items():
            yield self._reader(reader, Effect.BREAKING, "still reads it", way)
        for reader, way in datasets_from(self._head.index, starts).items():
            if reader not in starts:
                yield self._reader(reader, Effect.BREAKING, f"reads {way.steps[-1].source}, which breaks", way)
        yield from self._consumers.of_gone(dataset, names.ghosts.get(dataset, dataset))

    def _read_before(self, dataset: DatasetId, reader: DatasetId, otherwise: float) -> float:
        for edge in self._base.index.dataset_edges_from.get(dataset, ()):
            if self._found.names.read(edge.target) == reader:
                return edge.confidence
        return otherwise

    def _following(self, new: ColumnId | DatasetId) -> Iterable[Reader]:
        """Whoever reads it under its new name already."""
        index = self._head.index
        edges = index.column_edges_from.get(new, ()) if isinstance(new, ColumnId) else index.dataset_edges_from.get(new, ())
        for edge in edges:
            yield self._reader(edge.target, Effect.PASS_THROUGH, "reads it under its new name", Way().then(step_of(edge)))

    def _of_value(self, difference: Difference, column: ColumnId) -> Iterable[Reader]:
        """Whatever is made of a value takes in what it is now; joins, filters and groups by it may keep other rows."""
        index = self._head.index
        reached = columns_from(index, {column: Way()})
        rows: dict[DatasetId, Way] = {}
        for each, way in reached.items():
            if each != column:
                yield self._through(difference, each, way)
            for edge in index.row_edges_from.get(each, ()):
                further = way.then(step_of(edge))
                if edge.target not in rows or rows[edge.target].confidence < further.confidence:
                    rows[edge.target] = further
        for dataset, way in rows.items():
            yield self._decided(difference, dataset, way)
        for dataset, way in datasets_from(index, rows).items():
            if dataset not in rows:
                yield self._reader(dataset, Effect.PASS_THROUGH, f"reads the rows of {way.steps[-1].source}", way)

    def _through(self, difference: Difference, column: ColumnId, way: Way) -> Reader:
        if difference.kind is ChangeKind.RETYPED and len(way.steps) == 1 and difference.after is not None:
            other = collides(self._head, way.steps[0], difference.after.text)
            if other is not None:
                return self._reader(column, other.effect, other.why, way)
            if way.steps[0].subtype != "IDENTITY":
                return self._reader(column, Effect.REVIEW, self._read_in(column, way), way)
        return self._reader(column, Effect.PASS_THROUGH, self._read_in(column, way), way)

    def _decided(self, difference: Difference, dataset: DatasetId, way: Way) -> Reader:
        step = way.steps[-1]
        if difference.kind is ChangeKind.RETYPED and len(way.steps) == 1 and difference.after is not None:
            other = collides(self._head, step, difference.after.text)
            if other is not None:
                return self._reader(dataset, other.effect, other.why, way)
        return self._reader(dataset, Effect.REVIEW, _DECIDES.get(step.subtype, "its rows are decided by it"), way)

    def _of_rows(self, dataset: DatasetId) -> Iterable[Reader]:
        for reader, way in datasets_from(self._head.index, {dataset: Way()}).items():
            if reader != dataset:
                why = "reads its rows" if len(way.steps) == 1 else f"reads the rows of {way.steps[-1].source}"
                yield self._reader(reader, Effect.PASS_THROUGH, why, way)

    # What follows from a change upstream

    def _of_inherited(self, cause: Difference, item: Difference) -> Iterable[Reader]:
        way = self._way_to(cause, item)
        if item.kind is ChangeKind.ADDED:
            assert isinstance(item.new, ColumnId)
            arms = self._uneven(item)
            yield self._reader(item.new, arms[0], arms[1], way)
        elif item.kind in (ChangeKind.REMOVED, ChangeKind.RENAMED):
            assert isinstance(item.old, ColumnId)
            if item.kind is ChangeKind.REMOVED:
                yield self._reader(item.old, Effect.PASS_THROUGH, "goes with it, through a star", way)
            else:
                assert item.new is not None
                yield self._reader(item.new, Effect.PASS_THROUGH, f"was {item.old.column}: has the new name through a star", way)
            yield from self._of_gone(item.old, way)
        elif item.kind in (ChangeKind.REDEFINED, ChangeKind.RETYPED):
            assert isinstance(item.new, ColumnId)
            yield from self._broken_value(item, item.new, way)
        elif item.kind is ChangeKind.ROWS_CHANGED:
            assert item.new is not None
            effect, why = (
                (Effect.BREAKING, "a clause of it reads what is gone")
                if _lost(item)
                else (
                    Effect.REVIEW,
                    "its rows are compared by other columns",
                )
            )
            yield self._reader(item.new, effect, why, way)

    def _broken_value(self, item: Difference, column: ColumnId, way: Way) -> Iterable[Reader]:
        before, after = item.forms
        was, now = _named(before), _named(after)
        if not now:
            why = f"reads {was or 'a column'}, which nothing has any more"
        elif was == now:
            why = "is made of other columns now"
        else:
            why = f"holds {now} now, and was {was or 'something else'}"
        if before is not None and after is not None and set(before.reads) <= set(after.reads) and now:
            yield self._reader(column, Effect.REVIEW, f"is made of {now} now", way)
            return
        yield self._reader(column, Effect.BREAKING, why, way)
        starts = {column: way}
        for each, further in columns_from(self._head.index, starts).items():
            if each != column:
                yield self._reader(each, Effect.BREAKING, f"is made of {further.steps[-1].source}, which breaks", further)

    def _uneven(self, item: Difference) -> tuple[Effect, str]:
        """A column that only one arm of a UNION has. By position that is an error, by name it is null in the others."""
        assert isinstance(item.new, ColumnId)
        siblings = [self._head.form(ColumnId(item.new.dataset, name)) for name in self._head.names(item.new.dataset)]
        united = [form for form in siblings if form is not None and form.shape.startswith("either")]
        form = item.forms[1]
        if united and form is not None and not form.shape.startswith("either") and len(united) * 2 >= len(siblings):
            return Effect.BREAKING, "the arms of its UNION have different numbers of columns"
        return Effect.PASS_THROUGH, "shows it too, through a star"

    def _way_to(self, cause: Difference, item: Difference) -> Way:
        """From what changed to what inherits it: along values where there is such a way, else from dataset to dataset."""
        subject = item.new if item.new is not None else item.old
        start = cause.new if cause.new is not None else cause.old
        assert subject is not None
        assert start is not None
        for side, source, target in (
            (self._head, start, subject),
            (self._base, cause.old or start, item.old or subject),
        ):
            if isinstance(source, ColumnId) and isinstance(target, ColumnId):
                found = columns_from(side.index, {source: Way()}).get(target)
                if found is not None and found.steps:
                    return found
        over = [
            (self._head, _dataset(start), _dataset(subject)),
            (self._base, _dataset(cause.old or start), _dataset(item.old or subject)),
        ]
        for side, origin, end in over:
            way = datasets_from(side.index, {origin: Way()}).get(end)
            if way is not None and way.steps:
                return way
        return Way()

    # By position, under contract, tested

    def _by_position(self, difference: Difference, inherited: Sequence[Difference]) -> Iterable[Reader]:
        """``insert into t select * from d``: t takes the columns of d in their order, as many as there are."""
        for item in (difference, *inherited):
            if item.kind not in (ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.REORDERED):
                continue
            if item is difference and not isinstance(item.subject, ColumnId) and item.kind is not ChangeKind.REORDERED:
                continue
            dataset = self._found.names.datasets.get(_dataset(item.subject), _dataset(item.subject))
            seen: set[DatasetId] = set()
            for name in self._head.names(dataset):
                for edge in self._head.index.column_edges_from.get(ColumnId(dataset, name), ()):
                    kinds = {evidence.kind for evidence in edge.evidence}
                    if edge.target.dataset in seen or not kinds & {EvidenceKind.STAR, EvidenceKind.OPEN_STAR}:
                        continue
                    if kinds & {EvidenceKind.POSITION, EvidenceKind.POSITION_UNKNOWN_TARGET}:
                        seen.add(edge.target.dataset)
                        why = f"takes the {len(self._head.names(dataset))} columns of {dataset} by their position"
                        step = step_of(edge)._replace(source=dataset, target=edge.target.dataset)
                        yield self._reader(edge.target.dataset, Effect.BREAKING, why, Way().then(step))

    def _contracts(self, differences: Sequence[Difference]) -> Iterable[Reader]:
        """A model under contract whose query no longer has the columns that its YAML lists, or has others too."""
        for item in differences:
            subject = item.subject
            if not isinstance(subject, ColumnId) or item.kind not in (ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.RENAMED):
                continue
            here = self._found.names.datasets.get(subject.dataset, subject.dataset)
            node = self._head.nodes.get(here)
            if node is None or not node.contract or not node.columns:
                continue
            promised, kept = set(node.columns), set(self._head.names(here))
            for old, gone in ((item.old, True), (item.new, False)):
                if not isinstance(old, ColumnId):
                    continue
                if gone and item.kind is not ChangeKind.ADDED and old.column in promised and old.column not in kept:
                    why = f"promises {old.column}, which the model no longer has"
                elif not gone and old.column not in promised:
                    why = f"does not list {old.column}, which the model has now"
                else:
                    continue
                span = self._head.datasets[here].span
                yield Reader(ReaderKind.CONTRACT, node.unique_id, Effect.BREAKING, why, span=span)

    def _tests(self, difference: Difference, inherited: Sequence[Difference]) -> Iterable[Reader]:
        for item in (difference, *inherited):
            if item.kind in (ChangeKind.REMOVED, ChangeKind.RENAMED) and isinstance(item.old, ColumnId):
                here = self._found.names.datasets.get(item.old.dataset, item.old.dataset)
                yield from self._consumers.tests_of(ColumnId(here, item.old.column), gone=True)
            elif isinstance(item.new, ColumnId) and item.kind in (ChangeKind.REDEFINED, ChangeKind.RETYPED):
                yield from self._consumers.tests_of(item.new, gone=False)

    # Readers

    def _reader(self, id_: ColumnId | DatasetId, effect: Effect, why: str, way: Way) -> Reader:
        """Breaking only where the way is certain."""
        if effect is Effect.BREAKING and band_of(way.confidence) is not Band.CERTAIN:
            effect = Effect.REVIEW
        dataset = self._head.datasets.get(_dataset(id_)) or self._base.datasets.get(_dataset(id_))
        last = way.steps[-1] if way.steps else None
        span = last.span if last is not None and last.span is not None else dataset.span if dataset is not None else None
        kind = ReaderKind.COLUMN if isinstance(id_, ColumnId) else ReaderKind.DATASET
        name = str(id_)
        if dataset is not None and dataset.kind is DatasetKind.TEST:
            kind, name = ReaderKind.TEST, dataset.unique_id or str(dataset.id)
        owner = dataset.owner if dataset is not None else None
        own_id = None if kind is ReaderKind.TEST else id_
        return Reader(kind, name, effect, why, own_id, span, way.steps, way.confidence, owner)

    def _read_in(self, column: ColumnId, way: Way) -> str:
        step = way.steps[-1]
        if len(way.steps) > 1:
            return f"is made of {step.source}"
        if step.subtype == "IDENTITY":
            return "passes it on"
        for edge in self._head.index.column_edges_into.get(column, ()):
            if edge.source == step.source and edge.transformation.description:
                text = " ".join(edge.transformation.description.split()).replace("`", "'")
                return f"reads it in `{text if len(text) <= 80 else text[:79] + '…'}`"  # noqa: PLR2004
        return "reads it"


class _Readers:
    """One entry a reader: the worst effect, and of equals the surest."""

    def __init__(self, head: Side) -> None:
        self._found: dict[tuple[ReaderKind, str], Reader] = {}
        self._head = head

    def add(self, readers: Iterable[Reader]) -> None:
        for reader in readers:
            key = reader.kind, reader.name
            known = self._found.get(key)
            if known is None or (_RANK.index(reader.effect), -reader.confidence) < (_RANK.index(known.effect), -known.confidence):
                self._found[key] = reader

    def found(self) -> list[Reader]:
        return list(self._found.values())


def _order(reader: Reader) -> tuple[object, ...]:
    return _RANK.index(reader.effect), len(reader.path), -reader.confidence, list(ReaderKind).index(reader.kind), reader.name


def _dataset(subject: ColumnId | DatasetId) -> DatasetId:
    return subject.dataset if isinstance(subject, ColumnId) else subject


def _lost(item: Difference) -> bool:
    """Whether a form reads less than before: what it read is gone."""
    before, after = item.forms
    if before is None or after is None:
        return False
    return any(isinstance(read, ColumnId) for read in set(before.reads) - set(after.reads))


def _named(form: object) -> str:
    reads = getattr(form, "reads", ())
    return " and ".join(str(read) for read in reads[:3])
