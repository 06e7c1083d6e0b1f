"""One dataset or one column as JSON, in the words of the lineage document.

A dataset:  {"subject": "dataset", "dataset": {…}, "columns": [{"column": "amount", "sources": [SOURCE]}], "jobs": [{…}],
             "row_edges": [{…}], "upstream": [{dataset edge}], "downstream": [{dataset edge}], "exposures": [{…}]}
A column:   {"subject": "column", "id": {"dataset", "column"}, "dataset": {…}, "column": {…} or null, "sources": [SOURCE],
             "row_edges": [{…}], "readers": [{column edge}], "row_readers": [{row edge}]}
SOURCE is a column edge with "sources", "repeated" (told elsewhere in the tree) and "cut" (more behind the depth asked for).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from sqllineage_scan.graph import encode
from sqllineage_scan.graph.subject import ColumnSubject
from sqllineage_scan.outputs.harmless import write_json

if TYPE_CHECKING:
    from sqllineage_scan.graph.subject import DatasetSubject, Source, Subject


def write(subject: Subject, out: TextIO) -> None:
    values = _column(subject) if isinstance(subject, ColumnSubject) else _dataset(subject)
    write_json(values, out)


def _dataset(subject: DatasetSubject) -> dict[str, Any]:
    return {
        "subject": "dataset",
        "dataset": encode.of_dataset(subject.dataset),
        "columns": [
            {"column": column.id.column, "sources": [_source(source) for source in column.sources]} for column in subject.columns
        ],
        "jobs": [encode.of_job(job) for job in subject.jobs],
        "row_edges": [encode.of_row_edge(edge) for edge in subject.row_edges],
        "upstream": [encode.of_dataset_edge(edge) for edge in subject.sources],
        "downstream": [encode.of_dataset_edge(edge) for edge in subject.readers],
        "exposures": [encode.of_exposure(exposure) for exposure in subject.exposures],
    }


def _column(subject: ColumnSubject) -> dict[str, Any]:
    return {
        "subject": "column",
        "id": encode.of_column_id(subject.id),
        "dataset": encode.of_dataset(subject.dataset),
        "column": None if subject.column is None else encode.of_column(subject.column),
        "sources": [_source(source) for source in subject.sources],
        "row_edges": [encode.of_row_edge(edge) for edge in subject.row_edges],
        "readers": [encode.of_column_edge(edge) for edge in subject.readers],
        "row_readers": [encode.of_row_edge(edge) for edge in subject.row_readers],
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        **encode.of_column_edge(source.edge),
        "repeated": source.repeated,
        "cut": source.cut,
        "sources": [_source(deeper) for deeper in source.sources],
    }
