"""Relations as templates handle them: at once text, thing with parts, and mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Parts = tuple[str, str, str]  # database, schema, identifier; "" where not known


class Relation(str):
    """What ``ref()``, ``source()`` and ``this`` return. Its text is a stand-in identifier (``ref__0``).

    select * from {{ ref('orders') }}          text
    {{ ref('orders').identifier }}             orders, a plausible plain text
    {{ ref('orders').include(database=false) }} still the relation
    """

    __slots__ = ("_describe", "type")

    type: str | None
    _describe: Callable[[], Parts]

    @staticmethod
    def named(token: str, describe: Callable[[], Parts]) -> Relation:
        relation = Relation(token)
        relation._describe, relation.type = describe, None
        return relation

    @property
    def database(self) -> str:
        return self._describe()[0]

    @property
    def schema(self) -> str:
        return self._describe()[1]

    @property
    def identifier(self) -> str:
        return self._describe()[2]

    # BigQuery's words for the same parts, and dbt's several names for the last
    project = property(lambda self: self.database)
    dataset = property(lambda self: self.schema)
    name = property(lambda self: self.identifier)
    table = property(lambda self: self.identifier)
    alias = property(lambda self: self.identifier)
    is_table = property(lambda self: self.type == "table")
    is_view = property(lambda self: self.type == "view")
    is_cte = is_pointer = is_delta = is_hudi = is_iceberg = is_dynamic_table = False
    metadata: Any = property(lambda _: {"type": "Relation"})

    def include(self, **parts: bool) -> str:
        """The whole relation, unless its name is what should be left out: then only the parts asked for."""
        if parts.get("identifier", True):
            return self
        kept = (self.database if parts.get("database", True) else "", self.schema if parts.get("schema", True) else "")
        return ".".join(filter(None, kept))

    def quote(self, **_parts: bool) -> Relation:
        return self

    def incorporate(self, **_changes: Any) -> Relation:
        return self

    def replace_path(self, **_changes: Any) -> Relation:
        return self

    def without_identifier(self) -> str:
        return self.include(identifier=False)

    def information_schema(self, view: str = "") -> str:
        return ".".join(filter(None, (self.database, "information_schema", view)))

    def render(self) -> str:
        return self

    def get(self, part: str, default: Any = None) -> Any:
        """``relation.get('identifier')``: dbt's relations are mappings too."""
        return getattr(self, part, default) if part in _PARTS else default

    def keys(self) -> list[str]:
        return list(_PARTS)

    def items(self) -> list[tuple[str, Any]]:
        return [(part, getattr(self, part)) for part in _PARTS]


_PARTS = ("database", "schema", "identifier", "type", "metadata")


def written(database: str, schema: str, identifier: str) -> Relation:
    """A relation that a template makes up of plain parts: ``api.Relation.create(schema='raw', identifier='x')``."""
    parts = (database, schema, identifier)
    return Relation.named(".".join(filter(None, parts)), lambda: parts)
