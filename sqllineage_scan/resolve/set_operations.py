"""The columns of UNION, INTERSECT and EXCEPT: by position, or by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.bound import BoundColumn, BoundRead, BoundUse
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import SetOperator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqllineage_scan.resolve.binding import Binding
    from sqllineage_scan.resolve.inputs import Draft, Widen
    from sqllineage_scan.resolve.scope import NameScope


UNCOUNTED = Evidence(EvidenceKind.POSITION_UNKNOWN_TARGET, "a set operation goes by position, and a star comes before it")


class SetOperations:
    """``widen`` asks an open branch for a column that it does not list."""

    def __init__(self, binding: Binding, widen: Widen) -> None:
        self._binding = binding
        self._widen = widen

    def bind(self, draft: Draft, outer: NameScope | None) -> None:
        relation = draft.relation
        branches = [self._binding.relation(branch, outer) for branch in relation.branches]
        valued = branches if relation.operator is SetOperator.UNION else branches[:1]
        draft.reads.extend(BoundRead(branch.number) for branch in branches)
        draft.open_branches = valued[0].open or (relation.by_name and any(branch.open for branch in valued))
        if draft.open_branches or relation.by_name:
            names = dict.fromkeys(column.name for branch in valued for column in branch.columns)
            for name in names:
                self._append_by_name(draft, name, valued)
        else:
            for position, column in enumerate(valued[0].columns):
                uses = tuple(use for branch in valued for use in self._at(branch, position, column.name))
                draft.append(BoundColumn(column.name, uses, column.expression, column.span))

    def _at(self, branch: Draft, position: int, name: str) -> Iterator[BoundUse]:
        """The column of a branch at ``position``. Behind an open star nobody can count: then it is the one that is called as the
        first branch calls it, if it is what its author meant.
        """
        counted = branch.open_stars[0].start if branch.open_stars else 0 if branch.open else len(branch.columns)
        if position < counted:
            yield BoundUse(((branch.number, position),), Subtype.IDENTITY)
        elif branch.open:
            named = branch.index.get(name)
            found = self._widen(branch, name) if named is None else named
            if found is not None:
                yield BoundUse(((branch.number, found),), Subtype.IDENTITY, evidence=(UNCOUNTED,))

    def _append_by_name(self, draft: Draft, name: str, branches: Sequence[Draft]) -> int | None:
        uses: list[BoundUse] = []
        span = None
        for branch in branches:
            position = branch.index.get(name)
            if position is None and branch.open:
                position = self._widen(branch, name)
            if position is not None:
                uses.append(BoundUse(((branch.number, position),), Subtype.IDENTITY))
                span = span or branch.columns[position].span
        return draft.append(BoundColumn(name, tuple(uses), name, span)) if span is not None else None

    def widen(self, draft: Draft, name: str) -> int | None:
        branches = [self._binding.relation(branch) for branch in draft.relation.branches]
        valued = branches if draft.relation.operator is SetOperator.UNION else branches[:1]
        return self._append_by_name(draft, name, valued)
