"""From the words of a selector to what it picks: look atoms up, walk from them, join the sets."""

from __future__ import annotations

from collections import deque
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.select import unknown
from sqllineage_scan.graph.selector.methods import METHODS, Ground, by_name
from sqllineage_scan.graph.selector.pattern import is_pattern
from sqllineage_scan.graph.selector.picked import NOTHING, Picked, whole
from sqllineage_scan.graph.selector.syntax import ALL, NONE, parse
from sqllineage_scan.graph.traverse import fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqllineage_scan.domain.job import Exposure
    from sqllineage_scan.graph.content import Content
    from sqllineage_scan.graph.index import Index
    from sqllineage_scan.graph.selector.syntax import Atom

    Place = DatasetId | ColumnId | Exposure


class Choice(NamedTuple):
    picked: Picked
    unmatched: tuple[str, ...]  # what of the selectors picked nothing, in a sentence each


def choose(content: Content, index: Index, select: Iterable[str] = (), exclude: Iterable[str] = ()) -> Choice:
    """What is picked: the union of all ``select`` (everything without any), less the union of all ``exclude``.

    ``UsageError`` where that is nothing at all: an empty document is nobody's wish.
    """
    walk = _Walk(content, index)
    wanted = [text for text in select if text.strip()]
    picked = walk.union(wanted) if wanted else whole(index, index.datasets, content.exposures)
    unwanted = walk.union(exclude)
    chosen = picked - unwanted
    if not chosen.something:
        why = walk.unmatched[0] if walk.unmatched else f"the whole of {' '.join(wanted) or 'it'} is excluded"
        raise UsageError(f"nothing is selected: {why}")
    return Choice(chosen, tuple(dict.fromkeys(walk.unmatched)))


class _Walk:
    def __init__(self, content: Content, index: Index) -> None:
        self._ground = Ground(content, index)
        self._index = index
        self._struct_of, self._fields_of = _both_ways(index)
        self.unmatched: list[str] = []

    def union(self, texts: Iterable[str]) -> Picked:
        parsed = (intersection for text in texts for intersection in parse(text, METHODS))
        return reduce(Picked.__or__, map(self._intersection, parsed), NOTHING)

    def _intersection(self, atoms: tuple[Atom, ...]) -> Picked:
        found = [self._atom(atom) for atom in atoms]
        return reduce(Picked.__and__, found) if found else NOTHING

    def _atom(self, atom: Atom) -> Picked:
        found = (METHODS[atom.method] if atom.method else by_name)(self._ground, atom)
        if not found.something:
            self.unmatched.append(self._said(atom))
            return NOTHING
        if atom.at:
            return found | self._reached(self._reached(found, ALL, up=False), ALL, up=True)
        return found | self._reached(found, atom.up, up=True) | self._reached(found, atom.down, up=False)

    def _said(self, atom: Atom) -> str:
        if atom.method or is_pattern(atom.value):
            return f"nothing fits {atom.text!r}"
        return unknown(self._index, atom.value)

    def _reached(self, start: Picked, steps: int | None, *, up: bool) -> Picked:
        """From whole datasets by the edges of datasets, from columns picked for themselves by those of columns."""
        if steps == NONE:
            return start
        reached = self._closure([*start.datasets, *start.loose, *start.exposures], steps, up=up)
        columns = frozenset(place for place in reached if isinstance(place, ColumnId))
        datasets = (place for place in reached if isinstance(place, DatasetId))
        exposures = (place for place in reached if not isinstance(place, (ColumnId, DatasetId)))
        return whole(self._index, datasets, exposures) | Picked(columns=columns)

    def _closure(self, start: Iterable[Place], steps: int | None, *, up: bool) -> set[Place]:
        """Breadth first; a struct and its fields are no step apart."""
        distances: dict[Place, int] = dict.fromkeys(start, 0)
        waiting = deque(distances)
        while waiting:
            place = waiting.popleft()
            for neighbour, cost in self._neighbours(place, up=up):
                distance = distances[place] + cost
                if (steps is ALL or distance <= steps) and distance < distances.get(neighbour, distance + 1):
                    distances[neighbour] = distance
                    (waiting.append if cost else waiting.appendleft)(neighbour)
        return set(distances)

    def _neighbours(self, place: Place, *, up: bool) -> Iterator[tuple[Place, int]]:
        index = self._index
        if isinstance(place, ColumnId):
            edges = index.column_edges_into if up else index.column_edges_from
            yield from ((edge.source if up else edge.target, 1) for edge in edges.get(place, ()))
            yield from ((other, 0) for other in (self._struct_of if up else self._fields_of).get(place, ()))
            if not up:
                yield from ((exposure, 1) for exposure in index.exposures_of.get(place.dataset, ()))
        elif isinstance(place, DatasetId):
            links = index.dataset_edges_into if up else index.dataset_edges_from
            yield from ((link.source if up else link.target, 1) for link in links.get(place, ()))
            if not up:
                yield from ((exposure, 1) for exposure in index.exposures_of.get(place, ()))
        elif up:
            yield from ((dataset, 1) for dataset in place.depends_on)


def _both_ways(index: Index) -> tuple[Mapping[ColumnId, list[ColumnId]], Mapping[ColumnId, list[ColumnId]]]:
    structs: dict[ColumnId, list[ColumnId]] = {}
    parts: dict[ColumnId, list[ColumnId]] = {}
    for struct, part in fields(index):
        structs.setdefault(part, []).append(struct)
        parts.setdefault(struct, []).append(part)
    return structs, parts
