"""Which of several inputs a column is of, where its own name does not say: ``from staff s join staff m on s.boss = m.id``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.domain.unit import FunctionUse, Influence, Projection, Star, SubqueryUse
from sqllineage_scan.resolve.inputs import DatasetSource, RelationSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqllineage_scan.domain.bound import RelationColumn
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.unit import Relation, Use
    from sqllineage_scan.resolve.inputs import Draft, Source

_OUTER = "^"


class Instances:
    """Marks for the inputs of each relation. An input that shares no dataset with one before it needs none, so that
    a join more leaves the forms of all other columns as they were.
    """

    def __init__(self, drafts: Sequence[Draft | None], relations: Sequence[Relation]) -> None:
        self._drafts = drafts
        self._relations = relations
        self._marks: dict[int, list[str]] = {}
        self._bases: dict[int, frozenset[DatasetId]] = {}
        self._around: dict[int, int] | None = None

    def mark(self, relation: int, written: tuple[str, ...], origin: ColumnId | RelationColumn) -> str:
        """``""``, or ``@2`` for the second input of the same datasets; ``^`` before it: of the query around."""
        outwards = ""
        number: int | None = relation
        seen: set[int] = set()
        while number is not None and number not in seen:  # a recursive query inside another may stand in itself
            seen.add(number)
            draft = self._drafts[number]
            if draft is None:
                return outwards
            if len(draft.sources) == 1 and not draft.relation.nested:
                return outwards
            place = _position(draft.sources, written, origin)
            if place is not None:
                return f"{outwards}{self._of(draft)[place]}"
            if not draft.relation.nested:
                return outwards
            outwards += _OUTER
            number = self._parent(number)
        return outwards

    def _of(self, draft: Draft) -> list[str]:
        known = self._marks.get(draft.number)
        if known is None:
            bases = [self._of_source(source) for source in draft.sources]
            ranks: list[int] = []
            for number, base in enumerate(bases):
                earlier = [rank for other, rank in zip(bases[:number], ranks, strict=True) if other & base]
                ranks.append(max(earlier, default=0) + 1)
            known = self._marks[draft.number] = ["" if rank == 1 else f"@{rank}" for rank in ranks]
        return known

    def _of_source(self, source: Source) -> frozenset[DatasetId]:
        if isinstance(source, DatasetSource):
            return frozenset(source.meaning.datasets)
        return self._of_relation(source.draft.number) if isinstance(source, RelationSource) else frozenset()

    def _of_relation(self, number: int) -> frozenset[DatasetId]:
        """The datasets that a relation's columns may come from. With a stack of our own: chains of CTEs are long."""
        pending, seen = [number], {number}
        found: set[DatasetId] = set()
        while pending:
            current = pending.pop()
            known = self._bases.get(current)
            if known is not None:
                found |= known
                continue
            draft = self._drafts[current]
            if draft is None:
                continue
            inner = [*draft.relation.branches]
            for source in draft.sources:
                if isinstance(source, DatasetSource):
                    found.update(source.meaning.datasets)
                elif isinstance(source, RelationSource):
                    inner.append(source.draft.number)
            for each in inner:
                if each not in seen:
                    seen.add(each)
                    pending.append(each)
        self._bases[number] = frozenset(found)
        return self._bases[number]

    def _parent(self, number: int) -> int | None:
        if self._around is None:
            self._around = {}
            for position, relation in enumerate(self._relations):
                for inner in _nested_in(relation, self._relations):
                    self._around.setdefault(inner, position)
        return self._around.get(number)


def _position(sources: Sequence[Source], written: tuple[str, ...], origin: ColumnId | RelationColumn) -> int | None:
    """Which input a column is of: by the alias before its name, else the first that it can be of."""
    for name in written[:-1]:
        for number, source in enumerate(sources):
            if name and source.alias == name:
                return number
    for number, source in enumerate(sources) if len(written) < 2 or not written[0] else ():  # noqa: PLR2004
        if isinstance(origin, ColumnId):
            if isinstance(source, DatasetSource) and origin.dataset in source.meaning.datasets:
                return number
        elif isinstance(source, RelationSource) and source.draft.number == origin[0]:
            return number
    return None


def _nested_in(relation: Relation, relations: Sequence[Relation]) -> Iterator[int]:
    """The subqueries that stand in a relation's expressions, and those in its FROM that see it."""
    for source in relation.inputs:
        if isinstance(source.source, int) and relations[source.source].nested:
            yield source.source
    parts: list[Projection | Star | Influence] = [*relation.projections, *relation.influences]
    while parts:
        part = parts.pop()
        if isinstance(part, Projection):
            parts.extend(part.fields)
        elif isinstance(part, Star):
            parts.extend(part.replaced)
        yield from _subqueries(part.uses)
    yield from relation.branches if relation.nested else ()


def _subqueries(uses: Iterable[Use]) -> Iterator[int]:
    for use in uses:
        if isinstance(use, SubqueryUse):
            yield use.relation
        elif isinstance(use, FunctionUse):
            for argument in use.arguments:
                yield from _subqueries(argument)
