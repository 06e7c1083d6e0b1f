"""Who is at the end: dashboards and their owners, tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.change import Effect, Reader, ReaderKind
from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.domain.span import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqllineage_scan.diff.side import Side
    from sqllineage_scan.domain.job import Exposure

_RANK = list(Effect)


class Consumers:
    def __init__(self, head: Side) -> None:
        self._head = head

    def of_readers(self, readers: Iterable[Reader]) -> Iterator[Reader]:
        """The exposures that show what a reader is; each is affected as the worst of what it shows."""
        worst: dict[DatasetId, Reader] = {}
        for reader in readers:
            if reader.id is None:
                continue
            dataset = reader.id.dataset if isinstance(reader.id, ColumnId) else reader.id
            known = worst.get(dataset)
            if known is None or _RANK.index(reader.effect) < _RANK.index(known.effect):
                worst[dataset] = reader
        for exposure in self._head.graph.exposures:
            shown = [worst[dataset] for dataset in exposure.depends_on if dataset in worst]
            if shown:
                reader = min(shown, key=lambda each: (_RANK.index(each.effect), -each.confidence))
                yield _exposure(exposure, reader.effect, f"shows {_dataset(reader)}", reader)

    def directly(self, dataset: DatasetId, effect: Effect, why: str) -> Iterator[Reader]:
        """The exposures that show ``dataset`` itself."""
        for exposure in self._head.index.exposures_of.get(dataset, ()):
            yield _exposure(exposure, effect, why)

    def of_gone(self, *names: DatasetId) -> Iterator[Reader]:
        for dataset in dict.fromkeys(names):
            if dataset not in self._head.defined:
                yield from self.directly(dataset, Effect.BREAKING, f"shows {dataset}, which nothing makes any more")

    def tests_of(self, column: ColumnId, *, gone: bool) -> Iterator[Reader]:
        for node in self._head.tests.get(column.dataset, ()):
            if column.column in node.columns:
                effect = Effect.BREAKING if gone else Effect.PASS_THROUGH
                why = f"tests {column.column}, which is gone" if gone else "tests it"
                yield Reader(ReaderKind.TEST, node.unique_id, effect, why, span=whole_file(node.path))


def _dataset(reader: Reader) -> DatasetId:
    assert reader.id is not None
    return reader.id.dataset if isinstance(reader.id, ColumnId) else reader.id


def _exposure(exposure: Exposure, effect: Effect, why: str, reader: Reader | None = None) -> Reader:
    path, confidence = (reader.path, reader.confidence) if reader is not None else ((), 1.0)
    return Reader(
        ReaderKind.EXPOSURE,
        exposure.name,
        effect,
        why,
        span=exposure.span,
        path=path,
        confidence=confidence,
        owner=exposure.owner,
        url=exposure.url,
    )
