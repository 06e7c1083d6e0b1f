"""What a check found, ready for whoever prints it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.rule import Rule
    from sqllineage_scan.domain.span import Span


class Reported(NamedTuple):
    """A finding with its lines of source. ``suppressed`` says by what, where it is: then it is listed and fails nothing."""

    finding: Finding
    fingerprint: str  # one of its own, also where two findings are alike
    lines: tuple[str, ...] = ()
    suppressed: str = ""  # "noqa", "baseline"
    by: Span | None = None  # the comment that suppresses it


@dataclass(frozen=True, slots=True)
class Report:
    """``findings`` in the order of their places; ``rules`` are those that ran."""

    findings: tuple[Reported, ...]
    rules: tuple[Rule, ...] = ()
    files: int = 0
    unchecked: Mapping[str, str] = field(default_factory=dict, hash=False)  # rules that could not run, and why
    promises: int = 0  # datasets that contracts speak of, where those were asked for

    @property
    def open(self) -> tuple[Reported, ...]:
        return tuple(each for each in self.findings if not each.suppressed)

    @property
    def suppressed(self) -> tuple[Reported, ...]:
        return tuple(each for each in self.findings if each.suppressed)

    def as_bad_as(self, severity: Severity) -> tuple[Reported, ...]:
        """Open findings of that severity, and worse ones."""
        worst_first = list(Severity)
        bad = worst_first[: worst_first.index(severity) + 1]
        return tuple(each for each in self.open if each.finding.severity in bad)

    def rule(self, name: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.name == name), None)


def with_fingerprints(findings: Iterator[Finding] | tuple[Finding, ...]) -> list[tuple[Finding, str]]:
    """Each finding with a fingerprint that no other has: the second of two that are alike has ``:2`` behind it."""
    seen: Counter[str] = Counter()
    numbered = []
    for finding in findings:
        fingerprint = finding.fingerprint
        seen[fingerprint] += 1
        count = seen[fingerprint]
        numbered.append((finding, fingerprint if count == 1 else f"{fingerprint}:{count}"))
    return numbered
