"""Where a wrong value may come from, for a person: each source with its chain, and who touched each hop last."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.domain.edge import ColumnEdge
from sqllineage_scan.graph.chain import EndKind
from sqllineage_scan.outputs.hops import commit_piece, hop, place_of
from sqllineage_scan.outputs.lines import (
    WIDTH,
    Line,
    Piece,
    Role,
    cells,
    clean,
    clipped,
    counted,
    line,
    of_band,
    wrapped,
    write_lines,
)

if TYPE_CHECKING:
    from sqllineage_scan.graph.questions import Suspect
    from sqllineage_scan.graph.told import ToldTrace
    from sqllineage_scan.graph.traverse import Edge


def write(told: ToldTrace, out: TextIO) -> None:
    write_lines(describe(told), out)


def describe(told: ToldTrace, width: int = WIDTH) -> list[Line]:
    traced = told.traced
    lines = [line(Piece(f"Where {clean(str(traced.subject))} comes from", Role.TITLE))]
    if not traced.suspects:
        why = traced.end.reason if traced.end else "only from itself"
        mark = Role.WARNING if traced.end and traced.end.kind is EndKind.GAP else Role.QUIET
        return [*lines, *wrapped(f"GAP: {why}" if mark is Role.WARNING else why, width, "  ", mark)]
    gaps = len(traced.gaps)
    counts = counted(len(traced.suspects), "source") + (f", {counted(gaps, 'chain')} with a gap" if gaps else "")
    lines.append(line(Piece(f"{counts}; the surest first", Role.QUIET)))
    for number, suspect in enumerate(traced.suspects, 1):
        lines += [(), *_suspect(number, suspect, told, width)]
    if traced.row_edges and not traced.with_rows:
        columns = counted(len({edge.source for edge in traced.row_edges}), "column")
        decide = "decides" if columns.startswith("1 ") else "decide"
        lines += [(), line(Piece(f"{columns} {decide} which rows it has: --rows follows them too", Role.QUIET))]
    return lines


def _suspect(number: int, suspect: Suspect, told: ToldTrace, width: int) -> list[Line]:
    gap = suspect.end.kind is EndKind.GAP
    return [
        line(
            f"{number:>3}. ",
            Piece(clean(str(suspect.node)), Role.NAME),
            "  ",
            of_band(f"{suspect.confidence:.2f} {suspect.band.value}", suspect.band),
        ),
        *wrapped(
            f"GAP: {suspect.end.reason}" if gap else suspect.end.reason, width, "     ", Role.WARNING if gap else Role.QUIET
        ),
        *(row for edge in suspect.path for row in _hop(edge, told, width)),
    ]


def _hop(edge: Edge, told: ToldTrace, width: int) -> list[Line]:
    """The hop; below it what is computed, and the last commit there."""
    rows = [hop(edge.target, edge, told.jobs, "     ")]
    inner = " " * 9
    expression = clean(edge.transformation.description) if isinstance(edge, ColumnEdge) else ""
    if expression and expression != str(edge.source).rpartition(".")[2]:
        rows.append(line(inner, clipped(expression, max(width - cells(inner), 20))))
    span = place_of(edge, told.jobs)
    commit = commit_piece(told.commits.get(span)) if span else ""
    if commit:
        rows.append(line(inner, Piece(clipped(commit, max(width - cells(inner), 20)), Role.QUIET)))
    return rows
