"""Edges that are believed more or less than before, and what head does not show at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.diff.found import Difference
from sqllineage_scan.domain.change import ChangeKind, Seen, State, Unresolved
from sqllineage_scan.domain.coverage import GapKind
from sqllineage_scan.domain.evidence import RULES, EvidenceKind
from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqllineage_scan.diff.names import Names
    from sqllineage_scan.diff.side import Side
    from sqllineage_scan.domain.change import Change
    from sqllineage_scan.domain.coverage import Gap
    from sqllineage_scan.domain.edge import ColumnEdge
    from sqllineage_scan.domain.names import DatasetId

_SHOWN = 20  # edges of one dataset, line by line
_LOUD = frozenset({EvidenceKind.HOLE, EvidenceKind.CONDITIONAL_RENDER, EvidenceKind.MENDED, EvidenceKind.TOKENS})
_HIDES = frozenset({GapKind.UNREADABLE, GapKind.UNPARSED, GapKind.UNSUPPORTED, GapKind.HOLE, GapKind.CYCLE})


def evidence_changes(base: Side, head: Side, names: Names, told: Iterable[Difference]) -> list[tuple[Difference, bool]]:
    """For each dataset whose edges are doubted otherwise than before, once; whether they are doubted more. Values that are
    made in another way have other edges: that is ``told`` already.
    """
    known = {difference.subject for difference in told}
    before: dict[tuple[ColumnId, ColumnId], ColumnEdge] = {}
    for edge in base.column_edges:
        source, target = names.read(edge.source), names.read(edge.target)
        if isinstance(source, ColumnId) and isinstance(target, ColumnId):
            _keep_surest(before, (source, target), edge)
    after: dict[tuple[ColumnId, ColumnId], ColumnEdge] = {}
    for edge in head.column_edges:
        _keep_surest(after, (edge.source, edge.target), edge)
    changed: dict[DatasetId, list[tuple[ColumnEdge, ColumnEdge]]] = {}
    for key, edge in after.items():
        old = before.get(key)
        if old is None or key[1] in known or key[1].dataset in known:
            continue
        if old.band is not edge.band or (_doubts(edge) - _doubts(old)) & _LOUD:
            changed.setdefault(key[1].dataset, []).append((old, edge))
    return [_difference(dataset, pairs) for dataset, pairs in sorted(changed.items())]


def _keep_surest(found: dict[tuple[ColumnId, ColumnId], ColumnEdge], key: tuple[ColumnId, ColumnId], edge: ColumnEdge) -> None:
    if key not in found or found[key].confidence < edge.confidence:
        found[key] = edge


def _doubts(edge: ColumnEdge) -> frozenset[EvidenceKind]:
    return frozenset(item.kind for item in edge.evidence if item.kind not in RULES)


def _difference(dataset: DatasetId, pairs: list[tuple[ColumnEdge, ColumnEdge]]) -> tuple[Difference, bool]:
    lower = any(new.confidence < old.confidence for old, new in pairs)
    lines = tuple(
        f"{'-' if new.confidence < old.confidence else '+'} {new.source} -> {new.target.column}  "
        f"{old.confidence:g} -> {new.confidence:g}  {', '.join(sorted(_doubts(new) - _doubts(old))).replace('_', ' ')}".rstrip()
        for old, new in pairs[:_SHOWN]
    )
    if len(pairs) > _SHOWN:
        lines = (*lines, f"  and {len(pairs) - _SHOWN} more")
    worst_old, worst_new = min(pairs, key=lambda pair: pair[1].confidence)
    return Difference(ChangeKind.EVIDENCE_CHANGED, dataset, dataset, _state(worst_old), _state(worst_new), lines), lower


def _state(edge: ColumnEdge) -> State:
    doubts = ", ".join(sorted(_doubts(edge))).replace("_", " ")
    return State(f"{edge.confidence:g} {edge.band.value}: {doubts or 'no doubt'}", edge.span)


def unresolved(base: Side, head: Side, changes: Iterable[Change]) -> tuple[Unresolved, ...]:
    """The gaps of head that are new, or that stand near a change: in what changed, or in what reads it or is made of it."""
    known = {(gap.kind, gap.subject, gap.span.path if gap.span else "") for gap in base.graph.coverage.gaps}
    near = _near(head, changes)
    paths = {dataset.span.path for dataset in head.graph.datasets if dataset.span is not None and dataset.id in near}
    paths |= {job.span.path for job in head.graph.jobs if not near.isdisjoint(job.writes)}
    names = {str(dataset) for dataset in near}
    found = []
    for gap in head.graph.coverage.gaps:
        appeared = (gap.kind, gap.subject, gap.span.path if gap.span else "") not in known
        close = gap.subject in names or (gap.kind in _HIDES and gap.span is not None and gap.span.path in paths)
        if appeared or close:
            found.append(Unresolved(gap, appeared, close))
    return tuple(sorted(found, key=lambda item: (not item.near, not item.appeared)))


def _near(head: Side, changes: Iterable[Change]) -> set[DatasetId]:
    """What changed and all that reads it, but for what is only new."""
    near: set[DatasetId] = set()
    for change in changes:
        if change.kind is not ChangeKind.ADDED:
            subject = change.subject
            near.add(subject.dataset if isinstance(subject, ColumnId) else subject)
    pending = list(near)
    while pending:
        for edge in head.index.dataset_edges_from.get(pending.pop(), ()):
            if edge.target not in near:
                near.add(edge.target)
                pending.append(edge.target)
    return near


def hiding(head: Side, dataset: DatasetId) -> Iterator[Gap]:
    """What could not be read in those who read ``dataset``: there it may be read too."""
    readers = {edge.job for edge in head.index.dataset_edges_from.get(dataset, ())}
    paths = {head.index.jobs[job].span.path for job in readers if job in head.index.jobs}
    for gap in head.graph.coverage.gaps:
        if gap.kind in _HIDES and gap.span is not None and gap.span.path in paths:
            yield gap


def seen(head: Side, changes: Iterable[Change]) -> Seen:
    steps = {(step.source, step.target): step for change in changes for reader in change.impact.readers for step in reader.path}
    coverage = head.graph.coverage
    certain = sum(step.band == "certain" for step in steps.values())
    return Seen(len(coverage.files), coverage.references, coverage.references_resolved, len(steps), certain)
