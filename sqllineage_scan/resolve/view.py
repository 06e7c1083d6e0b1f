"""What one unit sees of the catalog: the names it mentions, the columns of what they mean, the functions it calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqllineage_scan.domain.linked import Consulted, Listed, SchemaEffect, SeenName, SeenSchema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.names import DatasetId, RelationName
    from sqllineage_scan.resolve.catalog import Catalog, DefinedFunction, Meaning, Place
    from sqllineage_scan.resolve.schema import Schema


@dataclass(slots=True)
class Log:
    """What an open star looked at to answer one question."""

    consulted: dict[tuple[DatasetId, str], Consulted] = field(default_factory=dict)
    listed: dict[DatasetId, bytes] = field(default_factory=dict)

    def consult(self, dataset: DatasetId, schema: Schema, name: str) -> None:
        if (dataset, name) not in self.consulted:
            self.consulted[dataset, name] = _consulted(dataset, schema, name)

    def list_all(self, dataset: DatasetId, schema: Schema) -> None:
        if dataset not in self.listed:
            self.listed[dataset] = schema.listing()

    def answers(self) -> tuple[tuple[Consulted, ...], tuple[Listed, ...]]:
        return (
            tuple(self.consulted.values()),
            tuple(Listed(*item) for item in self.listed.items()),
        )


def _consulted(dataset: DatasetId, schema: Schema, name: str) -> Consulted:
    return Consulted(dataset, name, schema.has(name), schema.doubts.get(name), schema.complete)


class View:
    """Nothing of the catalog reaches a unit on any other way, so all that it asks can be written down (``domain/linked.py``).
    A name is looked up once: what it means does not change while units are bound.
    """

    def __init__(self, catalog: Catalog, place: Place) -> None:
        self.place = place
        self.recording = False
        self.log: Log | None = None  # while an open star answers
        self.has_bodies = False  # functions were seen through, whose bodies stand elsewhere
        self._catalog = catalog
        self._meanings: dict[RelationName, Meaning] = {}
        self._schemas: dict[DatasetId, SeenSchema] = {}
        self._unknown: dict[tuple[tuple[str, ...], int], None] = {}

    def begin(self, *, recording: bool) -> None:
        """The unit is about to be bound. ``recording``: whether what it asks is to be written down."""
        self.recording, self.has_bodies = recording, False
        self._schemas, self._unknown = {}, {}

    def meaning(self, name: RelationName, place: Place | None = None) -> Meaning:
        """What ``name`` means where the unit stands; or at another ``place``, that of the function whose body it is in."""
        if place is not None and place is not self.place:
            return self._catalog.meaning(name, place)
        found = self._meanings.get(name)
        if found is None:
            found = self._meanings[name] = self._catalog.meaning(name, self.place)
        return found

    def dataset(self, name: RelationName) -> DatasetId:
        """What ``name`` means, the first of several."""
        return self.meaning(name).datasets[0]

    def schema(self, dataset: DatasetId) -> Schema:
        schema = self._catalog.schema(dataset)
        if self.log is not None:
            self.log.list_all(dataset, schema)
        elif self.recording and dataset not in self._schemas:
            self._schemas[dataset] = SeenSchema(dataset, schema.shape, whole=False)
        return schema

    def schema_to_change(self, dataset: DatasetId) -> Schema:
        """The same for who sets it, or copies it with its descriptions."""
        schema = self._catalog.schema(dataset)
        if self.recording and not (dataset in self._schemas and self._schemas[dataset].whole):
            self._schemas[dataset] = SeenSchema(dataset, schema.whole, whole=True)
        return schema

    def function(self, name: tuple[str, ...], arguments: int) -> DefinedFunction | None:
        found = self._catalog.function(name, arguments)
        if found is not None:
            self.has_bodies = True
        else:
            self._unknown[name, arguments] = None
        return found

    def names(self) -> tuple[SeenName, ...]:
        return tuple(SeenName(name, *meaning) for name, meaning in self._meanings.items())

    def unknown_functions(self) -> tuple[tuple[tuple[str, ...], int], ...]:
        return tuple(self._unknown)

    def schemas(self) -> tuple[SeenSchema, ...]:
        return tuple(self._schemas.values())

    def effects(self) -> tuple[SchemaEffect, ...]:
        """What has become of the schemas that the unit could change."""
        schemas = ((seen, self._catalog.schema(seen.dataset)) for seen in self._schemas.values() if seen.whole)
        return tuple(schema.effect(seen.dataset) for seen, schema in schemas if schema.whole != seen.digest)

    def repeat(self, effects: Iterable[SchemaEffect]) -> None:
        for effect in effects:
            self._catalog.schema(effect.dataset).become(effect)

    def still(self, names: Iterable[SeenName], functions: Iterable[tuple[tuple[str, ...], int]]) -> bool:
        """Whether names and functions mean what they meant."""
        return all(self.meaning(seen.name) == seen[1:] for seen in names) and all(
            self._catalog.function(*call) is None for call in functions
        )

    def still_has(self, schemas: Iterable[SeenSchema]) -> bool:
        """Whether the columns of datasets are what they were."""
        for seen in schemas:
            schema = self._catalog.schema(seen.dataset)
            if (schema.whole if seen.whole else schema.shape) != seen.digest:
                return False
        return True

    def still_answers(self, consulted: Iterable[Consulted], listed: Iterable[Listed]) -> bool:
        """Whether an open star would find what it found."""
        return all(_consulted(seen.dataset, self._catalog.schema(seen.dataset), seen.name) == seen for seen in consulted) and all(
            self._catalog.schema(seen.dataset).listing() == seen.digest for seen in listed
        )
