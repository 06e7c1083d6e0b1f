"""From the columns of a statement's result down to the columns of the datasets it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.evidence import RULES, Evidence, confidence_of
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.transformation import compose
from sqllineage_scan.domain.unit import SetOperator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.bound import BoundColumn, BoundRelation, BoundUse, RelationColumn
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.span import Span


class FlowKey(NamedTuple):
    """Which column flows in, and as what."""

    column: ColumnId
    subtype: Subtype
    masking: bool


class Flow(NamedTuple):
    """Why we think so, where it is read, and the expression that made the value: the last one that was more than a name."""

    evidence: tuple[Evidence, ...]
    span: Span | None
    expression: str = ""


Flows = dict[FlowKey, Flow]


_DEEP = 100
_IDENTITY = Subtype.IDENTITY
_NONE: tuple[Evidence, ...] = ()


class Tracer:
    """Flows of one unit, each relation's worked out once."""

    def __init__(self, relations: tuple[BoundRelation, ...]) -> None:
        self._relations = relations
        self._columns: dict[RelationColumn, Flows] = {}
        self._rows: dict[int, Flows] = {}
        if any(bound.recursive for bound in relations):
            self._settle()
        elif len(relations) > _DEEP:  # a chain of 1,000 CTEs is 1,000 deep: from the bottom up no step recurses
            for number, bound in enumerate(relations):
                for position in range(len(bound.columns)):
                    self.column(number, position)
                self.rows(number)

    def column(self, relation: int, position: int) -> Flows:
        """What decides the value of one column, composed through every CTE and subquery on the way.

        with c as (select a + 1 as b from t) select sum(b) from c     t.a  AGGREGATION
        """
        key = (relation, position)
        known = self._columns.get(key)
        if known is not None:
            return known
        self._columns[key] = {}
        self._columns[key] = flows = self._flows_of(self._relations[relation].columns[position])
        return flows

    def _flows_of(self, column: BoundColumn) -> Flows:
        """A column that is made of one other, as nearly all are, is worked out here and now. What only passes a column on has
        that one's very flows: they are shared.
        """
        uses = column.uses
        if len(uses) == 1:
            origins, subtype, masking, evidence, _, rows_of, _ = uses[0]
            if len(origins) == 1 and rows_of is None:
                (origin,) = origins
                doubts = column.evidence
                if type(origin) is ColumnId:
                    weighed = combined(evidence, doubts) if doubts else evidence
                    return {FlowKey(origin, subtype, masking): Flow(weighed, column.span, column.expression)}
                if subtype is _IDENTITY and not masking and _sure(evidence) and (not doubts or _sure(doubts)):
                    return self.column(*origin)
        flows: Flows = {}
        for use in uses:
            self._add_use(flows, use, column)
        return flows

    def _settle(self) -> None:
        """A recursive CTE reads itself: rounds of all flows, each from those of the round before, until nothing is added.

        with recursive r as (select a, b from t union all select b, a from r) select a from r     t.a and t.b
        """
        keys = [(number, place) for number, bound in enumerate(self._relations) for place in range(len(bound.columns))]
        self._columns = {key: {} for key in keys}
        self._rows = {number: {} for number in range(len(self._relations))}
        changed = True
        while changed:
            changed = False
            for key in keys:
                changed |= _grown(self._columns[key], self._flows_of(self._relations[key[0]].columns[key[1]]))
            for number in self._rows:
                changed |= _grown(self._rows[number], self._row_flows(number))

    def rows(self, relation: int) -> Flows:
        """What decides which rows a relation has: its own joins, filters and grouping, and those of all it reads from."""
        known = self._rows.get(relation)
        if known is not None:
            return known
        self._rows[relation] = {}
        self._rows[relation] = flows = self._row_flows(relation)
        return flows

    def read_again(self, relation: int, target: DatasetId) -> frozenset[FlowKey]:
        """Which of ``target``'s own columns decide rows because the source of a MERGE or UPDATE reads it a second time.

        merge into t using (select s.* from s join t on s.id = t.id where t.live) u on …     t.id JOIN, t.live FILTER
        """
        bound = self._relations[relation]
        found: set[FlowKey] = set()
        if any(read.source == target for read in bound.reads):  # where the target is changed through a query, that read is it
            for read in bound.reads:
                if isinstance(read.source, int):
                    found.update(self.rows(read.source))
            for use in bound.influences:
                for origin in use.origins:
                    if not isinstance(origin, ColumnId):
                        found.update(_as(key, use.subtype) for key in self.column(*origin))
        return frozenset(key for key in found if key.column.dataset == target)

    def _row_flows(self, relation: int) -> Flows:
        flows: Flows = {}
        bound = self._relations[relation]
        for use in bound.influences:
            self._add_use(flows, use, None)
        for read in bound.reads:
            if isinstance(read.source, int):
                _merge(flows, self.rows(read.source).items())
        for branch in bound.branches:
            _merge(flows, self.rows(branch).items())
        if bound.operator in (SetOperator.EXCEPT, SetOperator.INTERSECT):  # whole rows of both sides are compared
            self._add_columns(flows, bound.branches, Subtype.FILTER)
        elif bound.distinct:
            self._add_columns(flows, bound.branches or (relation,), Subtype.GROUP_BY)
        return flows

    def _add_columns(self, flows: Flows, relations: Iterable[int], subtype: Subtype) -> None:
        """All columns of ``relations`` decide rows: the right side of EXCEPT, the list of SELECT DISTINCT."""
        for relation in relations:
            for position in range(len(self._relations[relation].columns)):
                found = self.column(relation, position)
                _merge(flows, ((_as(key, subtype), flow) for key, flow in found.items()))

    def _add_use(self, flows: Flows, use: BoundUse, column: BoundColumn | None) -> None:
        """Take in what a use brings. In a column that only passes it on, the expression and place stay those of its maker:
        for the last of ``select * from (select sum(a) as b from t)`` that is ``sum(a)``.
        """
        origins, subtype, masking, evidence, span, rows_of, _ = use
        if column is None:
            doubts, expression, passes_on = _NONE, "", False
        else:
            span, expression, doubts = column.span, column.expression, column.evidence
            passes_on = subtype is _IDENTITY and not masking
        for origin in origins:
            if type(origin) is ColumnId:
                weighed = combined(evidence, doubts) if doubts else evidence
                _add(flows, FlowKey(origin, subtype, masking), Flow(weighed, span, expression))
                continue
            inner_flows = self.column(*origin)
            if passes_on and _sure(evidence) and _sure(doubts):
                _merge(flows, inner_flows.items())  # select * from c: nothing is done and nothing in doubt
                continue
            weighed = combined((), (*evidence, *doubts)) if evidence or doubts else ()
            for inner, flow in inner_flows.items():
                key = FlowKey(inner.column, compose(inner.subtype, subtype), inner.masking or masking)
                why = combined(flow.evidence, weighed) if weighed else flow.evidence
                _add(flows, key, Flow(why, flow.span, flow.expression) if passes_on else Flow(why, span, expression))
        if rows_of is not None:
            for inner, flow in self.rows(rows_of).items():
                _add(flows, _as(inner, _row_subtype(inner, use)), Flow(flow.evidence, span, expression))

    def datasets(self, relation: int) -> dict[object, tuple[Evidence, ...]]:
        """The datasets that a relation reads, through every CTE and subquery, with what makes their names uncertain."""
        found: dict[object, tuple[Evidence, ...]] = {}
        pending, seen = [relation], {relation}
        while pending:
            bound = self._relations[pending.pop()]
            inner = [*bound.branches]
            for read in bound.reads:
                if isinstance(read.source, int):
                    inner.append(read.source)
                else:
                    found.setdefault(read.source, read.evidence)
            uses = [use for column in bound.columns for use in column.uses]
            for use in (*uses, *bound.influences):
                if use.rows_of is not None:
                    inner.append(use.rows_of)
                for origin in use.origins:  # what is in sight without being read: variables, NEW and OLD
                    if isinstance(origin, ColumnId):
                        found.setdefault(origin.dataset, ())
                    else:
                        inner.append(origin[0])
            for number in inner:
                if number not in seen:
                    seen.add(number)
                    pending.append(number)
        return found


def _row_subtype(key: FlowKey, use: BoundUse) -> Subtype:
    """A scalar subquery's filter stays a FILTER of the value; inside a join condition or filter, it is part of that."""
    return key.subtype if use.subtype.type == "DIRECT" else use.subtype


def _sure(evidence: tuple[Evidence, ...]) -> bool:
    """Whether there is no doubt among it, only rules of SQL."""
    return not evidence or RULES.issuperset([item.kind for item in evidence])


def _grown(flows: Flows, more: Flows) -> bool:
    """Take in ``more``; whether that was new."""
    before = len(flows)
    _merge(flows, more.items())
    return len(flows) > before


def _as(key: FlowKey, subtype: Subtype) -> FlowKey:
    return FlowKey(key.column, subtype, masking=False)


def combined(own: tuple[Evidence, ...], outer: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The evidence of a chain: how its end was bound, and of the rest whatever makes it less than certain, a kind once."""
    if not outer:
        return own
    kinds = {item.kind for item in own}
    kept = list(own)
    for item in outer:
        if item.kind not in kinds and (item.kind not in RULES or not own):
            kinds.add(item.kind)
            kept.append(item)
    return tuple(kept) if len(kept) > len(own) else own


def _merge(flows: Flows, more: Iterable[tuple[FlowKey, Flow]]) -> None:
    """One flow a key: the most certain, and of equals the first."""
    for key, flow in more:
        known = flows.setdefault(key, flow)
        if known is not flow and known.evidence is not flow.evidence:
            _weigh(flows, key, known, flow)


def _add(flows: Flows, key: FlowKey, flow: Flow) -> None:
    known = flows.setdefault(key, flow)
    if known is not flow and known.evidence is not flow.evidence:
        _weigh(flows, key, known, flow)


def _weigh(flows: Flows, key: FlowKey, known: Flow, flow: Flow) -> None:
    if known.evidence != flow.evidence and confidence_of(flow.evidence) > confidence_of(known.evidence):
        flows[key] = flow
