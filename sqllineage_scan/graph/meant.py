"""Which dataset somebody else's name means: a contract's, a catalog's, an event's. They may say more of it than we do, or less.

``SHOP.PUBLIC.ORDERS`` of a database's own catalog is our ``public.orders`` where the repository never names the database, and
``orders`` of a contract is our ``analytics.orders`` where no other dataset ends in that.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import DatasetKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.names import DatasetId

_PART = re.compile(r'"((?:[^"]|"")*)"|`([^`]*)`|\[([^\]]*)\]|([^.]+)')


def parts_of(name: str) -> tuple[str, ...]:
    """The parts of a name without quotes or case: catalogs fold names as databases do, contracts as they like."""
    return tuple(next(filter(None, found), "").strip().casefold() for found in _PART.findall(name))


class Names:
    """The datasets by the last part of their names, and by what dbt calls them."""

    def __init__(self, datasets: Iterable[Dataset]) -> None:
        self._by_last: defaultdict[str, list[tuple[tuple[str, ...], DatasetId]]] = defaultdict(list)
        self._by_unique_id: dict[str, DatasetId] = {}
        for dataset in datasets:
            if dataset.kind is DatasetKind.TEST:
                continue
            parts = parts_of(dataset.id.name)
            if parts:
                self._by_last[parts[-1]].append((parts, dataset.id))
            if dataset.unique_id:
                self._by_unique_id[dataset.unique_id.casefold()] = dataset.id

    def meant(self, names: Iterable[str]) -> tuple[DatasetId, ...]:
        """What the first of ``names`` that means anything means; several where it fits several as well."""
        for name in names:
            found = self._meant(name)
            if found:
                return found
        return ()

    def _meant(self, name: str) -> tuple[DatasetId, ...]:
        own = self._by_unique_id.get(name.casefold())
        if own is not None:
            return (own,)
        wanted = parts_of(name)
        fitting = [item for item in self._by_last.get(wanted[-1], ()) if _same_end(item[0], wanted)] if wanted else []
        exact = [dataset for parts, dataset in fitting if parts == wanted]
        if exact:
            return tuple(sorted(exact))
        most = max((min(len(parts), len(wanted)) for parts, _ in fitting), default=0)
        return tuple(sorted(dataset for parts, dataset in fitting if min(len(parts), len(wanted)) == most))

    @property
    def last_parts(self) -> list[str]:
        return sorted(self._by_last)


def _same_end(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    length = min(len(one), len(other))
    return one[-length:] == other[-length:]
