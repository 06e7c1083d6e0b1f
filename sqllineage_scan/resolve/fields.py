"""From a column to a field of it: through values that the statement puts together itself, and into declared types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.bound import BoundUse
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.transformation import compose
from sqllineage_scan.resolve.nested_type import fields_of_type, is_struct
from sqllineage_scan.resolve.scope import lists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqllineage_scan.domain.bound import RelationColumn
    from sqllineage_scan.domain.unit import Projection, Reference, Star, SubqueryUse
    from sqllineage_scan.resolve.binding import Binding
    from sqllineage_scan.resolve.inputs import Draft, Found, Origin
    from sqllineage_scan.resolve.scope import NameScope

Path = tuple[str, ...]


class Fields:
    """``select s.x from (select struct(a as x, b as y) as s from t)`` reads t.a, not t.b."""

    def __init__(self, binding: Binding) -> None:
        self._binding = binding
        self._makers: dict[RelationColumn, Callable[[], Draft | None]] = {}
        self._made: dict[RelationColumn, Draft | None] = {}

    def forget(self) -> None:
        """Nobody will ask for a field any more."""
        self._makers, self._made = {}, {}

    def remember(self, draft: Draft, position: int, projection: Projection, scope: NameScope) -> None:
        """Column ``position`` has fields; they are bound when somebody asks for one."""
        only = projection.uses[0] if len(projection.uses) == 1 else None
        if projection.fields:
            sight = scope.now()
            self._makers[draft.number, position] = lambda: self._bound(projection.fields, sight)
        elif only is not None and (number := self._struct_subquery(only)) is not None:
            self._makers[draft.number, position] = lambda: self._binding.relation(number)

    def _struct_subquery(self, use: object) -> int | None:
        """``array(select as struct a, b from u)``: the columns of the subquery are the fields."""
        relation = getattr(use, "relation", None)
        return relation if relation is not None and self._binding.relations[relation].struct else None

    def _bound(self, fields: tuple[Projection | Star, ...], scope: NameScope) -> Draft | None:
        for field in fields:
            name = getattr(field, "input", None)
            if name is not None and any(lists(source, name) for source in scope.inputs):
                return None  # array_agg(o), where o is a column too: not the row
        return self._binding.aside(fields, scope)

    def draft_of(self, origin: RelationColumn) -> Draft | None:
        """The fields of a column, as the columns of a relation of their own."""
        maker = self._makers.pop(origin, None)
        if maker is not None:
            self._made[origin] = maker()
        return self._made.get(origin)

    def of_reference(self, found: Found, path: Path, use: Reference) -> list[BoundUse] | None:
        """``found`` by the field at ``path``; None when it cannot be told apart from the rest of the value."""
        whole = BoundUse(found.origins, use.subtype, use.masking, found.evidence, use.span)
        return self._of_use(whole, path)

    def of_subquery(self, use: SubqueryUse, draft: Draft) -> list[BoundUse] | None:
        """``(select struct(a as x) …).x``, ``array(select as struct a, b …)[0].b``."""
        if not draft.columns or not use.path:
            return None
        if draft.relation.struct and use.path[0] in draft.index:
            origin, path = (draft.number, draft.index[use.path[0]]), use.path[1:]
        else:
            origin, path = (draft.number, 0), use.path
        whole = BoundUse((origin,), use.subtype, use.masking)
        return self._of_use(whole, path) if path else [whole]

    def _of_use(self, use: BoundUse, path: Path) -> list[BoundUse] | None:
        """Each of the origins followed as far as its fields are known."""
        found: list[BoundUse] = []
        followed = False
        for origin in use.origins:
            inner = None if isinstance(origin, ColumnId) else self._of_column(origin, path)
            field = self._of_dataset(origin, path) if isinstance(origin, ColumnId) else None
            if inner is not None:
                found.extend(_through(item, use) for item in inner)
            else:
                found.append(use._replace(origins=(field or origin,), rows_of=None))
            followed = followed or inner is not None or field is not None
        return found if followed else None

    def _of_column(self, origin: RelationColumn, path: Path) -> list[BoundUse] | None:
        number, position = origin
        relation = self._binding.relation(number)
        column = relation.columns[position]
        draft = self.draft_of(origin)
        if draft is not None:
            return self._of_fields(draft, path, next((use.rows_of for use in column.uses if use.rows_of == draft.number), None))
        passed_on = all(use.subtype is Subtype.IDENTITY and not use.masking for use in column.uses)
        if not column.uses or not (passed_on or relation.arguments is not None):
            return None
        found: list[BoundUse] = []
        followed = False
        for use in column.uses:
            inner = self._of_use(use, path)
            found.extend(inner if inner is not None else [use])
            followed = followed or inner is not None
        return found if followed else None

    def _of_fields(self, draft: Draft, path: Path, rows_of: int | None) -> list[BoundUse]:
        """One of the fields that a value is put together from; nothing, where it has no such field."""
        place = draft.index.get(path[0])
        if place is None and path[0].isdigit() and 0 < int(path[0]) <= len(draft.columns):
            place = int(path[0]) - 1
        if place is None:
            place = self._binding.widen(draft, path[0])
        if place is None:
            return []
        inner = self._of_column((draft.number, place), path[1:]) if len(path) > 1 else None
        if inner is None:
            inner = [BoundUse(((draft.number, place),), Subtype.IDENTITY)]
        return inner if rows_of is None else [use._replace(rows_of=rows_of) for use in inner]

    def _of_dataset(self, column: ColumnId, path: Path) -> ColumnId | None:
        """``t.address.zip``, where the schema says that there is such a field: by its type, or by a column of that name."""
        columns = self._binding.schema(column.dataset)
        name = column.column
        known = columns.get(name)
        fields = fields_of_type(known.type if known else None)
        found: ColumnId | None = None
        for step in path:
            name = f"{name}.{step.lower()}"
            if step.lower() in fields:
                fields = fields_of_type(fields[step.lower()])
            elif name in columns:
                fields = fields_of_type(columns[name].type)
            else:
                break
            found = ColumnId(column.dataset, name)
        return found

    def of_argument(self, use: BoundUse, path: Path) -> list[BoundUse]:
        """A field of what a table function returns: ``item.sku`` in ``unnest(o.items) as item``."""
        followed = self._of_use(use, path)
        return [use] if followed is None else followed

    def listed(self, origins: Iterable[Origin], path: Path = ()) -> list[str]:
        """The names of all fields, where they are known: ``address.*``, ``address.geo.*``."""
        if path:
            inner = self._of_use(BoundUse(tuple(origins), Subtype.IDENTITY), path)
            return self.listed([origin for use in inner or () for origin in use.origins])
        names: dict[str, None] = {}
        for origin in origins:
            listed = self._of_type(origin) if isinstance(origin, ColumnId) else self._names_of(origin)
            names.update(dict.fromkeys(listed))
        return list(names)

    def are_structs(self, origins: Iterable[Origin]) -> bool:
        """Whether a value is known to be one struct by the type of the columns that it is a copy of."""
        found = False
        for origin in origins:
            if isinstance(origin, ColumnId):
                known = self._binding.schema(origin.dataset).get(origin.column)
                found = known is not None and is_struct(known.type)
            else:
                uses = self._binding.relation(origin[0]).columns[origin[1]].uses
                copied = all(use.subtype is Subtype.IDENTITY for use in uses)
                found = copied and self.are_structs(inner for use in uses for inner in use.origins)
            if not found:
                return False
        return found

    def _of_type(self, column: ColumnId) -> list[str]:
        columns = self._binding.schema(column.dataset)
        whole, *path = column.column.split(".") if column.column not in columns else [column.column]
        known = columns.get(whole)
        kind = known.type if known else None
        for step in path:
            kind = fields_of_type(kind).get(step)
        start = f"{column.column}."
        nested = [name.removeprefix(start) for name in columns if name.startswith(start)]
        return [*fields_of_type(kind), *(name for name in nested if "." not in name)]

    def _names_of(self, origin: RelationColumn) -> list[str]:
        draft = self.draft_of(origin)
        if draft is not None:
            return [column.name for column in draft.columns]
        relation = self._binding.relation(origin[0])
        uses = relation.columns[origin[1]].uses
        return self.listed(
            inner for use in uses if use.subtype is Subtype.IDENTITY or relation.arguments is not None for inner in use.origins
        )


def _through(inner: BoundUse, outer: BoundUse) -> BoundUse:
    """``inner``, read for the purpose of ``outer``."""
    return BoundUse(
        inner.origins,
        compose(inner.subtype, outer.subtype),
        inner.masking or outer.masking,
        (*outer.evidence, *inner.evidence),
        outer.span,
        inner.rows_of if outer.rows_of is None else outer.rows_of,
    )
