"""What differs between two states of a repository, and what that does to whoever reads it.

``diff`` makes these values of two graphs; ``outputs/changes`` prints them. Nothing here knows how either is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.evidence import Band, Evidence, band_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.acknowledgement import Acknowledgement
    from sqllineage_scan.domain.coverage import Gap
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.names import ColumnId, DatasetId
    from sqllineage_scan.domain.span import Span


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"  # another name, the same definition
    RETYPED = "retyped"  # amount int -> amount text
    REORDERED = "reordered"  # the columns of a dataset in another order: matters to whoever goes by position
    KIND_CHANGED = "kind_changed"  # a view became a table, a model incremental
    REDEFINED = "redefined"  # the value of a column is made in another way
    ROWS_CHANGED = "rows_changed"  # a filter, join, grouping, distinct or limit: said once for the whole dataset
    EVIDENCE_CHANGED = "evidence_changed"  # the same edge, believed more or less than before: a hole appeared


class Effect(StrEnum):
    """What a change does to one reader, or to all of them together; the worst comes first."""

    BREAKING = "breaking"  # it fails, or its meaning is another, and the way there is certain
    REVIEW = "review"  # it may: somebody should look
    PASS_THROUGH = "pass_through"  # noqa: S105 -- it takes in what changed and does nothing about it
    NONE = "none"  # nobody is affected


class Verdict(StrEnum):
    """One word for all changes; the order is from best to worst."""

    SAFE = "safe"
    REVIEW = "review"
    BREAKING = "breaking"


class State(NamedTuple):
    """One side of a change: the expression, type, kind or name as it was or is, and where that stands."""

    text: str
    span: Span | None = None


class Step(NamedTuple):
    """One edge of the way from a change to a reader. ``source`` and ``target`` are columns, or datasets for their rows."""

    source: ColumnId | DatasetId
    target: ColumnId | DatasetId
    subtype: str  # IDENTITY, FILTER, …; "" between datasets of whose columns nothing is known
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    span: Span | None = None

    @property
    def band(self) -> Band:
        return band_of(self.confidence)


class ReaderKind(StrEnum):
    COLUMN = "column"
    DATASET = "dataset"  # by its rows, or by position
    TEST = "test"
    CONTRACT = "contract"
    EXPOSURE = "exposure"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody downstream of a change, and what it does to them. ``id`` is set for columns and datasets alone."""

    kind: ReaderKind
    name: str  # marts.orders.amount; test.shop.not_null_orders_amount; "Exec KPIs"
    effect: Effect
    why: str  # reads it in `o.amount - o.tax`
    id: ColumnId | DatasetId | None = None
    span: Span | None = None  # the place of the read
    path: tuple[Step, ...] = ()  # the most certain way, from what changed to this reader
    confidence: float = 1.0  # of the path: the product of its steps'
    owner: str | None = None
    url: str | None = None

    @property
    def band(self) -> Band:
        return band_of(self.confidence)

    @property
    def weakest(self) -> Step | None:
        """The step that lowers the confidence most; None where nothing does."""
        doubtful = [step for step in self.path if step.band is not Band.CERTAIN]
        return min(
            doubtful or [step for step in self.path if step.confidence < 1], key=lambda step: step.confidence, default=None
        )


@dataclass(frozen=True, slots=True)
class Impact:
    """All that is reached from one change, the worst first."""

    readers: tuple[Reader, ...] = ()

    def with_effect(self, effect: Effect) -> tuple[Reader, ...]:
        return tuple(reader for reader in self.readers if reader.effect is effect)

    @property
    def effect(self) -> Effect:
        return worst(reader.effect for reader in self.readers)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. ``subject`` is its name in head, and in base where head has it no more.

    ``details`` says more of it, line by line: ``- filter o.status = 'paid'``, ``+ limit 10``.
    """

    kind: ChangeKind
    subject: DatasetId | ColumnId
    before: State | None
    after: State | None
    effect: Effect  # the worst on any reader; REVIEW also where nobody reads it that we know of, but somebody outside may
    why: str  # still read by fct_revenue.net
    impact: Impact = Impact()
    details: tuple[str, ...] = ()
    acknowledged: Acknowledgement | None = None

    @property
    def breaking(self) -> bool:
        return self.effect is Effect.BREAKING


class Revision(NamedTuple):
    """One side of a comparison: ``main`` at 9f2c1d0…, ``work tree`` with no commit, ``base.json``."""

    label: str
    commit: str | None = None


class Unresolved(NamedTuple):
    """Something of head that hides what a change does: below it, impact is a lower bound. ``appeared``: base had it not."""

    gap: Gap
    appeared: bool
    near: bool  # it touches what changed, or what is made of that


@dataclass(frozen=True, slots=True)
class Seen:
    """How much of the two sides could be compared: every "safe" is worth as much as this."""

    files: int
    references: int  # column references in head
    references_resolved: int
    edges: int  # reached by a change
    edges_certain: int

    @property
    def ratio(self) -> float:
        return self.references_resolved / self.references if self.references else 1.0


@dataclass(frozen=True, slots=True)
class Diff:
    """The comparison of two states of a repository, the worst change first."""

    base: Revision
    head: Revision
    verdict: Verdict
    changes: tuple[Change, ...]
    seen: Seen
    unresolved: tuple[Unresolved, ...] = ()
    stale: tuple[Acknowledgement, ...] = ()  # that nothing needs any more
    rebuild: tuple[str, ...] = ()  # dbt's names of the models to build again: changed ones and those made of them
    findings: tuple[Finding, ...] = ()  # of head, that base had not
    project: str = ""

    def with_effect(self, effect: Effect) -> tuple[Change, ...]:
        """The changes of this effect that nobody has acknowledged."""
        return tuple(change for change in self.changes if change.effect is effect and change.acknowledged is None)


def worst(effects: Iterable[Effect]) -> Effect:
    """``NONE`` of none."""
    order = list(Effect)
    return min(effects, key=order.index, default=Effect.NONE)
