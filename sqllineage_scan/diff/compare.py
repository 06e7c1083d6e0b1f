"""Two graphs into a ``Diff``: what differs, whom it reaches, what somebody has said about it, and the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqllineage_scan.diff.acknowledge import acknowledged
from sqllineage_scan.diff.consumers import Consumers
from sqllineage_scan.diff.doubts import evidence_changes, hiding, seen, unresolved
from sqllineage_scan.diff.found import find_differences
from sqllineage_scan.diff.impact import Impacts
from sqllineage_scan.diff.side import Side
from sqllineage_scan.diff.touched import touched_datasets
from sqllineage_scan.domain.change import Change, ChangeKind, Diff, Effect, Impact, ReaderKind, Verdict, worst
from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqllineage_scan.diff.found import Difference
    from sqllineage_scan.domain.change import Reader, Revision
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.model import LineageGraph

_RANK = list(Effect)
_KINDS = list(ChangeKind)
_OTHER_ROWS = ("ephemeral", "incremental", "snapshot")  # kinds that mean other rows, or no relation at all
_ALWAYS_REVIEW = frozenset({ChangeKind.REDEFINED, ChangeKind.RETYPED, ChangeKind.ROWS_CHANGED})
_TAKES_AWAY = frozenset({ChangeKind.REMOVED, ChangeKind.RENAMED})


def compare_graphs(base: LineageGraph, head: LineageGraph, revisions: tuple[Revision, Revision]) -> Diff:
    """What became of ``base`` in ``head``. Documents older than 1.1 have no definitions: then edges are compared."""
    derive = _too_old(base) or _too_old(head)
    touched = None if derive else touched_datasets(base, head)
    before, after = Side(base, derive, touched), Side(head, derive, touched)
    found = find_differences(before, after)
    impacts = Impacts(before, after, found)
    changes = [_change(difference, impacts.of(number), after) for number, difference in enumerate(found.own)]
    told = (*found.own, *(item for item, _ in found.inherited))
    for difference, lower in evidence_changes(before, after, found.names, told):
        changes.append(_doubted(difference, lower=lower))
    changes, stale = acknowledged(changes, before, after)
    ordered = tuple(sorted(changes, key=_order))
    gaps = unresolved(before, after, ordered)
    return Diff(
        *revisions,
        verdict=_verdict(ordered),
        changes=ordered,
        seen=seen(after, ordered),
        unresolved=gaps,
        stale=stale,
        rebuild=_rebuild(after, ordered),
        findings=_new_findings(base, head),
        project=head.name,
    )


def _too_old(graph: LineageGraph) -> bool:
    return bool(graph.dataset_edges) and not graph.definitions


def _change(difference: Difference, impact: Impact, head: Side) -> Change:
    subject = difference.subject
    dataset = subject.dataset if isinstance(subject, ColumnId) else subject
    effect, said = _of_exposures(difference.kind)
    if effect is not Effect.NONE:
        directly = Consumers(head).directly(dataset, effect, said)
        known = {(reader.kind, reader.name) for reader in impact.readers}
        impact = Impact((*impact.readers, *(reader for reader in directly if (reader.kind, reader.name) not in known)))
        impact = Impact(tuple(sorted(impact.readers, key=lambda reader: _RANK.index(reader.effect))))
    least = Effect.REVIEW if _is_for_review(difference) else Effect.NONE
    effect = worst((impact.effect, least))
    why = _why(difference, impact)
    if difference.kind in _TAKES_AWAY and effect not in (Effect.BREAKING, Effect.REVIEW):
        gap = next(hiding(head, dataset), None)
        if gap is not None:
            effect = Effect.REVIEW
            why = f"{why}; {gap.subject} in {gap.span.path if gap.span else 'a reader'} could not be read, and may read it"
    return Change(difference.kind, subject, difference.before, difference.after, effect, why, impact, difference.details)


def _is_for_review(difference: Difference) -> bool:
    if difference.kind is ChangeKind.KIND_CHANGED and difference.before is not None and difference.after is not None:
        return any(word in f"{difference.before.text} {difference.after.text}" for word in _OTHER_ROWS)
    return difference.kind in _ALWAYS_REVIEW


def _of_exposures(kind: ChangeKind) -> tuple[Effect, str]:
    """What a change of a dataset does to a dashboard on it, of which nobody knows the columns that it shows."""
    if kind in _TAKES_AWAY:
        return Effect.REVIEW, "shows this dataset, and may use it"
    if kind in _ALWAYS_REVIEW or kind is ChangeKind.KIND_CHANGED:
        return Effect.PASS_THROUGH, "shows this dataset"
    return Effect.NONE, ""


def _why(difference: Difference, impact: Impact) -> str:
    broken = [reader for reader in impact.readers if reader.effect is Effect.BREAKING]
    kind = difference.kind
    if broken:
        near = [reader for reader in broken if len(reader.path) < 2] or broken[:1]  # noqa: PLR2004 -- those who read it themselves
        many, one = ("still read it", "still reads it") if kind in _TAKES_AWAY else ("break", "breaks")
        behind = len(broken) - len(near)
        return _listed(near, many, one) + (f"; {behind} more break with {'it' if len(near) == 1 else 'them'}" if behind else "")
    review = [reader for reader in impact.readers if reader.effect is Effect.REVIEW]
    if review and kind in _TAKES_AWAY:
        return _listed(review, "may read it", "may read it")
    return _PLAIN[kind] if impact.readers or kind not in _UNREAD else _UNREAD[kind]


_PLAIN = {
    ChangeKind.ADDED: "shown by others too, through stars",
    ChangeKind.REMOVED: "what read it goes with it",
    ChangeKind.RENAMED: "all readers that we see follow",
    ChangeKind.RETYPED: "its values have another type",
    ChangeKind.REORDERED: "nobody goes by their position",
    ChangeKind.KIND_CHANGED: "it is kept in another way",
    ChangeKind.REDEFINED: "its value is made in another way",
    ChangeKind.ROWS_CHANGED: "it may have other rows",
    ChangeKind.EVIDENCE_CHANGED: "",
}
_UNREAD = {
    ChangeKind.ADDED: "nothing reads it yet",
    ChangeKind.REMOVED: "nothing that we see reads it",
    ChangeKind.RENAMED: "nothing that we see reads it",
    ChangeKind.REDEFINED: "its value is made in another way; nothing that we see reads it",
    ChangeKind.ROWS_CHANGED: "it may have other rows; nothing that we see reads it",
}


def _listed(readers: Sequence[Reader], many: str, one: str) -> str:
    """``fct_revenue.net and 3 more still read it``, the nearest first."""
    first = next((reader for reader in readers if reader.kind is not ReaderKind.TEST), readers[0])
    if len(readers) == 1:
        return f"{first.name} {one}"
    return f"{first.name} and {len(readers) - 1} more {many}"


def _doubted(difference: Difference, *, lower: bool) -> Change:
    why = "what is said of it is less certain than before" if lower else "what is said of it is more certain than before"
    effect = Effect.REVIEW if lower else Effect.NONE
    return Change(
        difference.kind, difference.subject, difference.before, difference.after, effect, why, Impact(), difference.details
    )


def _order(change: Change) -> tuple[object, ...]:
    broken = sum(reader.effect is Effect.BREAKING for reader in change.impact.readers)
    return (
        _RANK.index(change.effect),
        change.acknowledged is not None,
        -broken,
        _KINDS.index(change.kind) if change.kind is not ChangeKind.ADDED else len(_KINDS),
        str(change.subject),
        not isinstance(change.subject, ColumnId),
    )


def _verdict(changes: Iterable[Change]) -> Verdict:
    effect = worst(change.effect for change in changes if change.acknowledged is None)
    return {Effect.BREAKING: Verdict.BREAKING, Effect.REVIEW: Verdict.REVIEW}.get(effect, Verdict.SAFE)


def _rebuild(head: Side, changes: Iterable[Change]) -> tuple[str, ...]:
    """dbt's names for ``dbt build -s``: what changed and is there, and whatever takes in the change."""
    datasets: set[DatasetId] = set()
    for change in changes:
        if change.kind is ChangeKind.EVIDENCE_CHANGED:
            continue
        subjects = [change.subject, *(reader.id for reader in change.impact.readers if reader.id is not None)]
        datasets |= {subject.dataset if isinstance(subject, ColumnId) else subject for subject in subjects}
    nodes = [head.nodes[dataset] for dataset in datasets if dataset in head.nodes]
    return tuple(
        sorted(
            f"{node.name}.v{node.version}" if node.version else node.name
            for node in nodes
            if node.resource_type in ("model", "seed", "snapshot")
        )
    )


def _new_findings(base: LineageGraph, head: LineageGraph) -> tuple[Finding, ...]:
    """Of head, that base had not: known by what they say and their file, since lines move."""
    known: dict[object, int] = {}
    for finding in base.findings:
        key = _finding_key(finding)
        known[key] = known.get(key, 0) + 1
    fresh = []
    for finding in head.findings:
        key = _finding_key(finding)
        if known.get(key, 0):
            known[key] -= 1
        else:
            fresh.append(replace(finding))
    return tuple(fresh)


def _finding_key(finding: Finding) -> object:
    return finding.code, finding.span.path, finding.subject, finding.message
