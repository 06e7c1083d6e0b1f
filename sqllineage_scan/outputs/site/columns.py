"""The shards of columns: for each dataset its columns, and the edges into them with all their reasons."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.outputs.site.core import COLUMNS_PER_SHARD, SUBTYPES, Numbered, percent, tags_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.edge import ColumnEdge, RowEdge
    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.outputs.site.book import Book

NOTHING = -1
MASKED, RENAMED, FIRST_MARK = 1, 2, 4  # flags of a value edge; the second since a name may lie in a shard that nobody has loaded


class Strings:
    """The texts of one shard, each once."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._number: dict[str, int] = {}

    def number(self, text: str | None) -> int:
        if not text:
            return NOTHING
        if text not in self._number:
            self._number[text] = len(self.all)
            self.all.append(text)
        return self._number[text]


def column_shards(book: Book) -> Iterator[tuple[str, Any]]:
    """(name, values) of each shard."""
    into: defaultdict[int, list[ColumnEdge]] = defaultdict(list)
    for edge in book.graph.column_edges:
        into[book.number[edge.target.dataset]].append(edge)
    tags = tags_of(book)
    for start in range(0, len(book.datasets), COLUMNS_PER_SHARD):
        strings = Strings()
        members = range(start, min(start + COLUMNS_PER_SHARD, len(book.datasets)))
        datasets = {str(number): _dataset(book, number, into.get(number, []), strings, tags) for number in members}
        yield f"columns-{start // COLUMNS_PER_SHARD}", {"texts": strings.all, "datasets": datasets}


def _dataset(book: Book, number: int, edges: list[ColumnEdge], strings: Strings, tags: Numbered) -> dict[str, Any]:
    dataset = book.datasets[number]
    rows = book.index.row_edges_into.get(dataset.id, ())
    return {
        "columns": list(_columns(dataset, book.columns[number], strings, tags)),
        **_marks(book, dataset, book.columns[number]),
        "value": [_value(book, number, edge, strings) for edge in edges],
        "row": [_row(book, edge, strings) for edge in rows],
    }


def _marks(book: Book, dataset: Dataset, names: Sequence[str]) -> dict[str, list[int]]:
    found = book.comparison
    return {} if found is None else {"marks": [found.column(ColumnId(dataset.id, name)) for name in names]}


def _columns(dataset: Dataset, names: tuple[str, ...] | Any, strings: Strings, tags: Numbered) -> Iterator[list[Any]]:
    declared = {column.name: column for column in dataset.columns or ()}
    for name in names:
        column = declared.get(name)
        if column is None:
            yield [name, NOTHING, NOTHING, [], []]
        else:
            tests = [strings.number(test) for test in column.tests if test]
            marked = [tags.number[tag] for tag in column.tags]
            yield [name, strings.number(column.type), strings.number(column.description), tests, marked]


def _value(book: Book, number: int, edge: ColumnEdge, strings: Strings) -> list[Any]:
    source = book.number[edge.source.dataset]
    return [
        source,
        book.position[source][edge.source.column],
        book.position[number][edge.target.column],
        SUBTYPES.index(edge.transformation.subtype.value),
        percent(edge.confidence),
        (MASKED if edge.transformation.masking else 0)
        | (RENAMED if edge.source.column != edge.target.column else 0)
        | (_mark(book, edge) * FIRST_MARK),
        strings.number(edge.transformation.description),
        strings.number(str(edge.job)),
        _span(edge.span, strings),
        _evidence(edge.evidence, strings),
    ]


def _row(book: Book, edge: RowEdge, strings: Strings) -> list[Any]:
    source = book.number[edge.source.dataset]
    return [
        source,
        book.position[source][edge.source.column],
        SUBTYPES.index(edge.subtype.value),
        percent(edge.confidence),
        strings.number(str(edge.job)),
        _span(edge.span, strings),
        _evidence(edge.evidence, strings),
        *([_mark(book, edge)] if book.comparison else []),
    ]


def _mark(book: Book, edge: ColumnEdge | RowEdge) -> int:
    return book.comparison.edge(edge) if book.comparison else 0


def _span(span: Span | None, strings: Strings) -> list[int] | int:
    if span is None:
        return 0
    return [strings.number(span.path), span.line, span.column, span.end_line, span.end_column]


def _evidence(evidence: tuple[Evidence, ...], strings: Strings) -> list[list[int]]:
    """Kind and note; of a candidate also how many there are."""
    return [
        [strings.number(item.kind.value), strings.number(item.note), *([item.among] if item.among > 1 else [])]
        for item in evidence
    ]
