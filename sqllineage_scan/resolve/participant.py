"""The units of a repository while it is linked: bound anew, or repeating what they did another time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sqllineage_scan.domain.linked import Demand, KeptTarget, Question, UnitTrace
from sqllineage_scan.resolve.doubts import doubts_of
from sqllineage_scan.resolve.stale import StaleError
from sqllineage_scan.resolve.view import Log

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.linked import SchemaEffect
    from sqllineage_scan.domain.names import ColumnId, DatasetId
    from sqllineage_scan.resolve.bind import UnitBinder
    from sqllineage_scan.resolve.view import View
    from sqllineage_scan.resolve.writes import Target


class Participant(Protocol):
    """A unit that other units' questions reach."""

    def targets(self) -> Sequence[DatasetId]:
        """The datasets that it writes."""

    def demands(self) -> Sequence[Demand]:
        """The columns that it reads and that nobody lists."""

    def ask(self, target: int, name: str, doubt: Evidence | None) -> Sequence[ColumnId]:
        """Somebody reads ``name`` of a target: what its star asks of its inputs in turn."""

    def offered(self, target: int) -> Sequence[str]:
        """Names of a target that became known since, of an open star's inputs."""


@dataclass(slots=True)
class BoundParticipant:
    """A unit bound anew. ``questions``: what it was asked, if that is to be kept."""

    binder: UnitBinder
    made: list[Target]
    early: tuple[DatasetId, ...] = ()
    questions: list[Question] = field(default_factory=list)
    effects: tuple[SchemaEffect, ...] = ()
    asked: tuple[Demand, ...] = ()
    kept_targets: tuple[KeptTarget, ...] = ()

    def bound(self) -> None:
        """Nothing but questions can happen to it now."""
        if self.binder.view.recording:
            self.effects = self.binder.view.effects()
            self.kept_targets = tuple(_kept(target) for target in self.made)

    def targets(self) -> Sequence[DatasetId]:
        return [target.dataset for target in self.made]

    def demands(self) -> Sequence[Demand]:
        binder = self.binder
        if binder.demands:
            doubts = doubts_of(binder, {target.write.relation for target in self.made})
            self.asked = tuple(Demand(column, doubts.get(column)) for column in dict.fromkeys(binder.demands))
            binder.demands.clear()
        return self.asked

    def ask(self, target: int, name: str, doubt: Evidence | None) -> Sequence[ColumnId]:
        made, binder = self.made[target], self.binder
        if (made.open_draft is None or name in made.names) and not binder.demands:
            return ()
        log = binder.view.log = Log() if binder.view.recording else None
        made.ask(binder, name, doubt)
        binder.view.log = None
        demands = tuple(binder.demands)
        binder.demands.clear()
        if log is not None:
            self.questions.append(Question(target, name, doubt, *log.answers(), demands, (), left=False))
        return demands

    def offered(self, target: int) -> Sequence[str]:
        made, binder = self.made[target], self.binder
        if made.open_draft is None:
            return ()
        log = binder.view.log = Log() if binder.view.recording else None
        names = tuple(made.offered(binder))
        binder.view.log = None
        if log is not None:
            self.questions.append(Question(target, None, None, *log.answers(), (), names, left=bool(binder.demands)))
        return names

    def release(self) -> None:
        """It is bound and frozen: let go of all that it took."""
        self.made = []
        self.binder.release()

    def trace(self, unique_id: str | None) -> UnitTrace | None:
        """What to keep of it; None where what it saw is more than can be kept."""
        binder, view = self.binder, self.binder.view
        if not view.recording or view.has_bodies:
            return None
        tally = binder.tally
        return UnitTrace(
            view.place.this,
            view.place.last,
            unique_id,
            self.early,
            view.names(),
            view.unknown_functions(),
            view.schemas(),
            self.effects,
            self.kept_targets,
            self.asked,
            tuple(self.questions),
            tally.references,
            tally.resolved,
            tuple(tally.missing),
        )


def _named(kept: UnitTrace) -> Iterator[DatasetId]:
    """All datasets that the trace speaks of, beside those that its names mean."""
    yield from (target.dataset for target in kept.targets)
    yield from (demand.column.dataset for demand in kept.demands)
    yield from (seen.dataset for seen in kept.schemas)
    yield from (effect.dataset for effect in kept.effects)
    for question in kept.questions:
        yield from (column.dataset for column in question.demands)
        yield from (consulted.dataset for consulted in question.consulted)
        yield from (listed.dataset for listed in question.listed)


def _kept(target: Target) -> KeptTarget:
    is_open = target.open_draft is not None
    return KeptTarget(target.dataset, is_open, tuple(sorted(target.names)) if is_open else ())


class KeptParticipant:
    """A unit that is not bound: it gives the answers that it gave, as long as it is asked what it was asked."""

    def __init__(self, kept: UnitTrace, view: View) -> None:
        self.kept = kept
        self._view = view
        self._next = 0
        self._left = False
        self._names = [set(target.names) for target in kept.targets]

    @classmethod
    def of(cls, kept: UnitTrace, view: View, unique_id: str | None, early: tuple[DatasetId, ...]) -> KeptParticipant | None:
        """The unit as it was kept, if it would be bound as it was; its effects are repeated then."""
        same_place = (kept.this, kept.last, kept.unique_id, kept.early) == (view.place.this, view.place.last, unique_id, early)
        if not (same_place and view.still(kept.names, kept.unknown_functions)):
            return None
        if not (view.knows(_named(kept)) and view.still_has(kept.schemas)):  # unknown ones are what a hand has made
            return None
        view.repeat(kept.effects)
        return cls(kept, view)

    def targets(self) -> Sequence[DatasetId]:
        return [target.dataset for target in self.kept.targets]

    def demands(self) -> Sequence[Demand]:
        return self.kept.demands

    def ask(self, target: int, name: str, doubt: Evidence | None) -> Sequence[ColumnId]:
        if (not self.kept.targets[target].open or name in self._names[target]) and not self._left:
            return ()
        question = self._answer(target, name, doubt)
        self._names[target].add(name)
        self._left = False
        return question.demands

    def offered(self, target: int) -> Sequence[str]:
        if not self.kept.targets[target].open:
            return ()
        question = self._answer(target, None, None)
        self._names[target].update(question.offered)
        self._left = question.left
        return question.offered

    def _answer(self, target: int, name: str | None, doubt: Evidence | None) -> Question:
        questions = self.kept.questions
        question = questions[self._next] if self._next < len(questions) else None
        if question is None or question[:3] != (target, name, doubt):
            raise StaleError
        if not self._view.still_answers(question.consulted, question.listed):
            raise StaleError
        self._next += 1
        return question

    def is_done(self) -> bool:
        """Whether it was asked all that it was asked then."""
        return self._next == len(self.kept.questions)
