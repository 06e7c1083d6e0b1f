"""Boundaries of the configuration, as import-linter has them for modules: which ways through the graph break them.

layers         data flow from the first layer to the last; nothing of an earlier one reads a later one
forbidden      nothing of ``from`` reaches ``to``
independence   nothing of one member reaches another
protected      only ``readers`` read the datasets
interface      others read only these columns of the datasets
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge
from sqllineage_scan.domain.finding import Step
from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.linting.item import weakest_edge
from sqllineage_scan.linting.personal import shows
from sqllineage_scan.linting.selectors import fits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqllineage_scan.domain.edge import RowEdge
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.linting.material import Material
    from sqllineage_scan.linting.settings import Boundary

    Place = DatasetId | ColumnId
    Edge = DatasetEdge | ColumnEdge | RowEdge


@dataclass(frozen=True, slots=True)
class Breach:
    boundary: Boundary
    source: Place
    target: Place
    by_way_of: tuple[Place, ...]
    span: Span | None
    steps: tuple[Step, ...]
    confidence: float
    weakest: str
    what: str
    columns: tuple[str, ...] = ()


@dataclass(slots=True)
class Breaches:
    """``ignored``: of which boundary which ``ignore`` entries fitted something."""

    found: list[Breach] = field(default_factory=list)
    ignored: set[tuple[str, str]] = field(default_factory=set)


def find_breaches(material: Material) -> Breaches:
    breaches = Breaches()
    for boundary in material.settings.boundaries:
        for breach in _KINDS[boundary.type](material, boundary):
            fitting = [entry for entry in boundary.ignore if _fits(entry, breach)]
            breaches.ignored.update((boundary.name, entry) for entry in fitting)
            if not fitting:
                breaches.found.append(breach)
    return breaches


def _fits(entry: str, breach: Breach) -> bool:
    source, arrow, target = (part.strip() for part in entry.partition("->"))
    return bool(arrow) and _called(breach.source, source) and _called(breach.target, target)


def _called(place: Place, name: str) -> bool:
    known = str(place)
    return fits(known, name) or known.endswith(f".{name}")


def _layers(material: Material, boundary: Boundary) -> Iterator[Breach]:
    """What lies in no layer is passed through: marts -> scratch -> staging is a way from marts to staging."""
    layer: dict[DatasetId, int] = {}
    for number, selectors in enumerate(boundary.layers):
        for dataset in material.chosen(selectors):
            layer.setdefault(dataset, number)
    for dataset, own in sorted(layer.items(), key=lambda item: (item[1], item[0])):
        if own:
            through = (lambda _: False) if boundary.direct else (lambda place: place not in layer)
            for target, way in _reached(material, dataset, through).items():
                if isinstance(target, DatasetId) and layer.get(target, own) < own:
                    names = [" or ".join(boundary.layers[number]) for number in (layer[target], own)]
                    yield _breach(material, boundary, way, f"{names[0]} comes before {names[1]}")


def _forbidden(material: Material, boundary: Boundary) -> Iterator[Breach]:
    sources, targets = material.chosen(boundary.source), set(material.chosen(boundary.target))
    yield from _ways(
        material, boundary, sources, targets, f"{_named(boundary.target)} must not depend on {_named(boundary.source)}"
    )


def _independence(material: Material, boundary: Boundary) -> Iterator[Breach]:
    members = [material.chosen(selectors) for selectors in boundary.members]
    for number, member in enumerate(members):
        others = {dataset for other, datasets in enumerate(members) if other != number for dataset in datasets} - set(member)
        yield from _ways(material, boundary, member, others, f"{' and '.join(map(_named, boundary.members))} are independent")


def _ways(
    material: Material, boundary: Boundary, sources: Sequence[DatasetId], targets: set[DatasetId], what: str
) -> Iterator[Breach]:
    """For each dataset, or column, that is reached the shortest way; what lies behind it depends on it and is not told again."""
    starts: list[Place] = list(sources)
    if boundary.by_columns:
        wanted = [selector.removeprefix("column_tag:") for selector in boundary.source if selector.startswith("column_tag:")]
        starts = [
            ColumnId(dataset, name)
            for dataset in sources
            for name in material.index.columns.get(dataset, ())
            if not wanted or _tagged(material, ColumnId(dataset, name), wanted)
        ]
    best: dict[Place, tuple[Edge, ...]] = {}
    for start in starts:
        stop = (lambda _: False) if boundary.direct else (lambda place: _dataset(place) not in targets)
        for target, way in _reached(material, start, stop, masked=boundary.masked).items():
            if _dataset(target) in targets and (target not in best or len(way) < len(best[target])):
                best[target] = way
    for target in sorted(best, key=str):
        yield _breach(material, boundary, best[target], what)


def _tagged(material: Material, column: ColumnId, tags: Iterable[str]) -> bool:
    known = material.columns.get(column)
    return known is not None and any(tag in known.tags for tag in tags)


def _protected(material: Material, boundary: Boundary) -> Iterator[Breach]:
    inside = set(material.chosen(boundary.datasets))
    allowed = inside | set(material.chosen(boundary.readers)) | material.tests
    for edge in material.graph.dataset_edges:
        if edge.source in inside and edge.target not in allowed:
            yield _breach(
                material,
                boundary,
                (edge,),
                f"only {_named(boundary.readers) or 'its own parts'} may read {_named(boundary.datasets)}",
            )


def _interface(material: Material, boundary: Boundary) -> Iterator[Breach]:
    inside = set(material.chosen(boundary.datasets))
    allowed = inside | set(material.chosen(boundary.readers)) | material.tests
    offered = set(boundary.columns)
    beside: defaultdict[tuple[DatasetId, DatasetId], list[ColumnEdge | RowEdge]] = defaultdict(list)
    edges: list[ColumnEdge | RowEdge] = [*material.graph.column_edges, *material.graph.row_edges]
    for edge in edges:
        target = edge.target.dataset if isinstance(edge, ColumnEdge) else edge.target
        if edge.source.dataset in inside and target not in allowed and edge.source.column not in offered:
            beside[edge.source.dataset, target].append(edge)
    for (source, target), found in sorted(beside.items(), key=lambda item: item[0]):
        columns = tuple(sorted({edge.source.column for edge in found}))
        best = max(found, key=lambda edge: edge.confidence)
        confidence, weakest = weakest_edge([best])
        steps = tuple(dict.fromkeys(Step(f"{edge.source} is read", edge.span) for edge in found))
        what = f"its interface is {', '.join(boundary.columns)}"
        yield Breach(boundary, source, target, (), best.span or material.place(target), steps, confidence, weakest, what, columns)


_KINDS: dict[str, Callable[[Material, Boundary], Iterator[Breach]]] = {
    "layers": _layers,
    "forbidden": _forbidden,
    "independence": _independence,
    "protected": _protected,
    "interface": _interface,
}


def _reached(
    material: Material, start: Place, through: Callable[[Place], bool], *, masked: bool = False
) -> dict[Place, tuple[Edge, ...]]:
    """All that depends on ``start``, with the shortest way; what ``through`` refuses is reached and not passed."""
    index = material.index
    ways: dict[Place, tuple[Edge, ...]] = {start: ()}
    pending = deque([start])
    while pending:
        place = pending.popleft()
        edges: Iterable[Edge]
        if isinstance(place, ColumnId):
            edges = (edge for edge in index.column_edges_from.get(place, ()) if masked or shows(edge))
        else:
            edges = (edge for edge in index.dataset_edges_from.get(place, ()) if edge.target not in material.tests)
        for edge in edges:
            if edge.target not in ways:
                ways[edge.target] = (*ways[place], edge)
                if through(edge.target):
                    pending.append(edge.target)
    del ways[start]
    return ways


def _breach(material: Material, boundary: Boundary, way: tuple[Edge, ...], what: str) -> Breach:
    confidence, weakest = weakest_edge(way)
    spans = [
        getattr(edge, "span", None)
        or material.reads_at.get((edge.job, _dataset(edge.source)))
        or material.job_spans.get(edge.job)
        for edge in way
    ]
    steps = tuple(Step(f"{edge.source} -> {edge.target}", span) for edge, span in zip(way, spans, strict=True))
    between = tuple(edge.target for edge in way[:-1])
    return Breach(boundary, way[0].source, way[-1].target, between, spans[-1], steps, confidence, weakest, what)


def _dataset(place: Place) -> DatasetId:
    return place.dataset if isinstance(place, ColumnId) else place


def _named(selectors: Iterable[str]) -> str:
    return " or ".join(selectors)
