"""One hop of lineage, and trees of them, for people and for programs: what ``impact``, ``trace`` and ``paths`` share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
from sqllineage_scan.domain.evidence import band_of
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.graph import encode
from sqllineage_scan.outputs.lines import Line, Piece, Role, clean, line, of_band

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqllineage_scan.domain.commit import Commit
    from sqllineage_scan.domain.names import JobId
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.graph.traverse import Edge, Node
    from sqllineage_scan.graph.tree import Branch

UNCOMMITTED = "0" * 40


def name(node: Node, edge: Edge | None = None) -> str:
    """``rows of orders`` where an edge only decides which rows there are."""
    rows = isinstance(edge, RowEdge) and not isinstance(node, ColumnId)
    return f"rows of {clean(str(node))}" if rows else clean(str(node))


def place_of(edge: Edge, jobs: Mapping[JobId, Span]) -> Span | None:
    """Of the expression; of an edge between datasets the statement."""
    return jobs.get(edge.job) if isinstance(edge, DatasetEdge) or edge.span is None else edge.span


def subtype_of(edge: Edge) -> str:
    if isinstance(edge, ColumnEdge):
        return edge.transformation.subtype.value + (", masked" if edge.transformation.masking else "")
    return edge.subtype.value if isinstance(edge, RowEdge) else "made from"


def hop(node: Node, edge: Edge, jobs: Mapping[JobId, Span], indent: str = "  ", note: str = "") -> Line:
    """``→ analytics.orders.net_amount  AGGREGATION  0.99 certain  models/orders.sql:51``."""
    span = place_of(edge, jobs)
    band = band_of(edge.confidence)
    return line(
        indent,
        Piece("→ ", Role.QUIET),
        Piece(name(node, edge), Role.NAME),
        f"  {subtype_of(edge)}  ",
        of_band(f"{edge.confidence:.2f} {band.value}", band),
        Piece(f"  {clean(span.path)}:{span.line}" if span else "", Role.QUIET),
        Piece(note, Role.QUIET),
    )


def tree_lines(branches: Iterable[Branch], jobs: Mapping[JobId, Span], indent: str = "  ") -> list[Line]:
    lines: list[Line] = []
    for branch in branches:
        note = "  (told above)" if branch.repeated else "  (and further)" if branch.cut else ""
        lines.append(hop(branch.node, branch.edge, jobs, indent, note))
        lines += tree_lines(branch.branches, jobs, f"{indent}  ")
    return lines


def commit_piece(commit: Commit | None) -> str:
    if commit is None:
        return ""
    if commit.hash == UNCOMMITTED:
        return "not committed yet"
    return clean(f"{commit.hash[:8]} {commit.date[:10]} {commit.author}: {commit.summary}")


def node_value(node: Node) -> Any:
    return encode.of_column_id(node) if isinstance(node, ColumnId) else {"dataset": str(node)}


def edge_value(edge: Edge) -> dict[str, Any]:
    if isinstance(edge, ColumnEdge):
        return {"edge": "column", **encode.of_column_edge(edge)}
    if isinstance(edge, RowEdge):
        return {"edge": "row", **encode.of_row_edge(edge)}
    return {"edge": "dataset", **encode.of_dataset_edge(edge)}


def tree_value(branches: Iterable[Branch]) -> list[dict[str, Any]]:
    return [
        {
            **edge_value(branch.edge),
            "repeated": branch.repeated,
            "cut": branch.cut,
            "readers": tree_value(branch.branches),
        }
        for branch in branches
    ]
