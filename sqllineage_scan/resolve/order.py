"""In which order units are bound: whoever writes a dataset before whoever reads it."""

from __future__ import annotations

import re
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqllineage_scan.domain.names import DatasetId


class Ends(NamedTuple):
    """What one unit reads and writes. ``defines``: of what it writes, what it makes or gives other columns; ``extends``: what it
    adds to, so that it has to be there before. ``script`` and ``position``: statements of one script have an order of their own.
    """

    reads: frozenset[DatasetId]
    writes: frozenset[DatasetId]
    defines: frozenset[DatasetId] = frozenset()
    extends: frozenset[DatasetId] = frozenset()
    script: str = ""
    position: tuple[object, ...] = ()

    def precedes(self, other: Ends) -> bool:
        """Whether this one stands before ``other`` in the same script."""
        return bool(self.script) and self.script == other.script and self.position < other.position


Node = TypeVar("Node", "DatasetId", str)
_MIGRATION = re.compile(r"^(?:[vVuU]?\d+[\d._-]*)")


def script_position(path: str, ordinal: int) -> tuple[str, tuple[object, ...]]:
    """Which script a statement belongs to, and where in it. Numbered files of one folder are one script, as migrations are:
    ``V2__view.sql`` comes before ``V10__add_column.sql``.
    """
    folder, _, name = path.rpartition("/")
    number = _MIGRATION.match(name)
    if number is None:
        return path, (ordinal,)
    return f"{folder}/", (tuple(int(part) for part in re.findall(r"\d+", number[0])), name, ordinal)


def binding_order(units: Sequence[Ends]) -> list[int]:
    """Positions of ``units``, writers first, the given order among equals. In a cycle the first of its units goes first."""
    waiting, after = _dependencies(units)
    ready = [unit for unit, count in enumerate(waiting) if count == 0]
    heapify(ready)
    done: list[int] = []
    placed = [False] * len(units)
    next_stuck = 0
    while len(done) < len(units):
        if ready:
            unit = heappop(ready)
        else:
            while placed[next_stuck]:
                next_stuck += 1
            unit = next_stuck
        if placed[unit]:
            continue
        placed[unit] = True
        done.append(unit)
        for reader in after[unit]:
            waiting[reader] -= 1
            if waiting[reader] == 0 and not placed[reader]:
                heappush(ready, reader)
    return done


def _dependencies(units: Sequence[Ends]) -> tuple[list[int], list[list[int]]]:
    writers: dict[DatasetId, list[int]] = {}
    readers: dict[DatasetId, list[int]] = {}
    for unit, ends in enumerate(units):
        for dataset in ends.writes:
            writers.setdefault(dataset, []).append(unit)
        for dataset in ends.reads:
            readers.setdefault(dataset, []).append(unit)
    waiting = [0] * len(units)
    after: list[list[int]] = [[] for _ in units]
    for unit, ends in enumerate(units):
        before: set[int] = set()
        for dataset in ends.reads:
            before.update(_awaited(dataset, unit, units, writers.get(dataset, ())))
        for dataset in ends.extends:
            makers = [writer for writer in writers.get(dataset, ()) if _comes_first(dataset, units[writer], ends)]
            before.update(_awaited(dataset, unit, units, makers))
        for dataset in ends.defines:
            before.update(_earlier_readers(dataset, unit, units, readers.get(dataset, ()), writers[dataset]))
        before.discard(unit)
        waiting[unit] = len(before)
        for other in sorted(before):
            after[other].append(unit)
    return waiting, after


def _comes_first(dataset: DatasetId, other: Ends, ends: Ends) -> bool:
    """Whether ``other`` makes what ``ends`` adds to. Of ALTERs none makes the table; an INSERT comes after all."""
    return dataset in other.defines and not (dataset in other.extends and dataset in ends.defines)


def _awaited(dataset: DatasetId, unit: int, units: Sequence[Ends], writers: Iterable[int]) -> list[int]:
    """The writers that a reader of ``dataset`` comes after: all of them, but what its own script does to a table later on is
    no business of it, if the script made that table before.

    create table t (a int); create view v as select * from t; alter table t add b int;      v has no b
    """
    ends = units[unit]
    others = [writer for writer in writers if writer != unit]
    made = any(dataset in units[writer].defines and units[writer].precedes(ends) for writer in others)
    return [
        writer
        for writer in others
        # two statements that each add to the table they read (incremental loads) do not wait for each other
        if not (dataset in ends.writes and dataset in units[writer].reads) and not (made and ends.precedes(units[writer]))
    ]


def _earlier_readers(
    dataset: DatasetId, unit: int, units: Sequence[Ends], readers: Iterable[int], writers: Iterable[int]
) -> list[int]:
    """Who in the same script reads ``dataset`` as it was before ``unit`` makes another of it."""
    ends = units[unit]
    if not any(dataset in units[writer].defines and units[writer].precedes(ends) for writer in writers):
        return []
    return [reader for reader in readers if units[reader].precedes(ends) and dataset not in units[reader].writes]


def cycles(units: Sequence[Ends]) -> list[tuple[DatasetId, ...]]:
    """Groups of datasets that are made from each other, self-references (an incremental model's ``this``) left out."""
    edges: dict[DatasetId, set[DatasetId]] = {}
    for ends in units:
        for source in ends.reads:
            edges.setdefault(source, set()).update(target for target in ends.writes if target != source)
    return sorted(tuple(sorted(group)) for group in components(edges) if len(group) > 1)


def components(edges: Mapping[Node, set[Node]]) -> list[list[Node]]:
    """Strongly connected components (Tarjan 1972), with a stack of our own: a chain of 10,000 models is 10,000 deep."""
    number: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    found: list[list[Node]] = []
    for root in sorted(edges):
        if root in number:
            continue
        work = [(root, iter(sorted(edges.get(root, ()))))]
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in number:
                    number[target] = low[target] = len(number)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(sorted(edges.get(target, ())))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], number[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    group = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        group.append(member)
                        if member == node:
                            break
                    found.append(group)
    return found
