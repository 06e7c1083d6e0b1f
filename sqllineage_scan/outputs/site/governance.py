"""The page of who answers for what: owners, stewards, glossary terms, tags with where they come from, and how that has grown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.governance import HeldKind
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.graph.governance import governance_of
from sqllineage_scan.graph.understood import OF_NO_MATTER, governed
from sqllineage_scan.outputs.lines import percent
from sqllineage_scan.outputs.site.slug import anchor
from sqllineage_scan.outputs.site.story import sure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.governance import Governed, Held
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.run_point import RunPoint
    from sqllineage_scan.outputs.site.book import Book

MOST = 300  # rows of a table; `export --format governance` has all
_POINTS = 200  # of a line
_WIDTH, _HEIGHT, _MARGIN = 640, 180, 10
_LINES = ("owned", "described", "columns_described", "coverage")


def governance(book: Book, runs: Sequence[RunPoint]) -> dict[str, Any]:
    """The values of ``governance.html``."""
    graph = book.comparison.head if book.comparison else book.graph
    everything = governance_of(graph)
    counts = governed(graph)
    return {
        "figures": [
            ("datasets have an owner", percent(counts.owned, counts.datasets), counts.owned, counts.datasets),
            ("datasets are described", percent(counts.described, counts.datasets), counts.described, counts.datasets),
            (
                "columns are described",
                percent(counts.columns_described, counts.columns),
                counts.columns_described,
                counts.columns,
            ),
        ],
        "owners": _owners(book, everything),
        "unowned": _unowned(book, everything),
        "marks": {kind.value: _marks(book, everything, kind) for kind in (HeldKind.TAG, HeldKind.TERM)},
        "access": sorted(Counter(held.text for item in everything for held in item.held if held.kind is HeldKind.ACCESS).items()),
        "runs": _drawn(runs),
        "most": MOST,
    }


def _owners(book: Book, everything: Sequence[Governed]) -> list[dict[str, Any]]:
    """Owners and stewards, those of most datasets first."""
    found: dict[tuple[str, HeldKind], dict[str, Any]] = {}
    for item in everything:
        for held in item.held:
            if held.kind in (HeldKind.OWNER, HeldKind.STEWARD):
                entry = found.setdefault((held.text, held.kind), {"datasets": [], "origins": set()})
                entry["datasets"].append(_link(book, item.dataset))
                entry["origins"].add(held.origin or "meta")
    return [
        {"name": name, "kind": kind.value, "datasets": entry["datasets"], "origins": sorted(entry["origins"])}
        for (name, kind), entry in sorted(found.items(), key=lambda item: (-len(item[1]["datasets"]), item[0]))
    ]


def _unowned(book: Book, everything: Sequence[Governed]) -> list[dict[str, str]]:
    """Of the datasets that somebody here should answer for."""
    return [
        _link(book, item.dataset)
        for item in everything
        if not item.column
        and book.index.datasets[item.dataset].kind not in OF_NO_MATTER
        and not any(held.kind is HeldKind.OWNER for held in item.held)
    ]


def _marks(book: Book, everything: Sequence[Governed], kind: HeldKind) -> list[dict[str, Any]]:
    """By tag or term, what has it: what says so itself first."""
    found: dict[str, list[tuple[Governed, Held]]] = {}
    for item in everything:
        for held in item.held:
            if held.kind is kind:
                found.setdefault(held.text, []).append((item, held))
    return [
        {
            "text": text,
            "own": sum(1 for _, held in holders if held.source is None),
            "inherited": sum(1 for _, held in holders if held.source is not None),
            "rows": [
                _row(book, item, held) for item, held in sorted(holders, key=lambda pair: pair[1].source is not None)[:MOST]
            ],
            "more": max(0, len(holders) - MOST),
        }
        for text, holders in sorted(found.items())
    ]


def _row(book: Book, item: Governed, held: Held) -> dict[str, Any]:
    of_column = ColumnId(item.dataset, item.column) if item.column else None
    return {
        **(_column_link(book, of_column) if of_column is not None else _link(book, item.dataset)),
        "source": None if held.source is None else _column_link(book, held.source),
        "sure": None if held.source is None else sure(held.confidence),
    }


def _link(book: Book, dataset: DatasetId) -> dict[str, str]:
    return {"name": str(dataset), "link": f"dataset/{book.slug[book.number[dataset]]}.html"}


def _column_link(book: Book, column: ColumnId) -> dict[str, str]:
    return {"name": str(column), "link": f"{_link(book, column.dataset)['link']}#{anchor(column.column)}".replace("%", "%25")}


def _drawn(runs: Sequence[RunPoint]) -> dict[str, Any] | None:
    """Lines of a picture, one a share, by the number of the run; and the first and the last run in words."""
    if len(runs) < 2:  # noqa: PLR2004 -- one point is no line
        return None
    step = max(1, -(-len(runs) // _POINTS))
    shown = [*runs[:-1:step], runs[-1]]
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "count": len(runs),
        "lines": [(name, _path([getattr(run, name) for run in shown])) for name in _LINES],
        "ends": [
            {
                "date": run.started[:10],
                "revision": run.revision[:8],
                "shares": [f"{100 * getattr(run, name):.1f} %" for name in _LINES],
            }
            for run in (runs[0], runs[-1])
        ],
    }


def _path(shares: Sequence[float]) -> str:
    """From left to right; a share of 0 is at the bottom."""
    wide, high = _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN
    places = [(_MARGIN + wide * number / (len(shares) - 1), _MARGIN + high * (1 - share)) for number, share in enumerate(shares)]
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in places)
