"""What one unit sees of the catalog: the names it mentions, the columns of what they mean, the functions it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import DatasetId, RelationName
    from sqllineage_scan.resolve.catalog import Catalog, DefinedFunction, Meaning, Place
    from sqllineage_scan.resolve.schema import Schema


class View:
    """Nothing of the catalog reaches a unit on any other way. A name is looked up once: what it means does not change while
    units are bound.
    """

    def __init__(self, catalog: Catalog, place: Place) -> None:
        self.place = place
        self._catalog = catalog
        self._meanings: dict[RelationName, Meaning] = {}

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
        return self._catalog.schema(dataset)

    def function(self, name: tuple[str, ...], arguments: int) -> DefinedFunction | None:
        return self._catalog.function(name, arguments)
