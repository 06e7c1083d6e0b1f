"""The overview map: which layer each dataset is in, and where on the map. Near linear, for 10,000 datasets and more.

Layers by the longest path over the edges, with the edges that close a cycle left out; a barycentre sweep forth and back
puts neighbours side by side; a layer too tall for the map is broken into several columns.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import ceil, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

STEP_X, STEP_Y = 210, 40  # from a node to its neighbour
NODE_WIDTH, NODE_HEIGHT = 180, 28
BAND_GAP = 50
_SWEEPS = 8
_SHAPE = 1.6  # of the map: how much wider than high
_LEAST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Band:
    label: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Map:
    layer: list[int]
    x: list[int]
    y: list[int]
    bands: list[Band]
    below: int | None = None  # where what no edge touches begins


def map_of(edges: Sequence[tuple[int, int]], groups: Sequence[str]) -> Map:
    """``edges`` between the numbers of datasets, ``groups`` the name of each one's band: its folder, say.

    Bands are the groups where they follow each other, as staging, intermediate and marts do; else the layers. What no
    edge touches, the hundreds of sources that nothing reads, stands below: among the others it would only push them apart.
    """
    touched = sorted({end for source, target in edges if source != target for end in (source, target)})
    if len(touched) in (0, len(groups)):
        return _map_of_all(edges, groups)
    number = {node: place for place, node in enumerate(touched)}
    linked = [(number[source], number[target]) for source, target in edges if source != target]
    drawn = _map_of_all(linked, [groups[node] for node in touched])
    layer, x, y = [0] * len(groups), [0] * len(groups), [0] * len(groups)
    for node, place in number.items():
        layer[node], x[node], y[node] = drawn.layer[place], drawn.x[place], drawn.y[place]
    alone = sorted((node for node in range(len(groups)) if node not in number), key=lambda node: (groups[node], node))
    top = max(drawn.y) + _BELOW * STEP_Y
    columns = _columns_below(drawn.x, len(alone))
    for position, node in enumerate(alone):
        down, column = divmod(position, len(columns))
        x[node], y[node] = columns[column], top + down * STEP_Y
    return Map(layer, x, y, drawn.bands, top)


_BELOW = 3  # rows between the map and what stands below


def _columns_below(above: Sequence[int], count: int) -> list[int]:
    """Those of the map, and further ones to its right where it is too narrow for so many."""
    columns = sorted(set(above))
    wanted = min(count, ceil(sqrt(count * STEP_Y / STEP_X * _SHAPE)))
    return columns + [columns[-1] + (place + 1) * STEP_X for place in range(wanted - len(columns))]


def _map_of_all(edges: Sequence[tuple[int, int]], groups: Sequence[str]) -> Map:
    count = len(groups)
    forward = acyclic(sorted({(source, target) for source, target in edges if source != target}), count)
    layer = layers(forward, count)
    ordered = _in_sequence(groups, layer, forward)
    bands = [ordered.index(group) for group in groups] if ordered else layer
    inner = _inner_layers(forward, bands, count) if ordered else [0] * count
    labels = ordered or _layer_labels(layer, groups)
    ranks = sorted({(bands[node], inner[node]) for node in range(count)})
    rank_of = {key: place for place, key in enumerate(ranks)}
    rank = [rank_of[bands[node], inner[node]] for node in range(count)]
    rows = _sorted_rows(forward, rank, len(ranks))
    return _placed(rows, [band for band, _ in ranks], labels, layer)


def acyclic(edges: Sequence[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    """Without the edges that lead back to where a walk along the edges came from."""
    after: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        after[source].append(target)
    kept: list[tuple[int, int]] = []
    state = bytearray(count)  # 0 not seen, 1 on the walk, 2 done
    for start in range(count):
        if state[start]:
            continue
        walk = [(start, iter(after[start]))]
        state[start] = 1
        while walk:
            node, rest = walk[-1]
            for target in rest:
                if state[target] != 1:
                    kept.append((node, target))
                if state[target] == 0:
                    state[target] = 1
                    walk.append((target, iter(after[target])))
                    break
            else:
                state[node] = 2
                walk.pop()
    return kept


def layers(edges: Sequence[tuple[int, int]], count: int) -> list[int]:
    """The length of the longest path to each node; what reads nothing moves up to just before its first reader."""
    layer, order = _longest(edges, count)
    before, after = _neighbours(edges, count)
    for node in order:
        if not before[node] and after[node]:
            layer[node] = min(layer[reader] for reader in after[node]) - 1
    return layer


def _longest(edges: Sequence[tuple[int, int]], count: int) -> tuple[list[int], list[int]]:
    """The layers, and the nodes in an order that has what is read before who reads it."""
    before, after = _neighbours(edges, count)
    waiting = [len(sources) for sources in before]
    layer = [0] * count
    ready = [node for node in range(count) if not waiting[node]]
    for node in ready:  # grows while we go
        for reader in after[node]:
            layer[reader] = max(layer[reader], layer[node] + 1)
            waiting[reader] -= 1
            if not waiting[reader]:
                ready.append(reader)
    return layer, ready


def _neighbours(edges: Sequence[tuple[int, int]], count: int) -> tuple[list[list[int]], list[list[int]]]:
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        before[target].append(source)
        after[source].append(target)
    return before, after


_MOST_BANDS = 9
_BACKWARD = 0.02  # of the edges may run against the order of the groups


def _in_sequence(groups: Sequence[str], layer: Sequence[int], edges: Sequence[tuple[int, int]]) -> list[str]:
    """The groups from left to right, or nothing when their datasets are read to and fro."""
    members: dict[str, list[int]] = {}
    for node, group in enumerate(groups):
        members.setdefault(group, []).append(layer[node])
    if not 1 < len(members) <= _MOST_BANDS:
        return []
    ordered = sorted(members, key=lambda group: (sum(members[group]) / len(members[group]), group))
    rank = {group: place for place, group in enumerate(ordered)}
    backward = sum(rank[groups[source]] > rank[groups[target]] for source, target in edges)
    return ordered if backward <= _BACKWARD * len(edges) else []


def _inner_layers(edges: Sequence[tuple[int, int]], bands: Sequence[int], count: int) -> list[int]:
    return layers([(source, target) for source, target in edges if bands[source] == bands[target]], count)


def _layer_labels(layer: Sequence[int], groups: Sequence[str]) -> list[str]:
    """A number, and whose datasets stand there: ``2 · staging, core``."""
    labels = []
    for place in range(max(layer, default=0) + 1):
        counts = Counter(group for group, at in zip(groups, layer, strict=True) if at == place)
        often = sorted(counts, key=lambda group: (-counts[group], group))
        few = [group for group in often[:_MOST_NAMED] if counts[group] >= _NAMED * counts.total()]
        labels.append(f"{place + 1} · {', '.join(few) or 'mixed'}")
    return labels


_MOST_NAMED, _NAMED = 2, 0.3  # groups in the label of a layer, and which share of it each has to have


def _sorted_rows(edges: Sequence[tuple[int, int]], rank: Sequence[int], ranks: int) -> list[list[int]]:
    """Each rank's nodes, ordered by where their neighbours stand. Places are shares of a rank's height, so that a long
    rank and a short one can be compared.
    """
    before, after = _neighbours(edges, len(rank))
    rows: list[list[int]] = [[] for _ in range(ranks)]
    for node, place in enumerate(rank):
        rows[place].append(node)
    place_of = [0.0] * len(rank)
    for row in rows:
        _note(row, place_of)
    for sweep in range(_SWEEPS):
        neighbours = before if sweep % 2 == 0 else after
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = {
                node: sum(place_of[other] for other in neighbours[node]) / len(neighbours[node])
                if neighbours[node]
                else place_of[node]
                for node in row
            }
            row.sort(key=lambda node: (wanted[node], node))
            _note(row, place_of)
    return rows


def _note(row: Sequence[int], place_of: list[float]) -> None:
    for position, node in enumerate(row):
        place_of[node] = (position + 0.5) / len(row)


def _placed(rows: Sequence[Sequence[int]], band_of: Sequence[int], labels: Sequence[str], layer: list[int]) -> Map:
    tallest = max(_LEAST_ROWS, ceil(sqrt(sum(map(len, rows)) * STEP_X / STEP_Y / _SHAPE)))
    count = sum(map(len, rows))
    x, y = [0] * count, [0] * count
    bands: list[Band] = []
    left = 0
    for number, row in enumerate(rows):
        if number and band_of[number] != band_of[number - 1]:
            left += BAND_GAP
        columns = max(1, ceil(len(row) / tallest))
        height = ceil(len(row) / columns)
        for position, node in enumerate(row):
            column, down = divmod(position, height)
            x[node] = left + column * STEP_X
            here = min(height, len(row) - column * height)
            y[node] = down * STEP_Y + (min(tallest, max(map(len, rows))) - here) * STEP_Y // 2
        if not bands or band_of[number] != band_of[number - 1]:
            bands.append(Band(labels[band_of[number]], left, columns * STEP_X))
        else:
            bands[-1] = Band(bands[-1].label, bands[-1].x, left + columns * STEP_X - bands[-1].x)
        left += columns * STEP_X
    return Map(layer, x, y, bands)
