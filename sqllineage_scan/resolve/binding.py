"""What the parts of binding a unit ask of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqllineage_scan.domain.bound import BoundColumn, BoundUse
    from sqllineage_scan.domain.dataset import Column
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.unit import Input, Projection, Relation, Star, Unit, Use
    from sqllineage_scan.resolve.catalog import Place
    from sqllineage_scan.resolve.inputs import Draft, Source
    from sqllineage_scan.resolve.scope import NameScope
    from sqllineage_scan.resolve.view import View


class Binding(Protocol):
    """A unit being bound: ``resolve/bind.py`` has the one implementation."""

    unit: Unit
    view: View
    place: Place
    relations: list[Relation]
    drafts: list[Draft | None]

    def relation(self, number: int, outer: NameScope | None = None) -> Draft:
        """A relation of the unit, bound inside the scope around it."""

    def source(self, item: Input, scope: NameScope, number: int) -> Source:
        """An item of FROM of relation ``number``."""

    def column(self, projection: Projection, scope: NameScope, ordinal: int) -> BoundColumn:
        """An item of a SELECT list."""

    def aside(self, fields: Sequence[Projection | Star], scope: NameScope) -> Draft:
        """A relation made of the fields of one value, beside those that the statement has."""

    def widen(self, draft: Draft, name: str) -> int | None:
        """A column that an open relation does not list, if it can have it."""

    def schema(self, dataset: DatasetId) -> Mapping[str, Column]:
        """What is known of a dataset's columns."""

    def use(self, use: Use, scope: NameScope) -> list[BoundUse]:
        """A column, subquery or row inside an expression."""
