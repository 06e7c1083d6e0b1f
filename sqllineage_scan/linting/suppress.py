"""Which findings are known and fail nothing: by a comment in the source, or by the baseline file. They stay listed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.finding import Finding, Severity, is_as_bad
from sqllineage_scan.domain.report import Reported, with_fingerprints
from sqllineage_scan.domain.span import whole_file
from sqllineage_scan.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from sqllineage_scan.domain.facts import Suppression
    from sqllineage_scan.domain.rule import Rule
    from sqllineage_scan.domain.span import Span

NOQA = "noqa"
BASELINE = "baseline"
UNMATCHED = "suppressions.unmatched"
STALE = "suppressions.stale"
_PREFIX = "Lineage_"  # what sqlfluff calls our codes: Lineage_CL02


@dataclass(frozen=True, slots=True)
class Baseline:
    """Fingerprints of known findings, each with the rule and file, for people to read."""

    path: str
    entries: Mapping[str, Mapping[str, Any]]


def read_baseline(path: Path, shown: str) -> Baseline:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        entries = {str(entry["fingerprint"]): entry for entry in said["findings"]}
    except FileNotFoundError:
        raise ConfigurationError(
            f"there is no baseline {shown}; write it with `sqllineage-scan check --write-baseline`"
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{shown} is no baseline: {error}; write it anew with --write-baseline") from error
    return Baseline(shown, entries)


def baseline_document(findings: Iterable[Reported]) -> dict[str, Any]:
    """What ``--write-baseline`` writes: sorted, so that it merges well."""
    entries = [
        {
            "fingerprint": each.fingerprint,
            "rule": each.finding.name,
            "path": each.finding.span.path,
            "subject": each.finding.subject,
        }
        for each in findings
        if each.suppressed != NOQA and each.finding.severity is not Severity.NOTE
    ]
    ordered = sorted(entries, key=lambda entry: (entry["path"], entry["rule"], entry["subject"], entry["fingerprint"]))
    return {"version": 1, "findings": ordered}


@dataclass(slots=True)
class _Comment:
    said: Suppression
    used: bool = False


class Suppressions:
    """The comments of all files; they remember which of them have suppressed something."""

    def __init__(self, found: Iterable[Suppression]) -> None:
        self._by_path: dict[str, list[_Comment]] = {}
        for said in found:
            self._by_path.setdefault(said.span.path, []).append(_Comment(said))

    def over(self, finding: Finding) -> Suppression | None:
        """The comment that suppresses a finding: one of its line, else the last before it that switches its rule off."""
        comments = self._by_path.get(finding.span.path, ())
        for comment in comments:
            same = comment.said.span.line in _lines(finding.span)
            if not comment.said.action and same and _names(comment.said, finding):
                comment.used = True
                return comment.said
        before = [
            each
            for each in comments
            if each.said.action and each.said.span.line <= finding.span.line and _names(each.said, finding)
        ]
        if before and before[-1].said.action == "disable":
            before[-1].used = True
            return before[-1].said
        return None

    def unmatched(self, rules: Sequence[Rule]) -> list[Finding]:
        """Comments that name one of our rules and suppress nothing. What names nobody, or a rule of sqlfluff's, is not ours."""
        ours = {name for rule in rules for name in (rule.name, rule.code)}
        found = []
        for comments in self._by_path.values():
            for comment in comments:
                named = [name for name in comment.said.rules if name.removeprefix(_PREFIX) in ours]
                if named and not comment.used and comment.said.action != "enable":
                    message = f"nothing here breaks {', '.join(named)}"
                    found.append(
                        Finding(
                            "SU01",
                            UNMATCHED,
                            Severity.WARNING,
                            message,
                            comment.said.span,
                            ", ".join(named),
                            "delete the comment",
                        )
                    )
        return found


def _lines(span: Span) -> tuple[int, ...]:
    """Where a comment speaks of it: its first line, and its last if that is the next one."""
    return (span.line, span.end_line) if span.end_line == span.line + 1 else (span.line,)


def _names(said: Suppression, finding: Finding) -> bool:
    group = finding.name.partition(".")[0]
    labels = (finding.code, finding.name, group, f"{_PREFIX}{finding.code}")
    return not said.rules or any(fnmatchcase(label, rule) for rule in said.rules for label in labels)


def judged(
    findings: Sequence[Finding], comments: Suppressions, baseline: Baseline | None, shown: Severity = Severity.NOTE
) -> tuple[list[Reported], list[Finding]]:
    """Every finding, with what suppresses it; and what is wrong with the baseline. What is less severe than ``shown`` has no
    fingerprint: nobody asks for it.
    """
    reported = []
    left = dict(baseline.entries) if baseline is not None else {}
    plain = [finding for finding in findings if not is_as_bad(finding.severity, shown)]
    full = findings if not plain else [finding for finding in findings if is_as_bad(finding.severity, shown)]
    for finding, fingerprint in (*with_fingerprints(tuple(full)), *((finding, "") for finding in plain)):
        comment = comments.over(finding)
        known = left.pop(fingerprint, None) is not None
        by = NOQA if comment is not None else BASELINE if known else ""
        reported.append(Reported(finding, fingerprint, suppressed=by, by=comment.span if comment else None))
    stale = [
        Finding(
            "SU02",
            STALE,
            Severity.NOTE,
            f"the baseline lists {entry.get('rule')} in {entry.get('path')}, which is not found any more",
            whole_file(baseline.path if baseline else ""),
            fingerprint,
            "write it anew: sqllineage-scan check --write-baseline",
        )
        for fingerprint, entry in sorted(left.items())
    ]
    return reported, stale
