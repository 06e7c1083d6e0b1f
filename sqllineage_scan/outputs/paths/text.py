"""The ways between two columns or datasets, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.hops import tree_lines
from sqllineage_scan.outputs.lines import WIDTH, Line, Piece, Role, clean, counted, line, of_band, write_lines

if TYPE_CHECKING:
    from sqllineage_scan.graph.told import ToldWays


def write(told: ToldWays, out: TextIO) -> None:
    write_lines(describe(told), out)


def describe(told: ToldWays, width: int = WIDTH) -> list[Line]:
    del width  # names are never cut
    ways = told.ways
    title = line(Piece(f"From {clean(str(ways.source))} to {clean(str(ways.target))}", Role.TITLE))
    if not ways.branches:
        return [title, line("  no way leads there")]
    best = ways.shortest[0]
    said = f"{counted(len(ways.shortest), 'shortest way')} of {counted(len(best.edges), 'hop')}, the surest "
    return [
        title,
        line(Piece(said, Role.QUIET), of_band(f"{best.confidence:.2f} {best.band.value}", best.band)),
        (),
        line(Piece(clean(str(ways.source)), Role.NAME)),
        *tree_lines(ways.branches, told.jobs),
    ]
