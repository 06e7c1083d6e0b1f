"""Functions that the repository defines in SQL, seen through: the body stands where the call stood."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqllineage_scan.domain.bound import BoundUse
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.transformation import compose
from sqllineage_scan.domain.unit import ArgumentUse, FunctionUse, Projection, Relation, Star, SubqueryUse, Use

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.resolve.binding import Binding
    from sqllineage_scan.resolve.catalog import DefinedFunction, Place
    from sqllineage_scan.resolve.inputs import Draft
    from sqllineage_scan.resolve.scope import NameScope

_DEEPEST = 16  # a function that calls itself is seen through so often, and opaque then


class Calls:
    """The calls of one unit. Relations of a body are added behind the unit's own, once a call, under new numbers."""

    def __init__(self, binding: Binding) -> None:
        self._binding = binding
        self._arguments: list[list[list[BoundUse]]] = []
        self._places: dict[int, Place] = {}
        self._depth = 0

    def place(self, number: int) -> Place:
        """Where the names of relation ``number`` are read: in a body, where the function is defined."""
        return self._places.get(number, self._binding.place)

    def value(self, use: FunctionUse, scope: NameScope) -> list[BoundUse]:
        """``net(o.amount)``: the function's own value, or one made of all its arguments where nobody defines it in SQL."""
        found = self._find(use)
        if found is None or found.function.table:
            made = compose(Subtype.TRANSFORMATION, use.subtype)
            return [
                bound._replace(subtype=compose(bound.subtype, made), masking=bound.masking or use.masking)
                for argument in use.arguments
                for item in argument
                for bound in self._binding.use(item, scope)
            ]
        draft = self._inlined(found, use, scope)
        origins = ((draft.number, 0),) if draft.columns else ()
        return [BoundUse(origins, use.subtype, use.masking, rows_of=draft.number)]

    def rows(self, use: FunctionUse, scope: NameScope) -> Draft | None:
        """``from recent_orders(7)``: the query that the table function is; None where nobody defines it in SQL."""
        found = self._find(use)
        return self._inlined(found, use, scope) if found is not None and found.function.table else None

    def argument(self, use: ArgumentUse) -> list[BoundUse]:
        """What the call gives for a parameter: nothing where a default stands, or where there is no call."""
        given = self._arguments[use.call] if 0 <= use.call < len(self._arguments) else []
        bound = given[use.position] if use.position < len(given) else []
        return [item._replace(subtype=compose(item.subtype, use.subtype)) for item in bound]

    def _find(self, use: FunctionUse) -> DefinedFunction | None:
        return self._binding.view.function(use.name, len(use.arguments)) if self._depth < _DEEPEST else None

    def _inlined(self, found: DefinedFunction, use: FunctionUse, scope: NameScope) -> Draft:
        self._arguments.append(
            [[bound for item in argument for bound in self._binding.use(item, scope)] for argument in use.arguments]
        )
        relations = self._binding.relations
        offset, call = len(relations), len(self._arguments) - 1
        for number, relation in enumerate(found.unit.relations, offset):
            relations.append(_moved(relation, offset, call))
            self._places[number] = found.place
        self._binding.drafts.extend([None] * len(found.unit.relations))
        self._depth += 1
        draft = self._binding.relation(offset + found.function.relation)
        self._depth -= 1
        return draft


def _moved(relation: Relation, offset: int, call: int) -> Relation:
    """A relation under its new number, its parameters those of ``call``."""

    def uses(given: Iterable[Use]) -> tuple[Use, ...]:
        return tuple(_moved_use(use, offset, call) for use in given)

    def projection(item: Projection) -> Projection:
        return item._replace(uses=uses(item.uses), fields=tuple(field(part) for part in item.fields))

    def field(found: Projection | Star) -> Projection | Star:
        if isinstance(found, Projection):
            return projection(found)
        return found._replace(uses=uses(found.uses), replaced=tuple(projection(part) for part in found.replaced))

    return replace(
        relation,
        inputs=tuple(
            source._replace(source=source.source + offset) if isinstance(source.source, int) else source
            for source in relation.inputs
        ),
        projections=tuple(field(found) for found in relation.projections),
        influences=tuple(influence._replace(uses=uses(influence.uses)) for influence in relation.influences),
        branches=tuple(branch + offset for branch in relation.branches),
        arguments=uses(relation.arguments) if relation.arguments is not None else None,
        function=_moved_function(relation.function, offset, call) if relation.function is not None else None,
        around=relation.around + offset if relation.around is not None else None,
        anchor=relation.anchor + offset if relation.anchor is not None else None,
        moved=offset,
    )


def _moved_use(use: Use, offset: int, call: int) -> Use:
    if isinstance(use, SubqueryUse):
        return use._replace(relation=use.relation + offset)
    if isinstance(use, ArgumentUse):
        return use._replace(call=call) if use.call < 0 else use
    return _moved_function(use, offset, call) if isinstance(use, FunctionUse) else use


def _moved_function(use: FunctionUse, offset: int, call: int) -> FunctionUse:
    return use._replace(arguments=tuple(tuple(_moved_use(item, offset, call) for item in argument) for argument in use.arguments))
