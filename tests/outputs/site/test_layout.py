"""The overview map: layers, cycles, and no box upon another."""

from __future__ import annotations

from itertools import pairwise
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from sqllineage_scan.outputs.site.layout import NODE_HEIGHT, NODE_WIDTH, acyclic, layers, map_of


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[tuple[int, int]], list[str]]:
    count = draw(st.integers(1, 40))
    node = st.integers(0, count - 1)
    edges = draw(st.lists(st.tuples(node, node), max_size=100))
    return edges, draw(st.lists(st.sampled_from(["raw", "staging", "marts"]), min_size=count, max_size=count))


def test_a_layer_is_the_longest_way_from_the_sources() -> None:
    """0 -> 1 -> 2 -> 3, and 0 -> 3 at once; 4, which nothing feeds, stands just before its reader 3."""
    edges = [(0, 1), (1, 2), (2, 3), (0, 3), (4, 3)]
    assert layers(edges, 5) == [0, 1, 2, 3, 2]


def test_a_cycle_is_broken_at_the_edge_that_closes_it() -> None:
    assert sorted(acyclic([(0, 1), (1, 2), (2, 0)], 3)) == [(0, 1), (1, 2)]


@given(graphs())
def test_every_edge_that_is_kept_leads_to_a_later_layer(graph) -> None:
    edges, groups = graph
    kept = acyclic(sorted({edge for edge in edges if edge[0] != edge[1]}), len(groups))
    found = layers(kept, len(groups))
    assert all(found[source] < found[target] for source, target in kept)
    assert min(found) >= 0


@given(graphs())
def test_no_two_boxes_meet_and_each_is_in_its_band(graph) -> None:
    edges, groups = graph
    drawn = map_of(edges, groups)
    boxes = sorted(zip(drawn.x, drawn.y, strict=True))
    assert all(y - above >= NODE_HEIGHT for (x, above), (other, y) in pairwise(boxes) if x == other)
    columns = sorted(set(drawn.x))
    assert all(right - left >= NODE_WIDTH for left, right in pairwise(columns))
    above = [x for x, y in zip(drawn.x, drawn.y, strict=True) if drawn.below is None or y < drawn.below]
    assert all(any(band.x <= x < band.x + band.width for band in drawn.bands) for x in above)
    assert map_of(list(reversed(edges)), groups) == drawn


def test_folders_that_follow_each_other_are_bands() -> None:
    drawn = map_of([(0, 1), (1, 2), (2, 3)], ["sources", "staging", "staging", "marts"])
    assert [band.label for band in drawn.bands] == ["sources", "staging", "marts"]
    assert drawn.x == sorted(drawn.x)


def test_folders_that_read_to_and_fro_are_no_bands() -> None:
    drawn = map_of([(0, 1), (1, 2), (2, 3)], ["a", "b", "a", "b"])
    assert [band.label for band in drawn.bands] == ["1 · a", "2 · b", "3 · a", "4 · b"]


def test_what_no_edge_touches_stands_below() -> None:
    drawn = map_of([(0, 1), (1, 2)], ["sources", "staging", "marts", *["sources"] * 30])
    assert drawn.below is not None
    assert all(y < drawn.below for y in drawn.y[:3])
    assert all(y >= drawn.below for y in drawn.y[3:])
    assert [band.label for band in drawn.bands] == ["sources", "staging", "marts"]


def test_a_large_map_takes_seconds_and_is_no_tower() -> None:
    count = 10_000
    edges = [(number // 3, number) for number in range(1, count)] + [
        (number * 7 % count, number) for number in range(count // 2, count)
    ]
    start = process_time()
    drawn = map_of(edges, ["all"] * count)
    assert process_time() - start < 5
    assert 0.2 < max(drawn.x) / max(drawn.y) < 10


def test_nothing_is_a_map_too() -> None:
    assert map_of([], []).bands == []
