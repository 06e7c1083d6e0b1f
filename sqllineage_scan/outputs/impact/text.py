"""What a change reaches, for a person: how much, why it is that much, and every way there."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.domain.evidence import band_of
from sqllineage_scan.outputs.hops import tree_lines
from sqllineage_scan.outputs.lines import (
    WIDTH,
    Line,
    Piece,
    Role,
    clean,
    counted,
    line,
    of_band,
    wrapped,
    write_lines,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.graph.questions import Reached
    from sqllineage_scan.graph.risk import Affected, Risk

_MOST_COLUMNS = 6


def write(reached: Reached, out: TextIO) -> None:
    write_lines(describe(reached), out)


def describe(reached: Reached, width: int = WIDTH) -> list[Line]:
    jobs = {job.id: job.span for job in reached.jobs}
    return [
        line(Piece(f"Impact of {clean(str(reached.subject))}", Role.TITLE)),
        (),
        *_risk(reached.risk),
        (),
        *_affected(reached.affected),
        *_exposures(reached, width),
        *_listed("Owners", reached.owners, width),
        *_listed("Jobs", [str(job.id) for job in reached.jobs], width),
        *([(), line(Piece("How", Role.TITLE)), *tree_lines(reached.branches, jobs)] if reached.branches else []),
    ]


def _risk(risk: Risk) -> list[Line]:
    head = line(
        Piece(f"Risk {risk.score:g} of 100", Role.TITLE), Piece("  a judgement, and this is what it is made of", Role.QUIET)
    )
    return [
        head,
        *(
            line(f"  {part.points:>5g} of {part.most:<3} {part.name:<10} ", Piece(f"{part.readers:g} {part.said}", Role.QUIET))
            for part in risk.parts
        ),
    ]


def _affected(affected: Sequence[Affected]) -> list[Line]:
    if not affected:
        return [line(Piece("Nothing in this repository reads it", Role.TITLE))]
    rows = [line(Piece(f"{counted(len(affected), 'dataset')} affected", Role.TITLE))]
    for item in affected:
        shown = ", ".join(map(clean, item.columns[:_MOST_COLUMNS]))
        more = len(item.columns) - _MOST_COLUMNS
        columns = shown + (f" and {more} more" if more > 0 else "")
        what = "; ".join(part for part in ("its rows" if item.rows else "", columns) if part)
        rows.append(
            line(
                f"  {item.distance:>2}  ",
                of_band(f"{item.confidence:.2f}", band_of(item.confidence)),
                "  ",
                Piece(clean(str(item.dataset.id)), Role.NAME),
                Piece(f"  {what}" if what else "", Role.QUIET),
            )
        )
    return rows


def _exposures(reached: Reached, width: int) -> list[Line]:
    told = [f"{item.name} ({item.kind}){f', {item.owner}' if item.owner else ''}" for item in reached.exposures]
    return _listed("Exposures", told, width)


def _listed(title: str, items: Sequence[str], width: int) -> list[Line]:
    if not items:
        return []
    return [(), line(Piece(f"{title} {len(items)}", Role.TITLE)), *(row for item in items for row in wrapped(item, width, "  "))]
