"""The story of a column: what it is made from hop by hop, and who reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqllineage_scan.domain.evidence import RULES, band_of
from sqllineage_scan.graph.subject import column_subject
from sqllineage_scan.outputs.site.core import short_name
from sqllineage_scan.outputs.site.slug import anchor
from sqllineage_scan.outputs.site.words import HAPPENS, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.edge import ColumnEdge, RowEdge
    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.names import ColumnId
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.graph.subject import Source
    from sqllineage_scan.outputs.site.book import Book

_MOST_HOPS = 60  # of one column's story; a wide union has more than anybody reads
_MOST_READERS = 40


@dataclass(frozen=True, slots=True)
class Sure:
    """How sure: per cent rounded down, and the band's word."""

    percent: int
    band: str


@dataclass(frozen=True, slots=True)
class Place:
    """``url`` is on the repository's host."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Hop:
    """One edge of a story, told from its source's side."""

    name: str
    short: str
    link: str
    subtype: str
    happens: str
    expression: str
    masking: bool
    sure: Sure
    reasons: tuple[str, ...] = ()
    place: Place | None = None
    before: tuple[Hop, ...] = ()
    onward: str = ""  # what to say of hops that are not told here


@dataclass(frozen=True, slots=True)
class Reader:
    name: str
    link: str
    subtype: str
    happens: str
    sure: Sure


def sure(confidence: float) -> Sure:
    return Sure(int(confidence * 100 + 1e-9), band_of(confidence).value)


class Stories:
    def __init__(self, book: Book) -> None:
        self._book = book
        self._brief = book.brief

    def sources(self, column: ColumnId) -> tuple[Hop, ...]:
        """What it is made from; on a brief page only the first hop, and no reasons."""
        if self._brief:
            return tuple(self._step(edge) for edge in self._book.index.column_edges_into.get(column, ()))
        budget = [_MOST_HOPS]
        return self._hops(column_subject(self._book.index, column).sources, budget)

    def _hops(self, sources: Iterable[Source], budget: list[int]) -> tuple[Hop, ...]:
        hops = []
        for source in sources:
            if budget[0] <= 0:
                break
            budget[0] -= 1
            hops.append(self._hop(source, budget))
        return tuple(hops)

    def _hop(self, source: Source, budget: list[int]) -> Hop:
        before = self._hops(source.sources, budget)
        cut = source.cut or len(before) < len(source.sources)
        return replace(
            self._step(source.edge),
            reasons=reasons(source.edge.evidence),
            place=self.place(source.edge.span),
            before=before,
            onward="told above" if source.repeated else "and further back" if cut else "",
        )

    def _step(self, edge: ColumnEdge) -> Hop:
        return Hop(
            name=str(edge.source),
            short=f"{short_name(edge.source.dataset.name)}.{edge.source.column}",
            link=self.column_link(edge.source),
            subtype=edge.transformation.subtype.value,
            happens=HAPPENS[edge.transformation.subtype],
            expression=edge.transformation.description,
            masking=edge.transformation.masking,
            sure=sure(edge.confidence),
        )

    def readers(self, column: ColumnId) -> tuple[tuple[Reader, ...], int]:
        """Columns made from it, and datasets whose rows it decides; and how many more there are."""
        index = self._book.index
        found: dict[Reader, None] = {}
        for edge in index.column_edges_from.get(column, ()):
            found[self._reader(edge)] = None
        for row in index.row_edges_from.get(column, ()):
            found[self._row_reader(row)] = None
        readers = tuple(found)
        return readers[:_MOST_READERS], max(0, len(readers) - _MOST_READERS)

    def count_of_readers(self, column: ColumnId) -> int:
        index = self._book.index
        return len({edge.target for edge in index.column_edges_from.get(column, ())})

    def _reader(self, edge: ColumnEdge) -> Reader:
        subtype = edge.transformation.subtype
        return Reader(str(edge.target), self.column_link(edge.target), subtype.value, HAPPENS[subtype], sure(edge.confidence))

    def _row_reader(self, edge: RowEdge) -> Reader:
        link = f"{self._book.slug[self._book.number[edge.target]]}.html"
        return Reader(f"rows of {edge.target}", link, edge.subtype.value, HAPPENS[edge.subtype], sure(edge.confidence))

    def column_link(self, column: ColumnId) -> str:
        """Between pages of datasets. The anchor's own ``%`` is escaped in a link to it."""
        page = self._book.slug[self._book.number[column.dataset]]
        return f"{page}.html#{anchor(column.column).replace('%', '%25')}"

    def place(self, span: Span | None) -> Place | None:
        return None if span is None else Place(f"{span.path}:{span.line}", self._book.place_url(span.path, span.line))


def reasons(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """In words. What lowers the confidence says by how much: ``through a star over columns that are not known (factor 0.97)``."""
    told: dict[str, None] = {}
    for item in evidence:
        note = f": {item.note}" if item.note and item.kind not in RULES else ""
        among = f" ({item.among} there are)" if item.among > 1 else ""
        factor = item.weight
        weight = f" (factor {factor:.2g})" if factor < 1 else ""
        told[f"{WORDS[item.kind]}{among}{note}{weight}"] = None
    return tuple(told)
