"""The overview map as a still picture for the home page: every dataset a box, in the places of the graph page's map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqllineage_scan.outputs.site.layout import NODE_HEIGHT, NODE_WIDTH, STEP_Y

if TYPE_CHECKING:
    from sqllineage_scan.outputs.site.book import Book

MOST_EDGES = 1500  # drawn; more are a grey cloud
MOST_NAMES = 120  # written; more cannot be read
_MARGIN, _HEADING = 30, 20
_READABLE = 90  # letters as wide as they are high, side by side across the picture: so large is a heading
_LETTERS = 21  # that fit into a box


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    kind: str
    name: str


def overview(book: Book, values: dict[str, Any]) -> dict[str, Any]:
    """What ``home.html`` draws. ``values``: those of the ``core`` shard."""
    datasets, edges = values["datasets"], values["edges"]
    x = [place + _MARGIN for place in datasets["x"]]
    size = max(15, max(x, default=0) // _READABLE)
    y = [place + _HEADING + 2 * size for place in datasets["y"]]
    named = len(x) <= MOST_NAMES
    drawn = zip(edges["source"], edges["target"], strict=True) if len(edges["source"]) <= MOST_EDGES else ()
    return {
        "width": max(x, default=0) + NODE_WIDTH + _MARGIN,
        "height": max(y, default=0) + STEP_Y + _MARGIN,
        "size": size,
        "box": (NODE_WIDTH, NODE_HEIGHT),
        "boxes": [
            Box(x[number], y[number], dataset.kind.value, _fitting(datasets["name"][number]) if named else "")
            for number, dataset in enumerate(book.datasets)
        ],
        "lines": [_curve(x[source] + NODE_WIDTH, y[source], x[target], y[target]) for source, target in drawn],
        "bands": [{**band, "x": band["x"] + _MARGIN} for band in values["bands"]],
    }


def _curve(x: int, y: int, to_x: int, to_y: int) -> str:
    """From the middle of a box's right side to the middle of another's left side."""
    y, to_y = y + NODE_HEIGHT // 2, to_y + NODE_HEIGHT // 2
    bend = max(40, (to_x - x) // 2)
    return f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"


def _fitting(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
