"""A comparison for people at a terminal: the verdict, then the worst first, each with whom it reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.domain.change import ChangeKind, Effect, ReaderKind, Verdict
from sqllineage_scan.domain.evidence import Band
from sqllineage_scan.outputs.changes._groups import grouped, other_columns
from sqllineage_scan.outputs.lines import WIDTH, Piece, Role, cells, clean, clipped, counted, line, percent, wrapped, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqllineage_scan.domain.change import Change, Diff, Reader, Revision, State
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.outputs.lines import Line

_ROLES = {Effect.BREAKING: Role.ERROR, Effect.REVIEW: Role.WARNING, Effect.PASS_THROUGH: Role.QUIET, Effect.NONE: Role.QUIET}
_VERDICTS = {Verdict.BREAKING: Role.ERROR, Verdict.REVIEW: Role.WARNING, Verdict.SAFE: Role.CERTAIN}
_EFFECTS = {Effect.BREAKING: "breaking", Effect.REVIEW: "review", Effect.PASS_THROUGH: "passes", Effect.NONE: "no effect"}
_READERS = 8  # of one change
_DETAILS = 8
_GAPS = 6
_QUIET_CHANGES = 20  # that harm nobody
_INDENT = "    "


def write(diff: Diff, out: TextIO) -> None:
    write_lines(describe(diff, WIDTH), out)


def describe(diff: Diff, width: int) -> Iterator[Line]:
    yield from _head(diff)
    loud = [change for change in diff.changes if change.effect in (Effect.BREAKING, Effect.REVIEW)]
    quiet = [change for change in diff.changes if change not in loud]
    for alike in grouped(loud):
        yield ()
        yield from _change(alike[0], width, alike)
    if quiet:
        yield ()
        yield line(Piece(f"Nobody harmed: {counted(len(quiet), 'change')}", Role.TITLE))
        for change in quiet[:_QUIET_CHANGES]:
            yield line(
                "  ", Piece(_kind(change), Role.QUIET), "  ", Piece(clean(str(change.subject)), Role.NAME), _place_of(change)
            )
        if len(quiet) > _QUIET_CHANGES:
            yield line(Piece(f"  … {len(quiet) - _QUIET_CHANGES} more", Role.QUIET))
    yield from _foot(diff, width)


def _head(diff: Diff) -> Iterator[Line]:
    counts = [
        counted(len(diff.with_effect(Effect.BREAKING)), "breaking change"),
        f"{len(diff.with_effect(Effect.REVIEW))} to review",
        f"{len(diff.with_effect(Effect.PASS_THROUGH)) + len(diff.with_effect(Effect.NONE))} that harm nobody",
    ]
    acknowledged = sum(change.acknowledged is not None for change in diff.changes)
    if acknowledged:
        counts.append(f"{acknowledged} acknowledged")
    said = ", ".join(counts) if diff.changes else "no change of lineage"
    yield line(
        Piece(diff.verdict.value.upper(), _VERDICTS[diff.verdict]),
        f"  {said}",
        Piece(f"  {_revision(diff.base)} → {_revision(diff.head)}", Role.QUIET),
    )
    seen = diff.seen
    said = (
        f"{counted(seen.files, 'file')}, {percent(seen.references_resolved, seen.references)} of column references resolved; "
        f"{counted(seen.edges, 'edge')} reached, {seen.edges_certain} certain"
    )
    yield line(Piece(said, Role.QUIET))
    near = sum(item.near for item in diff.unresolved)
    if near:
        yield line(
            Piece(f"{counted(near, 'place')} near the change could not be read: what is told is a lower bound", Role.WARNING)
        )


def _revision(revision: Revision) -> str:
    label = clean(revision.label)
    if revision.commit is None:
        return label
    short = revision.commit[:7]
    return short if revision.commit.startswith(label) else f"{label}@{short}"


def _kind(change: Change) -> str:
    return change.kind.value.replace("_", " ")


def _change(change: Change, width: int, alike: Sequence[Change]) -> Iterator[Line]:
    role = Role.QUIET if change.acknowledged is not None else _ROLES[change.effect]
    yield line(
        Piece(_EFFECTS[change.effect], role),
        "  ",
        Piece(clean(str(change.subject)), Role.NAME),
        f"  {_kind(change)}",
        _place_of(change),
    )
    if change.why:
        yield from wrapped(change.why, width, "  ")
    if len(alike) > 1:
        others = ", ".join(other_columns(alike))
        yield from wrapped(f"and likewise {len(alike) - 1} more columns of it: {clipped(others, 3 * width)}", width, "  ")
    yield from _states(change, width)
    if change.acknowledged is not None:
        granted = change.acknowledged
        yield from wrapped(f'acknowledged: "{granted.reason}" ({granted.span})', width, "  ", Role.QUIET)
    yield from _readers(change.impact.readers, width)


def _place_of(change: Change) -> Piece:
    """Where it stands, or stood."""
    state = change.after if change.after is not None and change.after.span is not None else change.before
    return Piece(f"  {_place(state.span)}" if state is not None and state.span is not None else "", Role.QUIET)


def _place(span: Span | None) -> str:
    return "" if span is None else f"{clean(span.path)}:{span.line}"


def _states(change: Change, width: int) -> Iterator[Line]:
    if change.details:
        for detail in change.details[:_DETAILS]:
            yield line(_INDENT, Piece(clipped(detail, width - len(_INDENT)), Role.QUIET))
        if len(change.details) > _DETAILS:
            yield line(_INDENT, Piece(f"… {len(change.details) - _DETAILS} more", Role.QUIET))
        return
    before, after = _text(change.before), _text(change.after)
    if change.kind is ChangeKind.REORDERED or before == after:
        return
    if before and len(before) + len(after) + len(_INDENT) + 3 <= width and after:
        yield line(_INDENT, Piece(f"{before} → {after}", Role.QUIET))
        return
    for mark, text in (("-", before), ("+", after)):
        if text:
            yield line(_INDENT, Piece(clipped(f"{mark} {text}", width - len(_INDENT)), Role.QUIET))


def _text(state: State | None) -> str:
    return "" if state is None else clean(state.text)


def _readers(readers: Sequence[Reader], width: int) -> Iterator[Line]:
    """The worst and nearest, and whoever is at the end: a dashboard is what most people ask about."""
    first = list(readers[:_READERS])
    last = [reader for reader in readers[_READERS:] if reader.kind is ReaderKind.EXPOSURE][:3]
    shown = [*first, *last]
    left = len(readers) - len(shown)
    for number, reader in enumerate(shown):
        branch = "└─" if number == len(shown) - 1 and not left else "├─"
        yield _reader(reader, branch, width)
    if left:
        yield line(f"{_INDENT}└─ ", Piece(f"{left} more", Role.QUIET))


def _reader(reader: Reader, branch: str, width: int) -> Line:
    kind = "" if reader.kind in (ReaderKind.COLUMN, ReaderKind.DATASET) else f"{reader.kind.value} "
    effect = _EFFECTS[reader.effect]
    head = f"{_INDENT}{branch} "
    sure = f"  {reader.band.value} {reader.confidence:.2f}" if reader.band is not Band.CERTAIN else ""
    owner = f"  {clean(reader.owner)}" if reader.owner else ""
    name = f"{kind}{clean(reader.name)}"
    place = f"  {_place(reader.span).rpartition('/')[2]}" if reader.span is not None else ""
    used = cells(f"{head}{effect:<8}  {name}{sure}{owner}{place}")
    why = clipped(reader.why, max(width - used - 2, 60))
    weak = reader.weakest if reader.band is not Band.CERTAIN else None
    because = ""
    if weak is not None:
        reason = min(weak.evidence, key=lambda item: item.weight, default=None)
        because = "" if reason is None else f", {reason.kind.value.replace('_', ' ')} at {weak.target}"
    return line(
        head,
        Piece(f"{effect:<8}", _ROLES[reader.effect]),
        "  ",
        Piece(name, Role.NAME),
        f"  {why}",
        Piece(f"{sure}{because}{owner}{place}", Role.QUIET),
    )


def _foot(diff: Diff, width: int) -> Iterator[Line]:
    if diff.unresolved:
        yield ()
        title = "Could not resolve (what it hides is not in these lists)"
        yield line(Piece(title, Role.TITLE))
        for item in diff.unresolved[:_GAPS]:
            marks = ", ".join(word for word, holds in (("near the change", item.near), ("new", item.appeared)) if holds)
            said = f"{item.gap.subject} ({marks}): {item.gap.reason}" if marks else f"{item.gap.subject}: {item.gap.reason}"
            yield line("  ", clipped(said, width - 30), Piece(f"  {_place(item.gap.span)}", Role.QUIET))
        if len(diff.unresolved) > _GAPS:
            yield line(Piece(f"  … {len(diff.unresolved) - _GAPS} more", Role.QUIET))
    if diff.stale:
        yield ()
        yield line(Piece("Acknowledgements to remove: nothing needs them any more", Role.TITLE))
        for stale in diff.stale:
            yield line("  ", Piece(clean(stale.subject), Role.NAME), Piece(f"  {_place(stale.span)}", Role.QUIET))
    if diff.findings:
        yield ()
        yield line(Piece(f"New findings: {len(diff.findings)}", Role.TITLE))
        for finding in diff.findings[:_GAPS]:
            said = clipped(f"{finding.code} {finding.message}", width - 30)
            yield line(
                "  ",
                Piece(finding.severity.value, Role(finding.severity.value)),
                f" {said}",
                Piece(f"  {_place(finding.span)}", Role.QUIET),
            )
        if len(diff.findings) > _GAPS:
            yield line(Piece(f"  … {len(diff.findings) - _GAPS} more", Role.QUIET))
    if diff.rebuild:
        yield ()
        yield line(Piece("Rebuild", Role.TITLE))
        yield from wrapped(f"dbt build -s {' '.join(diff.rebuild)}", width, "  ")
