"""The shard that every page of the site loads: all datasets and all edges between them, as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.mark import Mark
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.domain.transformation import TransformationSubtype
from sqllineage_scan.outputs.site.layout import NODE_HEIGHT, NODE_WIDTH, Band, map_of
from sqllineage_scan.outputs.site.marks import MARKS, told
from sqllineage_scan.outputs.site.slug import slug
from sqllineage_scan.outputs.site.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.outputs.site.book import Book

VERSION = 1
COLUMNS_PER_SHARD = 200
SQL_PER_SHARD = 200
KINDS = [kind.value for kind in DatasetKind]
SUBTYPES = [subtype.value for subtype in TransformationSubtype]
VALUE, ROW, CANDIDATE, HOLE = 1, 2, 4, 8  # flags of an edge between datasets
_LONGEST = 200  # of a description's first line


class Numbered:
    """Names by number, in the order of their names."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(set(names))
        self.number = {name: place for place, name in enumerate(self.names)}


def tags_of(book: Book) -> Numbered:
    """All tags, of datasets and of columns."""
    return Numbered(
        tag
        for dataset in book.datasets
        for tag in (*dataset.tags, *(tag for column in dataset.columns or () for tag in column.tags))
    )


def core(book: Book) -> dict[str, Any]:
    graph = book.graph
    edges = _dataset_edges(book)
    return {
        "version": VERSION,
        "project": {"name": book.title, "revision": graph.revision, "source_url": book.source_url},
        "kinds": KINDS,
        "subtypes": SUBTYPES,
        "evidence": {kind.value: [WORDS[kind], Evidence(kind).weight] for kind in EvidenceKind},
        **_datasets(book, edges),
        "edges": {
            "source": [source for source, _ in edges],
            "target": [target for _, target in edges],
            "confidence": [confidence for confidence, _ in edges.values()],
            "flags": [flags for _, flags in edges.values()],
        },
        "exposures": [
            {
                "name": exposure.name,
                "kind": exposure.kind,
                "owner": exposure.owner,
                "url": safe_url(exposure.url),
                "on": [book.number[dataset] for dataset in exposure.depends_on],
                "slug": slug(exposure.name),
            }
            for exposure in graph.exposures
        ],
        **_comparison(book, edges),
        "columns_per_shard": COLUMNS_PER_SHARD,
        "sql_per_shard": SQL_PER_SHARD,
    }


def _comparison(book: Book, edges: dict[tuple[int, int], tuple[int, int]]) -> dict[str, Any]:
    """The marks of a comparison, by number of dataset and of edge, and the changes of each dataset in words."""
    found = book.comparison
    if found is None:
        return {}
    parts: dict[tuple[int, int], set[int]] = {}
    everything: Iterable[ColumnEdge | RowEdge | DatasetEdge]
    for everything in (book.graph.dataset_edges, book.graph.column_edges, book.graph.row_edges):
        for edge in everything:
            parts.setdefault(_ends(book, edge), set()).add(found.edge(edge))
    return {
        "comparison": {
            "base": found.diff.base.label,
            "head": found.diff.head.label,
            "verdict": found.diff.verdict.value,
            "marks": MARKS,
            "datasets": [found.dataset(dataset.id) for dataset in book.datasets],
            # an edge between datasets is what all its parts are, or it has changed
            "edges": [next(iter(parts[ends])) if len(parts[ends]) == 1 else MARKS.index(Mark.CHANGED.value) for ends in edges],
            "changes": {
                str(number): [told(change) for change in changes]
                for number, dataset in enumerate(book.datasets)
                if (changes := found.changes(dataset.id))
            },
        }
    }


def _ends(book: Book, edge: ColumnEdge | RowEdge | DatasetEdge) -> tuple[int, int]:
    source, target = (end.dataset if isinstance(end, ColumnId) else end for end in (edge.source, edge.target))
    return book.number[source], book.number[target]


def percent(confidence: float) -> int:
    """Rounded down: what is not quite certain never looks so."""
    return int(confidence * 100 + 1e-9)


def safe_url(url: str | None) -> str | None:
    """Only what a browser opens as a page: no ``javascript:``."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def _datasets(book: Book, edges: dict[tuple[int, int], tuple[int, int]]) -> dict[str, Any]:
    folders, tags = Numbered(book.folder), tags_of(book)
    owners = Numbered(dataset.owner for dataset in book.datasets if dataset.owner)
    lowest = [100] * len(book.datasets)
    for (_, target), (confidence, _) in edges.items():
        lowest[target] = min(lowest[target], confidence)
    first = [0]
    for names in book.columns:
        first.append(first[-1] + len(names))
    drawn = map_of(list(edges), groups(book))
    return {
        "folders": folders.names,
        "owners": owners.names,
        "tags": tags.names,
        "datasets": {
            "id": [str(dataset.id) for dataset in book.datasets],
            "name": [short_name(dataset.id.name) for dataset in book.datasets],
            "kind": [KINDS.index(dataset.kind.value) for dataset in book.datasets],
            "folder": [folders.number[folder] for folder in book.folder],
            "owner": [owners.number[dataset.owner] if dataset.owner else -1 for dataset in book.datasets],
            "tags": [[tags.number[tag] for tag in dataset.tags] for dataset in book.datasets],
            "column_tags": [_column_tags(dataset, tags) for dataset in book.datasets],
            "slug": list(book.slug),
            "description": [first_line(dataset.description) for dataset in book.datasets],
            "columns": [len(names) for names in book.columns],
            "first": first[:-1],
            "lowest": lowest,
            "findings": [len(found) for found in book.findings],
            "layer": drawn.layer,
            "x": drawn.x,
            "y": drawn.y,
        },
        "bands": [_band(band) for band in drawn.bands],
        "below": drawn.below,
        "node": [NODE_WIDTH, NODE_HEIGHT],
    }


def _column_tags(dataset: Dataset, tags: Numbered) -> list[int]:
    return sorted({tags.number[tag] for column in dataset.columns or () for tag in column.tags})


def _band(band: Band) -> dict[str, Any]:
    return {"label": band.label, "x": band.x, "width": band.width}


def short_name(name: str) -> str:
    """What a person calls it: ``orders`` of ``analytics.orders``, the file's name of a path."""
    if "/" in name:
        return name.rpartition("/")[2] or name
    if name.endswith('"') and '."' in name:
        return name[name.rindex('."') + 1 :]
    known = name.partition("{{")[0]  # inbound.refunds_{{ params.region }}: the last dot is not the name's
    return name[known.rfind(".") + 1 :] or name


def first_line(text: str) -> str:
    line = text.strip().partition("\n")[0].strip()
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


_OUTSIDE = frozenset({DatasetKind.SOURCE, DatasetKind.EXTERNAL, DatasetKind.SEED})


def groups(book: Book) -> list[str]:
    """The band each dataset would be in: sources, then the folders below ``models``, else the schema or the folder."""
    return [_group(dataset.kind, folder) for dataset, folder in zip(book.datasets, book.folder, strict=True)]


def _group(kind: DatasetKind, folder: str) -> str:
    if kind in _OUTSIDE:
        return "sources"
    parts = folder.split("/")
    if "models" in parts[:-1]:
        return parts[parts.index("models") + 1]
    return parts[-1] or "sources"


def _dataset_edges(book: Book) -> dict[tuple[int, int], tuple[int, int]]:
    """(source, target) -> (confidence in per cent, flags); of several between two datasets the most certain counts."""
    best: dict[tuple[int, int], tuple[float, int]] = {}

    def note(edge: ColumnEdge | RowEdge | DatasetEdge, source: int, target: int, flag: int) -> None:
        confidence, flags = best.get((source, target), (0.0, CANDIDATE | HOLE))
        kinds = {item.kind for item in edge.evidence}
        doubt = (CANDIDATE if EvidenceKind.CANDIDATE in kinds else 0) | (HOLE if EvidenceKind.HOLE in kinds else 0)
        best[source, target] = (max(confidence, edge.confidence), (flags & (VALUE | ROW)) | flag | (flags & doubt))

    number = book.number
    for edge in book.graph.dataset_edges:
        note(edge, number[edge.source], number[edge.target], 0)
    for value in book.graph.column_edges:
        note(value, number[value.source.dataset], number[value.target.dataset], VALUE)
    for row in book.graph.row_edges:
        note(row, number[row.source.dataset], number[row.target], ROW)
    return {key: (percent(confidence), flags) for key, (confidence, flags) in sorted(best.items())}
