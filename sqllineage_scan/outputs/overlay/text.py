"""What runs reported and what the repository says, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.lines import WIDTH, Line, Piece, Role, clean, counted, line, of_band, percent, write_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.edge import ColumnEdge
    from sqllineage_scan.graph.overlay import Overlay

_MOST = 20


def write(overlay: Overlay, out: TextIO) -> None:
    write_lines(describe(overlay), out)


def describe(overlay: Overlay, width: int = WIDTH) -> list[Line]:
    del width  # names are never cut
    standing = overlay.standing
    covered = len(standing.observed) + len(standing.never)
    lines = [
        line(Piece("What runs reported", Role.TITLE)),
        line(
            f"  {len(standing.observed):>6}  observed      {percent(len(standing.observed), covered)} of the edges into what ran"
        ),
        line(f"  {len(standing.never):>6}  never observed"),
        line(f"  {len(standing.not_covered):>6}  not covered   no run told of the columns of their target"),
        line(f"  {len(standing.unexpected):>6}  observed and not found in the repository"),
    ]
    lines += _edges("Observed and not found", standing.unexpected)
    lines += _edges("Never observed", standing.never)
    if overlay.unmatched:
        lines += [(), line(Piece(f"{counted(len(overlay.unmatched), 'dataset')} that only runs know", Role.TITLE))]
        lines += [line("  ", Piece(clean(str(dataset)), Role.NAME)) for dataset in overlay.unmatched[:_MOST]]
        lines += _more(len(overlay.unmatched))
    return lines


def _edges(title: str, edges: Sequence[ColumnEdge]) -> list[Line]:
    if not edges:
        return []
    rows = [
        line(
            "  ",
            of_band(f"{edge.confidence:.2f}", edge.band),
            "  ",
            Piece(clean(f"{edge.source} → {edge.target}"), Role.NAME),
            Piece(f"  {edge.transformation.subtype.value}  {clean(str(edge.span or edge.job))}", Role.QUIET),
        )
        for edge in edges[:_MOST]
    ]
    return [(), line(Piece(title, Role.TITLE)), *rows, *_more(len(edges))]


def _more(count: int) -> list[Line]:
    return [line(Piece(f"  and {count - _MOST} more", Role.QUIET))] if count > _MOST else []
