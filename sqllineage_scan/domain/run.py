"""A run of a command: what it did, how long that took, and how much it understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the work, all its turns together: a comparison scans twice. ``processed``: what it had to do with, by kind
    (files, statements, commits …); ``hits``, ``misses``: of a cache, where it has one.
    """

    name: str
    seconds: float
    turns: int = 1
    processed: Mapping[str, int] = field(default_factory=dict)
    hits: int | None = None
    misses: int | None = None


@dataclass(frozen=True, slots=True)
class GovernedCounts:
    """How much of what the repository makes has an owner and words about it."""

    datasets: int = 0
    owned: int = 0
    described: int = 0
    columns: int = 0
    columns_described: int = 0
    columns_tagged: int = 0


@dataclass(frozen=True, slots=True)
class Understood:
    """What a scan found, counted. ``files`` by what became of them, ``edges`` of columns by confidence band."""

    project: str
    files: Mapping[str, int]
    statements: int
    statements_understood: int
    references: int
    references_resolved: int
    datasets: int
    columns: int
    edges: Mapping[str, int]
    row_edges: int
    gaps: int
    findings: Mapping[str, int]  # by severity
    governed: GovernedCounts

    @property
    def coverage(self) -> float:
        """The share of column references that are bound to exactly one column."""
        return self.references_resolved / self.references if self.references else 1.0

    @property
    def invalid_files(self) -> int:
        """Those that nobody could read at all."""
        return self.files.get("failed", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """``started`` in UTC, ISO 8601. ``outcome``: clean, findings (a gate failed), misuse, fault, interrupted."""

    id: str
    command: str
    started: str
    seconds: float
    outcome: str
    exit_code: int
    role: str = ""
    environment: str = ""
    revision: str | None = None
    branch: str = ""
    changed: bool | None = None  # whether the work tree differs from the revision; None where that is not known
    configuration: str | None = None  # digest of all that was said about the scan
    stages: tuple[Stage, ...] = ()
    understood: Understood | None = None
    drift: Mapping[str, int] | None = None  # differences from observed reality by kind, where the command looked for any
    open_findings: Mapping[str, int] | None = None  # of rules, by severity, where the command checked
