"""In which order units are bound: whoever writes a dataset before whoever reads it."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqllineage_scan.domain.names import DatasetId


class Ends(NamedTuple):
    """What one unit reads and writes."""

    reads: frozenset[DatasetId]
    writes: frozenset[DatasetId]


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
    for unit, ends in enumerate(units):
        for dataset in ends.writes:
            writers.setdefault(dataset, []).append(unit)
    waiting = [0] * len(units)
    after: list[list[int]] = [[] for _ in units]
    for unit, ends in enumerate(units):
        before = {
            writer
            for dataset in ends.reads
            for writer in writers.get(dataset, ())
            # two statements that each add to the table they read (incremental loads) do not wait for each other
            if writer != unit and not (dataset in ends.writes and dataset in units[writer].reads)
        }
        waiting[unit] = len(before)
        for writer in sorted(before):
            after[writer].append(unit)
    return waiting, after


def cycles(units: Sequence[Ends]) -> list[tuple[DatasetId, ...]]:
    """Groups of datasets that are made from each other, self-references (an incremental model's ``this``) left out."""
    edges: dict[DatasetId, set[DatasetId]] = {}
    for ends in units:
        for source in ends.reads:
            edges.setdefault(source, set()).update(target for target in ends.writes if target != source)
    return sorted(tuple(sorted(group)) for group in _components(edges) if len(group) > 1)


def _components(edges: Mapping[DatasetId, set[DatasetId]]) -> list[list[DatasetId]]:
    """Strongly connected components (Tarjan 1972), with a stack of our own: a chain of 10,000 models is 10,000 deep."""
    number: dict[DatasetId, int] = {}
    low: dict[DatasetId, int] = {}
    stack: list[DatasetId] = []
    on_stack: set[DatasetId] = set()
    found: list[list[DatasetId]] = []
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
