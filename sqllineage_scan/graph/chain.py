"""Where a chain of lineage ends, and whether it may end there: a hop whose upstream is missing is a gap."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.dataset import DatasetKind, SchemaOrigin
from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from sqllineage_scan.graph.index import Index
    from sqllineage_scan.graph.traverse import Node


# What is always made by a statement: where none is known (a model in Python), that is missing.
_MADE_HERE = frozenset(
    {
        DatasetKind.MODEL,
        DatasetKind.EPHEMERAL,
        DatasetKind.SNAPSHOT,
        DatasetKind.VIEW,
        DatasetKind.MATERIALIZED_VIEW,
        DatasetKind.QUERY,
        DatasetKind.TEMPORARY,
    }
)


class EndKind(StrEnum):
    ORIGIN = "origin"  # a source, a seed, a table that nothing here fills
    MADE = "made"  # made here of no column: a constant, count(*), the time
    GAP = "gap"  # made here, and nobody knows of what


class End(NamedTuple):
    kind: EndKind
    reason: str


def end_of(index: Index, node: Node) -> End | None:
    """Why nothing leads into ``node``; None where something does, other than itself (``from {{ this }}``)."""
    if isinstance(node, ColumnId):
        if any(edge.source != node for edge in index.column_edges_into.get(node, ())):
            return None
        return _end_of_column(index, node)
    if any(edge.source != node for edge in index.dataset_edges_into.get(node, ())):
        return None
    return End(EndKind.ORIGIN, f"{_kind(index, node)}: nothing here makes it")


def _end_of_column(index: Index, column: ColumnId) -> End:
    whole = column.column.rpartition(".")[0]
    dataset = index.datasets[column.dataset]
    made_from = [edge.source for edge in index.dataset_edges_into.get(column.dataset, ()) if edge.source != column.dataset]
    if "{{" in column.dataset.name:
        return End(EndKind.GAP, f"which dataset {column.dataset} is nobody knows: a part of its name is not rendered")
    declared = column.column in {known.name for known in dataset.columns or ()}
    if declared and dataset.origin is SchemaOrigin.INFERRED:
        return End(EndKind.MADE, "made of no column: a constant, a count of rows, or the time")
    if not made_from and column.dataset not in index.written:
        if dataset.kind in _MADE_HERE:
            return End(EndKind.GAP, f"{column.dataset} is a {_kind(index, column.dataset)}, and no statement of it is understood")
        return End(EndKind.ORIGIN, f"{_kind(index, column.dataset)}: nothing here fills it")
    if whole and ColumnId(column.dataset, whole) in index.column_edges_into:
        return End(EndKind.MADE, f"a part of {whole}")
    if declared and dataset.origin in (SchemaOrigin.DDL, SchemaOrigin.SEED):
        if not made_from:
            return End(EndKind.ORIGIN, f"{_kind(index, column.dataset)}: filled with values, or from outside")
        return End(EndKind.MADE, "no statement that fills the dataset names it: its default")
    sources = ", ".join(sorted({str(source) for source in made_from})[:3]) or "statements of this repository"
    return End(EndKind.GAP, f"{column.dataset} is made from {sources}, and nothing says what {column.column} is made of")


def _kind(index: Index, dataset: Node) -> str:
    known = index.datasets.get(dataset)  # type: ignore[arg-type]  # a column has no entry
    return known.kind.value.replace("_", " ") if known is not None else "dataset"
