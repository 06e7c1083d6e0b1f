"""Definitions of a document that has none: older than 1.1. What its edges say is less than what a normal form says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.definition import PASSED_ON, ColumnForm, Definition, Form
from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.index import Index


def derived_definition(index: Index, dataset: DatasetId) -> Definition | None:
    """Values by their expressions as written, with what they read; rows by what decides them. An alias that changes is a change
    here: a document of ours that is newer proves more.
    """
    sources = index.dataset_edges_into.get(dataset, ())
    if not sources:
        return None
    columns = []
    for name in index.columns[dataset]:
        edges = index.column_edges_into.get(ColumnId(dataset, name), ())
        said = sorted({" ".join(edge.transformation.description.lower().split()) for edge in edges})
        passed = len(edges) == 1 and edges[0].transformation.subtype == "IDENTITY"
        how = " ".join(f"{edge.transformation.subtype}" for edge in edges)
        shape = PASSED_ON if passed else f"{' | '.join(said)} {how}"
        columns.append(ColumnForm(name, Form(shape, tuple(edge.source for edge in edges))))
    rules = index.row_edges_into.get(dataset, ())
    rows = Form(" ".join(edge.subtype for edge in rules), (*(edge.source for edge in sources), *(edge.source for edge in rules)))
    return Definition(rows, tuple(columns))
