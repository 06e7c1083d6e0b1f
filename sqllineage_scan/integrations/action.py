"""What the GitHub Action says of a comparison to the workflow around it: outputs, and whether the step fails."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqllineage_scan.domain.change import Effect, ReaderKind, Revision, Verdict
from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.errors import UsageError
from sqllineage_scan.outputs.changes.dbt import buildable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqllineage_scan.domain.change import Diff
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.integrations.runner import Runner

NEVER = "never"
_WORDS = ("never", "breaking", "review", "error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Gate:
    """From which verdict, and from which severity of new findings on, the step fails; None: from none on."""

    verdict: Verdict | None = None
    severity: Severity | None = None

    @classmethod
    def of(cls, words: str) -> Gate:
        """``breaking``, ``review,error``, ``never``."""
        asked = [word.strip().lower() for word in words.split(",") if word.strip()]
        unknown = [word for word in asked if word not in _WORDS]
        if unknown:
            raise UsageError(f"fail-on is {unknown[0]!r}; known are {', '.join(_WORDS)}, several with commas")
        verdicts = [verdict for verdict in Verdict if verdict.value in asked]
        severities = [severity for severity in Severity if severity.value in asked]
        return cls(min(verdicts, key=list(Verdict).index, default=None), max(severities, key=list(Severity).index, default=None))

    def failing(self, diff: Diff | None, findings: Iterable[Finding]) -> str:
        """Why the step fails, naming the first; empty where it does not."""
        if diff is not None and self.verdict is not None:
            order = list(Verdict)
            if order.index(diff.verdict) >= order.index(self.verdict):
                worst = next(iter([*diff.with_effect(Effect.BREAKING), *diff.with_effect(Effect.REVIEW)]), None)
                named = f": {worst.subject} {worst.kind.value.replace('_', ' ')}: {worst.why}" if worst is not None else ""
                return f"the verdict is {diff.verdict.value}{named}"
        if self.severity is not None:
            bad = list(Severity)[: list(Severity).index(self.severity) + 1]
            found = [finding for finding in findings if finding.severity in bad]
            if found:
                first = min(found, key=lambda finding: (bad.index(finding.severity), finding.span))
                return f"{len(found)} new findings, first {first.span}: {first.message}"
        return ""


def outputs_of(diff: Diff) -> Mapping[str, str]:
    """The action's outputs by their names in ``action.yml``, as texts."""
    readers = [reader for change in diff.changes for reader in change.impact.readers]
    columns = {reader.id for reader in readers if isinstance(reader.id, ColumnId)}
    tables = {reader.id.dataset if isinstance(reader.id, ColumnId) else reader.id for reader in readers if reader.id is not None}
    exposures = {reader.name for reader in readers if reader.kind is ReaderKind.EXPOSURE}
    return {
        "verdict": diff.verdict.value,
        "breaking": str(len(diff.with_effect(Effect.BREAKING))),
        "review": str(len(diff.with_effect(Effect.REVIEW))),
        "affected-tables": str(len(tables)),
        "affected-columns": str(len(columns)),
        "affected-exposures": str(len(exposures)),
        "coverage": f"{diff.seen.ratio:.4f}",
        "new-findings": str(len(diff.findings)),
        "rebuild-selector": " ".join(buildable(diff)),
    }


def named_by(runner: Runner, diff: Diff) -> Diff:
    """Both sides called as the pull request calls them, not by the commits of a merge that nobody made."""
    pull = runner.pull_request()
    if pull is None:
        return diff
    base = replace_revision(diff.base, pull.base_branch, diff.base.commit)
    return replace(diff, base=base, head=replace_revision(diff.head, pull.branch, pull.head))


def replace_revision(revision: Revision, label: str, commit: str | None) -> Revision:
    return Revision(label or revision.label, commit)
