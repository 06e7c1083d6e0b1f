"""The machine side: the whole graph and every part of it as plain JSON, a static API for scripts and agents.

lineage.json                           the lineage document; lineage.schema.json, its schema
changes.json                           of a comparison, its document; lineage.json is then head's
api/index.json                         what there is, and where
api/dataset/<slug>.json                a dataset, its columns with their direct sources and readers, upstream and downstream
api/column/<slug>/<column slug>.json   a column with all that it is made from and all that it has a part in
api/job/<slug>.json                    a statement, what it reads and writes

In a project of very many columns (``Book.brief``) the document is lineage.json.gz, there are no files of columns, and
those of datasets name the direct sources of columns and no more.
"""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.graph import encode
from sqllineage_scan.graph.document import schema
from sqllineage_scan.graph.far import Reaches
from sqllineage_scan.outputs.changes.json import write as write_changes
from sqllineage_scan.outputs.files import LONE_SURROGATES
from sqllineage_scan.outputs.lineage.json import write as write_json
from sqllineage_scan.outputs.site.marks import MARKS
from sqllineage_scan.outputs.site.shard import compressed, encoded
from sqllineage_scan.outputs.site.slug import anchor, slugs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.far import Far
    from sqllineage_scan.outputs.site.book import Book
    from sqllineage_scan.outputs.site.folder import SiteFolder

    Progress = Callable[[str, int, int], None]

VERSION = 1


def write_machine_side(book: Book, folder: SiteFolder, progress: Progress | None = None) -> None:
    _write_document(book, folder)
    for number, page in enumerate(book.slug):
        folder.write(f"api/dataset/{page}.json", _json(_dataset(book, number)))
    jobs = slugs(str(job.id) for job in book.graph.jobs)
    for job in book.graph.jobs:
        folder.write(f"api/job/{jobs[str(job.id)]}.json", _json(_without_empty(encode.of_job(job))))
    if not book.brief:
        _write_columns(book, folder, progress)
    folder.write("api/index.json", _json(_index(book, jobs)))


def document_name(book: Book) -> str:
    return "lineage.json.gz" if book.brief else "lineage.json"


def _write_document(book: Book, folder: SiteFolder) -> None:
    graph = book.comparison.head if book.comparison else book.graph
    if book.brief:
        folder.write(document_name(book), compressed(encoded(graph.to_dict())))
    else:
        out = StringIO()
        write_json(graph, out)
        folder.write(document_name(book), out.getvalue().encode("utf-8", LONE_SURROGATES))
    folder.write("lineage.schema.json", _json(schema()))
    if book.comparison:
        changes = StringIO()
        write_changes(book.comparison.diff, changes)
        folder.write("changes.json", changes.getvalue().encode("utf-8", LONE_SURROGATES))


def _json(values: Any) -> bytes:
    return encoded(values) + b"\n"


def _index(book: Book, jobs: Mapping[str, str]) -> dict[str, Any]:
    return {
        "version": VERSION,
        "project": book.title,
        "document": f"../{document_name(book)}",
        "schema": "../lineage.schema.json",
        "brief": book.brief,
        "datasets": [
            {"id": str(dataset.id), "kind": dataset.kind.value, "columns": len(names), "file": f"dataset/{page}.json"}
            for dataset, names, page in zip(book.datasets, book.columns, book.slug, strict=True)
        ],
        "jobs": [{"id": name, "file": f"job/{page}.json"} for name, page in jobs.items()],
    }


def _dataset(book: Book, number: int) -> dict[str, Any]:
    dataset, index = book.datasets[number], book.index
    return {
        **_without_empty(encode.of_dataset(dataset)),
        **({"mark": MARKS[book.comparison.dataset(dataset.id)] or None} if book.comparison else {}),
        "page": f"../../dataset/{book.slug[number]}.html",
        "columns": _brief_columns(book, number) if book.brief else _columns(book, number),
        "rows_decided_by": [_row(edge) for edge in index.row_edges_into.get(dataset.id, ())],
        "upstream": _neighbours((edge.source, edge) for edge in index.dataset_edges_into.get(dataset.id, ())),
        "downstream": _neighbours((edge.target, edge) for edge in index.dataset_edges_from.get(dataset.id, ())),
        "jobs": [str(job.id) for job in book.jobs[number]],
        "exposures": [exposure.name for exposure in index.exposures_of.get(dataset.id, ())],
    }


def _columns(book: Book, number: int) -> list[dict[str, Any]]:
    dataset, index = book.datasets[number], book.index
    described = {column.name: encode.of_column(column) for column in dataset.columns or ()}
    pages = slugs(book.columns[number])
    return [
        {
            **_without_empty(described.get(name, {"name": name})),
            "file": f"../column/{book.slug[number]}/{pages[name]}.json",
            "sources": [_source(edge) for edge in index.column_edges_into.get(ColumnId(dataset.id, name), ())],
            "readers": _names(edge.target for edge in index.column_edges_from.get(ColumnId(dataset.id, name), ())),
        }
        for name in book.columns[number]
    ]


def _brief_columns(book: Book, number: int) -> list[dict[str, Any]]:
    """What each is made from, by name; how and how sure is in the document."""
    dataset, into = book.datasets[number], book.index.column_edges_into
    types = {column.name: column.type for column in dataset.columns or ()}
    return [
        {
            "name": name,
            **({"type": types[name]} if types.get(name) else {}),
            "sources": _names(edge.source for edge in into.get(ColumnId(dataset.id, name), ())),
        }
        for name in book.columns[number]
    ]


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", [])}


def _source(edge: ColumnEdge) -> dict[str, Any]:
    return {
        **encode.of_column_id(edge.source),
        "subtype": edge.transformation.subtype.value,
        "masking": edge.transformation.masking,
        "expression": edge.transformation.description,
        "confidence": edge.confidence,
    }


def _names(columns: Iterable[ColumnId]) -> list[str]:
    return sorted({str(column) for column in columns})


def _row(edge: RowEdge) -> dict[str, Any]:
    return {**encode.of_column_id(edge.source), "subtype": edge.subtype.value, "confidence": edge.confidence}


def _neighbours(edges: Iterable[tuple[DatasetId, DatasetEdge]]) -> list[dict[str, Any]]:
    best: dict[str, float] = {}
    for other, edge in edges:
        best[str(other)] = max(edge.confidence, best.get(str(other), 0.0))
    return [{"id": name, "confidence": confidence} for name, confidence in sorted(best.items())]


def _write_columns(book: Book, folder: SiteFolder, progress: Progress | None) -> None:
    """Everything that a column is made from and has a part in, however far."""
    reaches = Reaches(book.graph, book.index)
    for number, dataset in enumerate(book.datasets):
        pages = slugs(book.columns[number])
        for name in book.columns[number]:
            column = ColumnId(dataset.id, name)
            told = {
                "dataset": str(dataset.id),
                "column": name,
                "page": f"../../../dataset/{book.slug[number]}.html#{anchor(name)}",
                "sources": [encode.of_column_edge(edge) for edge in book.index.column_edges_into.get(column, ())],
                "upstream": [_reached(item) for item in reaches.upstream(column)],
                "downstream": [_reached(item) for item in reaches.downstream(column)],
                "rows_decided": [_reached(item) for item in reaches.rows_decided(column)],
            }
            folder.write(f"api/column/{book.slug[number]}/{pages[name]}.json", _json(told))
        if progress is not None:
            progress("columns", number + 1, len(book.datasets))


def _reached(item: Far) -> dict[str, Any]:
    named = encode.of_column_id(item.id) if isinstance(item.id, ColumnId) else {"dataset": str(item.id)}
    return {**named, "distance": item.distance, "confidence": item.confidence}
