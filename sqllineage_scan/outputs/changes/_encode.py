"""A comparison as plain dicts and lists, as ``diff.schema.json`` beside this file has them. ``_decode.py`` reads it back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqllineage_scan.bundled import version
from sqllineage_scan.domain.change import Effect, ReaderKind
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.graph.encode import TOOL, of_evidence, of_finding, of_gap, of_span

if TYPE_CHECKING:
    from sqllineage_scan.domain.acknowledgement import Acknowledgement
    from sqllineage_scan.domain.change import (
        Change,
        Diff,
        Impact,
        Reader,
        Revision,
        Seen,
        State,
        Step,
        Unresolved,
    )
    from sqllineage_scan.domain.names import DatasetId

Json = dict[str, Any]
SCHEMA_VERSION = "1.0"


def to_dict(diff: Diff) -> Json:
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": TOOL, "version": version()},
        "project": diff.project,
        "verdict": diff.verdict.value,
        "base": _revision(diff.base),
        "head": _revision(diff.head),
        "counts": _counts(diff),
        "coverage": _seen(diff.seen),
        "changes": [_change(change) for change in diff.changes],
        "impact": _reached(diff),
        "unresolved": [_unresolved(item) for item in diff.unresolved],
        "stale_acknowledgements": [_acknowledgement(item) for item in diff.stale],
        "rebuild": list(diff.rebuild),
        "findings": [of_finding(finding) for finding in diff.findings],
    }


def _revision(revision: Revision) -> Json:
    return {"label": revision.label, "commit": revision.commit}


def _counts(diff: Diff) -> Json:
    """How many changes have each effect, those that are acknowledged apart."""
    return {
        **{effect.value: len(diff.with_effect(effect)) for effect in Effect},
        "acknowledged": sum(change.acknowledged is not None for change in diff.changes),
    }


def _seen(seen: Seen) -> Json:
    return {
        "files": seen.files,
        "references": seen.references,
        "references_resolved": seen.references_resolved,
        "ratio": round(seen.ratio, 4),
        "edges": seen.edges,
        "edges_certain": seen.edges_certain,
    }


def _change(change: Change) -> Json:
    return {
        "kind": change.kind.value,
        "subject": _subject(change.subject),
        "before": _state(change.before),
        "after": _state(change.after),
        "effect": change.effect.value,
        "breaking": change.breaking,
        "why": change.why,
        "details": list(change.details),
        "acknowledged": None if change.acknowledged is None else _acknowledgement(change.acknowledged),
        "impact": _impact(change.impact),
    }


def _reached(diff: Diff) -> Json:
    """The names of all that the changes reach together, for who asks no more than that."""
    readers = [reader for change in diff.changes for reader in change.impact.readers]
    return {
        **{f"{kind.value}s": sorted({reader.name for reader in readers if reader.kind is kind}) for kind in ReaderKind},
        "owners": sorted({reader.owner for reader in readers if reader.owner}),
    }


def _subject(subject: DatasetId | ColumnId) -> Json:
    dataset = subject.dataset if isinstance(subject, ColumnId) else subject
    found = {"dataset": str(dataset), "namespace": dataset.namespace}
    return {**found, "column": subject.column} if isinstance(subject, ColumnId) else found


def _state(state: State | None) -> Json | None:
    return None if state is None else {"text": state.text, "span": of_span(state.span)}


def _acknowledgement(item: Acknowledgement) -> Json:
    return {"subject": item.subject, "reason": item.reason, "span": of_span(item.span)}


def _impact(impact: Impact) -> Json:
    counts = Counter(reader.kind for reader in impact.readers)
    return {
        "effect": impact.effect.value,
        "counts": {kind.value: counts[kind] for kind in ReaderKind},
        "readers": [_reader(reader) for reader in impact.readers],
    }


def _reader(reader: Reader) -> Json:
    return {
        "kind": reader.kind.value,
        "name": reader.name,
        "id": None if reader.id is None else _subject(reader.id),
        "effect": reader.effect.value,
        "why": reader.why,
        "confidence": reader.confidence,
        "band": reader.band.value,
        "owner": reader.owner,
        "url": reader.url,
        "span": of_span(reader.span),
        "path": [_step(step) for step in reader.path],
    }


def _step(step: Step) -> Json:
    return {
        "source": _subject(step.source),
        "target": _subject(step.target),
        "subtype": step.subtype,
        "confidence": step.confidence,
        "evidence": [of_evidence(item) for item in step.evidence],
        "span": of_span(step.span),
    }


def _unresolved(item: Unresolved) -> Json:
    return {**of_gap(item.gap), "appeared": item.appeared, "near": item.near}
