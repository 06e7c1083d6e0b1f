"""Where repositories meet, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.lines import WIDTH, Line, Piece, Role, clean, counted, line, wrapped, write_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.graph.join.crossings import Crossing, Crossings

_MOST = 8


def write(crossings: Crossings, out: TextIO) -> None:
    write_lines(describe(crossings), out)


def describe(crossings: Crossings, width: int = WIDTH) -> list[Line]:
    met = crossings.crossings
    lines = [line(Piece(f"{counted(len(met), 'dataset')} cross from one repository to another", Role.TITLE))]
    lines += [row for crossing in met for row in _crossing(crossing, width)]
    if crossings.shared:
        lines += [(), line(Piece(f"{counted(len(crossings.shared), 'dataset')} written by several", Role.WARNING))]
        for shared in crossings.shared:
            lines.append(line("  ", Piece(clean(str(shared.dataset)), Role.NAME), f"  {_names(shared.writers)}"))
    if crossings.near:
        lines += [(), line(Piece("Nearly the same name; an alias if they are the same", Role.TITLE))]
        for near in crossings.near:
            alias = f"--alias '{clean(str(near.read))}={clean(str(near.made))}'"
            lines.append(line("  ", Piece(alias, Role.NAME)))
    return lines


def _crossing(crossing: Crossing, width: int) -> list[Line]:
    who = f"  {_names(crossing.writers)} → {_names(crossing.readers)}"
    rows = [line("  ", Piece(clean(str(crossing.dataset)), Role.NAME), who)]
    if crossing.columns:
        rows += wrapped(f"reads {_names(crossing.columns)}", width, "    ", Role.QUIET)
    if crossing.missing:
        rows += wrapped(f"which has no {_names(crossing.missing)}", width, "    ", Role.ERROR)
    return rows


def _names(names: Sequence[str]) -> str:
    more = len(names) - _MOST
    return ", ".join(map(clean, names[:_MOST])) + (f" and {more} more" if more > 0 else "")
