"""A lineage graph as pydot's graph: records of rows. Text from the repository is only ever a label, never markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.evidence import Band, band_of
from sqllineage_scan.outputs.harmless import encodable
from sqllineage_scan.outputs.lines import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.model import LineageGraph

_COLORS = {
    Band.CERTAIN: "#2f6f4f",
    Band.LIKELY: "#8a6d1d",
    Band.AMBIGUOUS: "#8a3d7a",
    Band.GUESSED: "#a03030",
}
_RECORD_WORDS = re.compile(r"[\\{}|<> ]")
_TITLE = "t"


def drawing(graph: LineageGraph) -> Any:
    """Columns that nothing flows into or out of are rows too: a drawing of one dataset shows what it has."""
    import pydot

    picture = pydot.Dot("lineage", graph_type="digraph", rankdir="LR")
    picture.set_node_defaults(shape="record", fontname="Helvetica", fontsize="10", color='"#8a8f98"')
    picture.set_edge_defaults(fontname="Helvetica", fontsize="9", arrowsize="0.6")
    numbers = {dataset.id: number for number, dataset in enumerate(graph.datasets)}
    ports = {
        dataset: {name: position for position, name in enumerate(graph.index.columns.get(dataset, ()))} for dataset in numbers
    }
    for dataset in graph.datasets:
        rows = [f"<c{position}> {_row(name)}" for name, position in ports[dataset.id].items()]
        title = f"<{_TITLE}> {_row(str(dataset.id))}\\n{_row(dataset.kind.value.replace('_', ' '))}"
        picture.add_node(pydot.Node(f"d{numbers[dataset.id]}", label=_quoted("{" + "|".join([title, *rows]) + "}")))
    for source, target, style in _edges(graph, numbers, ports):
        picture.add_edge(pydot.Edge(source, target, None, **style))
    for position, exposure in enumerate(graph.exposures):
        label = f"{_row(exposure.name)}\\n{_row(exposure.kind)}"
        picture.add_node(pydot.Node(f"x{position}", label=_quoted(label), style="rounded"))
        for read in exposure.depends_on:
            picture.add_edge(pydot.Edge(f"d{numbers[read]}:{_TITLE}", f"x{position}", style="dotted"))
    return picture


def _edges(
    graph: LineageGraph, numbers: dict[DatasetId, int], ports: dict[DatasetId, dict[str, int]]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """A line between two columns for each way one makes the other; between datasets where no column says so."""
    said: set[tuple[str, str, str]] = set()
    drawn: set[tuple[DatasetId, DatasetId]] = set()
    for edge in graph.column_edges:
        ends = [(column.dataset, f"d{numbers[column.dataset]}:c{ports[column.dataset][column.column]}") for column in edge[:2]]
        subtype = edge.transformation.subtype.value
        line = (ends[0][1], ends[1][1], subtype)
        drawn.add((ends[0][0], ends[1][0]))
        if line not in said:
            said.add(line)
            style = {"color": f'"{_COLORS[edge.band]}"', "tooltip": f'"{subtype} {edge.confidence:.2f}"'}
            if subtype != "IDENTITY":
                style["label"] = f'"{subtype.lower()}"'
            yield ends[0][1], ends[1][1], style
    for link in graph.dataset_edges:
        if (link.source, link.target) not in drawn:
            drawn.add((link.source, link.target))
            style = {"style": "dashed", "color": f'"{_COLORS[band_of(link.confidence)]}"'}
            yield f"d{numbers[link.source]}:{_TITLE}", f"d{numbers[link.target]}:{_TITLE}", style


def _row(text: str) -> str:
    """A field of a record: what has a meaning there is escaped (graphviz.org, "Node Shapes", record-based)."""
    escaped = _RECORD_WORDS.sub(lambda found: f"\\{found.group()}", encodable(clean(text)))
    return escaped.replace("&", "&amp;") or "\\ "


def _quoted(label: str) -> str:
    return '"' + label.replace('"', '\\"') + '"'
