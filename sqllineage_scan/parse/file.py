"""A rendered file into its ``Unit``s. No statement spoils its neighbours, and none is lost silently."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqllineage_scan.domain.source import FileStatus
from sqllineage_scan.parse.script.reader import ScriptReader
from sqllineage_scan.parse.script.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.source import Rendered
    from sqllineage_scan.domain.unit import Unit
    from sqllineage_scan.parse.second_parser import Patience


@dataclass(frozen=True, slots=True)
class ParsedFile:
    units: tuple[Unit, ...] = ()
    findings: tuple[Finding, ...] = ()
    statements: int = 0
    understood: int = 0

    @property
    def status(self) -> FileStatus:
        if self.understood == self.statements:
            return FileStatus.READ
        return FileStatus.PARTIAL if self.understood or self.units else FileStatus.FAILED


@dataclass(slots=True)
class _Tally:
    units: list[Unit] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    statements: int = 0
    understood: int = 0


def parse_file(
    variants: Iterable[Rendered], dialect: Dialect, dialect_guess: str = "", *, patience: Patience | None = None
) -> ParsedFile:
    """Compile every way of rendering a file. Units that stand in one way only carry its condition; what is counted and
    found is counted and found in the first way, and of the others only what is new. ``patience``: with the second parser.
    """
    ways = list(variants)
    tally = _Tally()
    for number, way in enumerate(ways):
        condition = way.condition
        if len(ways) > 1 and not condition:
            condition = "not " + " and not ".join(other.condition for other in ways if other.condition)
        own = _parse_way(way, dialect, dialect_guess, patience)
        tally.units.extend(replace(unit, condition=condition) if condition else unit for unit in own.units)
        tally.findings.extend(finding for finding in own.findings if finding not in tally.findings)
        if number == 0:
            tally.statements, tally.understood = own.statements, own.understood
    tally.units.sort(key=lambda unit: unit.ordinal)  # the ways of one statement stand together, in the order of the ways
    return ParsedFile(tuple(tally.units), tuple(tally.findings), tally.statements, tally.understood)


def _parse_way(way: Rendered, dialect: Dialect, dialect_guess: str, patience: Patience | None) -> _Tally:
    tally = _Tally()
    session = Session() if patience is None else Session(patience=replace(patience))
    reader = ScriptReader(way, dialect, dialect_guess, session)
    for outcome in reader.read_all():
        tally.statements += 1
        tally.understood += outcome.understood
        tally.findings.extend(outcome.findings)
        if outcome.unit is not None:
            tally.units.append(outcome.unit)
    return tally
