"""Two versions of a contract for people: what changed, the worst first, and what their numbers say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.domain.contract import Bump
from sqllineage_scan.outputs.lines import WIDTH, Line, Piece, Role, clipped, counted, line, wrapped, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.contract import ContractDiff, TermChange

_ROLES = {Bump.MAJOR: Role.ERROR, Bump.MINOR: Role.WARNING, Bump.PATCH: Role.NOTE, Bump.NONE: Role.QUIET}


def write(diff: ContractDiff, out: TextIO) -> None:
    write_lines(describe(diff), out)


def describe(diff: ContractDiff, width: int = WIDTH) -> list[Line]:
    return list(_lines(diff, width))


def _lines(diff: ContractDiff, width: int) -> Iterator[Line]:
    yield line(Piece(clipped(diff.new.label, width), Role.TITLE), f" {diff.old.version or '?'} -> {diff.new.version or '?'}")
    for change in diff.changes:
        yield from wrapped(said(change), width, "  ")
        yield from wrapped(change.why, width, "      ", _ROLES[change.bump])
    if not diff.changes:
        yield line(Piece("The two promise the same.", Role.CERTAIN))
        return
    breaking = len(diff.breaking)
    told = (
        f"{counted(breaking, 'change')} of {len(diff.changes)} {'breaks' if breaking == 1 else 'break'} readers"
        if breaking
        else (f"{counted(len(diff.changes), 'change')}, none of which breaks readers")
    )
    yield line(Piece(f"{told}; a {diff.needed.value} version is needed.", Role.ERROR if breaking else Role.PLAIN))
    if diff.judged:
        yield from wrapped(diff.judged, width, "", Role.ERROR)


def said(change: TermChange) -> str:
    """``type orders.amount: int -> text``"""
    if not change.before and not change.after:
        return f"{change.kind} {change.subject}"
    if change.kind in ("missing", "extra"):
        return f"{change.kind} {change.subject}: {change.before or change.after}"
    return f"{change.kind} {change.subject}: {change.before or 'nothing'} -> {change.after or 'nothing'}"
