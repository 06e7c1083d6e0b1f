"""The page of a dataset: everything there is to say of it, for a browser without scripts too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqllineage_scan.domain.dataset import Column, SchemaOrigin
from sqllineage_scan.domain.mark import Mark
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.outputs.site.comparison import before, side_by_side
from sqllineage_scan.outputs.site.core import safe_url, short_name
from sqllineage_scan.outputs.site.markdown import paragraphs, phrase
from sqllineage_scan.outputs.site.marks import MARKS, told
from sqllineage_scan.outputs.site.slug import anchor
from sqllineage_scan.outputs.site.story import Stories, Sure, sure
from sqllineage_scan.outputs.site.words import HAPPENS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.edge import DatasetEdge
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.outputs.site.book import Book, Line
    from sqllineage_scan.outputs.site.sql import Excerpt
    from sqllineage_scan.outputs.site.story import Hop, Reader

_KNOWN_FROM = {
    SchemaOrigin.DDL: "its CREATE statement",
    SchemaOrigin.SEED: "the header of its file",
    SchemaOrigin.ARTIFACT: "the catalog",
    SchemaOrigin.GIVEN: "the given schema",
    SchemaOrigin.INFERRED: "what the statements that write it select",
    SchemaOrigin.PROPERTIES: "its properties file, which may leave some out",
    SchemaOrigin.NONE: "what reads it: there may be more",
}


SHOWN_WORDS = frozenset("ksncft")  # classes of SQL's words that have a look of their own
BRIEF_WORDS = frozenset("c")


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """``sources`` of a brief page have no more than a name and a link."""

    name: str
    anchor: str
    type: str
    description: Markup
    tests: tuple[str, ...]
    tags: tuple[str, ...]
    inherited: list[tuple[str, str, str]]  # tags and terms of another column, which it passes on: (tag, column, link)
    sources: tuple[Hop, ...]
    readers: tuple[Reader, ...] | int  # of a brief page only how many
    more_readers: int
    mark: str  # of a comparison
    sure: Sure | None  # the least sure of what it is made from; None when it is made from nothing here


@dataclass(frozen=True, slots=True)
class Neighbour:
    name: str
    link: str
    kind: str
    sure: Sure
    mark: str = ""  # of a comparison


class DatasetPages:
    def __init__(self, book: Book) -> None:
        self._book = book
        self._stories = Stories(book)
        self._brief = book.brief

    def page(self, number: int, sql: Sequence[Excerpt]) -> dict[str, Any]:
        """The values of ``dataset.html``."""
        book, dataset = self._book, self._book.datasets[number]
        index = book.index
        return {
            "id": str(dataset.id),
            "name": short_name(dataset.id.name),
            "kind": dataset.kind.value,
            "description": paragraphs(dataset.description),
            "facts": self._facts(dataset),
            "tags": dataset.tags,
            "graph_link": f"../graph.html#d={quote(str(dataset.id), safe='', errors='replace')}",
            "columns": [self._column(dataset, name) for name in book.columns[number]],
            "brief": self._brief,
            "known_from": _KNOWN_FROM[dataset.origin],
            "upstream": self._neighbours((edge.source, edge) for edge in index.dataset_edges_into.get(dataset.id, ())),
            "downstream": self._neighbours((edge.target, edge) for edge in index.dataset_edges_from.get(dataset.id, ())),
            "rows": [
                {
                    "name": str(edge.source),
                    "link": self._stories.column_link(edge.source),
                    "subtype": edge.subtype.value,
                    "happens": HAPPENS[edge.subtype],
                    "sure": sure(edge.confidence),
                    "place": self._stories.place(edge.span),
                }
                for edge in index.row_edges_into.get(dataset.id, ())
            ],
            "exposures": [
                {"exposure": exposure, "url": safe_url(exposure.url), "description": paragraphs(exposure.description)}
                for exposure in index.exposures_of.get(dataset.id, ())
            ],
            "findings": [{"finding": finding, "place": self._stories.place(finding.span)} for finding in book.findings[number]],
            "sql": self._sql(sql),
            "shown": self.shown,
            **self._compared(dataset, sql),
            "machine": f"../api/dataset/{book.slug[number]}.json",
        }

    def _compared(self, dataset: Dataset, sql: Sequence[Excerpt]) -> dict[str, Any]:
        """What became of it, its changes, and its SQL on both sides where that differs."""
        found = self._book.comparison
        if found is None:
            return {"mark": "", "changes": [], "sides": [], "revisions": ()}
        mark = MARKS[found.dataset(dataset.id)]
        after = [] if mark == Mark.REMOVED.value else sql
        return {
            "mark": mark,
            "changes": [told(change) for change in found.changes(dataset.id)],
            "sides": side_by_side(before(found, dataset.id), after) if mark and mark != Mark.ADDED.value else [],
            "revisions": (found.diff.base.label, found.diff.head.label),
            "sql": [] if mark == Mark.REMOVED.value else self._sql(sql),
        }

    def _sql(self, sql: Sequence[Excerpt]) -> list[dict[str, Any]]:
        return [
            {
                "excerpt": item,
                "lines": [self.shown(line) for line in item.lines],
                "url": self._book.place_url(item.path, item.first),
                "last": item.first + len(item.lines) - 1,
            }
            for item in sql
        ]

    def shown(self, line: Line) -> Line:
        return _shown(line, BRIEF_WORDS if self._brief else SHOWN_WORDS)

    def _facts(self, dataset: Dataset) -> list[tuple[str, str, str | None]]:
        """(label, text, link) of what is known in one line each."""
        place = self._stories.place(dataset.span)
        facts = [
            ("Defined in", place.text, place.url) if place else ("Defined", "nowhere in this repository", None),
            ("Owner", _owner(dataset), None),
            ("Code owners", ", ".join(dataset.code_owners), None),
            ("Stewards", ", ".join(dataset.stewards), None),
            ("Glossary", ", ".join(dataset.terms), None),
            ("Access", dataset.access, None),
            ("Namespace", dataset.id.namespace, None),
            ("dbt", dataset.unique_id or "", None),
            ("UUID", str(dataset.id.uuid), None),
            ("Version", _short_version(dataset.version), None),
        ]
        return [fact for fact in facts if fact[1]]

    def _column(self, dataset: Dataset, name: str) -> ColumnRow:
        column = self._declared(dataset).get(name) or Column(name)
        stories, here = self._stories, ColumnId(dataset.id, name)
        sources = stories.sources(here)
        readers, more = (stories.count_of_readers(here), 0) if self._brief else stories.readers(here)
        return ColumnRow(
            name=name,
            anchor=anchor(name),
            type=column.type or "",
            description=phrase(column.description),
            tests=column.tests,
            tags=(*column.tags, *column.terms),
            inherited=[(held.text, str(held.source), self._link(held.source)) for held in self._book.inherited.get(here, ())],
            sources=sources,
            readers=readers,
            more_readers=more,
            mark=MARKS[self._book.comparison.column(here)] if self._book.comparison else "",
            sure=min((hop.sure for hop in sources), key=lambda found: found.percent, default=None),
        )

    def _link(self, column: ColumnId | None) -> str:
        return self._stories.column_link(column) if column is not None else ""

    _last: tuple[Dataset | None, dict[str, Column]] = (None, {})

    def _declared(self, dataset: Dataset) -> dict[str, Column]:
        if self._last[0] is not dataset:
            self._last = (dataset, {column.name: column for column in dataset.columns or ()})
        return self._last[1]

    def _neighbours(self, edges: Iterable[tuple[DatasetId, DatasetEdge]]) -> list[Neighbour]:
        """Each once, with the most certain of its edges, by name."""
        best: dict[DatasetId, float] = {}
        for other, edge in edges:
            best[other] = max(edge.confidence, best.get(other, 0.0))
        book = self._book
        return [
            Neighbour(
                str(other),
                f"{book.slug[book.number[other]]}.html",
                book.index.datasets[other].kind.value,
                sure(confidence),
                MARKS[book.comparison.dataset(other)] if book.comparison else "",
            )
            for other, confidence in sorted(best.items(), key=lambda item: str(item[0]))
        ]


def _shown(line: Line, words: frozenset[str]) -> Line:
    """What has no look of its own is one piece with its neighbours."""
    shown: Line = []
    plain = ""
    for look, text in line:
        if look not in words:
            plain += text
            continue
        if plain:
            shown.append(("", plain))
            plain = ""
        shown.append((look, text))
    return [*shown, ("", plain)] if plain else shown


def _owner(dataset: Dataset) -> str:
    """With who says so, where it is not the dataset's own file."""
    if dataset.owner is None:
        return ""
    return f"{dataset.owner} ({dataset.owner_origin})" if dataset.owner_origin not in ("", "meta") else dataset.owner


def _short_version(version: str | None) -> str:
    """Enough of a digest to compare by eye."""
    return version.removeprefix("sha256:")[:12] if version else ""
