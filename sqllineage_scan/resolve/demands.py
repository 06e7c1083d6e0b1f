"""Columns that somebody reads and nobody lists: asked of whoever makes the dataset, down to the sources, and passed on."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.resolve.stale import StaleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.resolve.catalog import Catalog
    from sqllineage_scan.resolve.participant import Participant


def answer_demands(units: Sequence[Participant], catalog: Catalog) -> set[int]:
    """Columns that are read from a dataset whose list is open are asked of whoever makes that dataset, and so on down to the
    sources; then what became known flows on through the stars that read it. Returned: the numbers of kept units that cannot
    say what they are asked; with any of those nothing holds.

    What is read for certain comes first. A column that is only a candidate somewhere may not exist:
        select email from accounts join contacts …      accounts.email or contacts.email; and if accounts is
        select * from raw.accounts                      raw.accounts.email -> accounts.email is as doubtful as that
    """
    demands = _Demands(units, catalog)
    for unit in units:
        for column, doubt in unit.demands():
            demands.put(column, doubt)
    demands.answer()
    for number, unit in enumerate(units):
        for target, dataset in enumerate(unit.targets()):
            for name in demands.offered(number, target):
                demands.put(ColumnId(dataset, name), None)
        demands.answer()
    return demands.stale


class _Demands:
    """What is still to be asked: the certain before the doubtful."""

    def __init__(self, units: Sequence[Participant], catalog: Catalog) -> None:
        self.stale: set[int] = set()
        self._units = units
        self._producers: dict[DatasetId, list[tuple[int, int]]] = {}  # numbers of units and of their targets
        for number, unit in enumerate(units):
            for target, dataset in enumerate(unit.targets()):
                self._producers.setdefault(dataset, []).append((number, target))
        self._catalog = catalog
        self._certain: deque[ColumnId] = deque()
        self._doubtful: deque[tuple[ColumnId, Evidence]] = deque()
        self._answered: set[ColumnId] = set()

    def put(self, column: ColumnId, doubt: Evidence | None) -> None:
        if doubt is None:
            self._certain.append(column)
        else:
            self._doubtful.append((column, doubt))

    def answer(self) -> None:
        """Ask for everything, and for what comes of it."""
        while self._certain or self._doubtful:
            if self._certain:
                self._ask(self._certain.popleft(), None)
            else:
                self._ask(*self._doubtful.popleft())

    def offered(self, number: int, target: int) -> Sequence[str]:
        try:
            return self._units[number].offered(target)
        except StaleError:
            self.stale.add(number)
            return ()

    def _ask(self, column: ColumnId, doubt: Evidence | None) -> None:
        if column in self._answered:
            return
        self._answered.add(column)
        schema = self._catalog.schema(column.dataset)
        schema.see(column.column)
        if doubt is not None:
            schema.doubts[column.column] = doubt
        for number, target in self._producers.get(column.dataset, ()):
            try:
                for more in self._units[number].ask(target, column.column, doubt):
                    self.put(more, doubt)
            except StaleError:
                self.stale.add(number)
