"""The overview map as a still picture for the home page: every dataset a box, in the places of the graph page's map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqllineage_scan.outputs.site.layout import NODE_HEIGHT, NODE_WIDTH, STEP_Y
from sqllineage_scan.outputs.site.marks import MARKS

if TYPE_CHECKING:
    from sqllineage_scan.outputs.site.book import Book

MOST_EDGES = 1500  # drawn; more are a grey cloud
MOST_NAMES = 120  # written; more cannot be read
_MARGIN, _HEADING = 30, 20
_READABLE = 90  # letters as wide as they are high, side by side across the picture: so large is a heading
_LETTERS = 22  # that fit into a box


@dataclass(frozen=True, slots=True)
class Name:
    x: int
    y: int
    text: str


def overview(book: Book, values: dict[str, Any]) -> dict[str, Any]:
    """What ``home.html`` draws. ``values``: those of the ``core`` shard."""
    datasets, edges = values["datasets"], values["edges"]
    x = [place + _MARGIN for place in datasets["x"]]
    size = max(15, max(x, default=0) // _READABLE)
    y = [place + _HEADING + 2 * size for place in datasets["y"]]
    drawn = zip(edges["source"], edges["target"], strict=True) if len(edges["source"]) <= MOST_EDGES else ()
    return {
        "width": max(x, default=0) + NODE_WIDTH + _MARGIN,
        "height": max(y, default=0) + STEP_Y + _MARGIN,
        "size": size,
        "kinds": _boxes([dataset.kind.value for dataset in book.datasets], x, y),
        "marks": _boxes([MARKS[book.comparison.dataset(dataset.id)] for dataset in book.datasets], x, y)
        if book.comparison
        else [],
        "names": [Name(*place) for place in zip(x, y, map(_fitting, datasets["name"]), strict=True)]
        if len(x) <= MOST_NAMES
        else [],
        "lines": [_curve(x[source] + NODE_WIDTH, y[source], x[target], y[target]) for source, target in drawn],
        "below": None if values["below"] is None else values["below"] + _HEADING + size,
        "bands": [{**band, "x": band["x"] + _MARGIN} for band in values["bands"]],
    }


def _boxes(words: list[str], x: list[int], y: list[int]) -> list[tuple[str, str]]:
    """(kind or mark, path) of all boxes of it: thousands of elements would be slow to show."""
    paths: dict[str, list[str]] = {}
    for word, left, top in zip(words, x, y, strict=True):
        paths.setdefault(word, []).append(f"M{left} {top}h{NODE_WIDTH}v{NODE_HEIGHT}h-{NODE_WIDTH}z")
    return [(kind, "".join(boxes)) for kind, boxes in sorted(paths.items()) if kind]


def _curve(x: int, y: int, to_x: int, to_y: int) -> str:
    """From the middle of a box's right side to the middle of another's left side."""
    y, to_y = y + NODE_HEIGHT // 2, to_y + NODE_HEIGHT // 2
    bend = max(40, (to_x - x) // 2)
    return f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"


def _fitting(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
