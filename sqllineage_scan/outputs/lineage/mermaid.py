"""A Mermaid flowchart, for Markdown: within what GitHub draws, and readable.

Columns are drawn where that is little, else datasets; what is still too much is cut, and said in the picture too.
Limits: mermaid.js.org, configuration, ``maxTextSize`` (50,000 characters) and ``maxEdges`` (500): GitHub's too.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, TextIO

from sqllineage_scan.outputs.lines import clean, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqllineage_scan.domain.names import ColumnId, DatasetId
    from sqllineage_scan.graph.model import LineageGraph

ENDING = "mmd"
MOST_CHARACTERS = 50_000
MOST_EDGES = 500
MOST_COLUMN_EDGES = 80  # more lines between columns than that are a knot, not a picture
_LETTERS = frozenset(" _-.,/:()")


class Chart(NamedTuple):
    text: str
    remark: str = ""  # what is not in it


def write(graph: LineageGraph, out: TextIO) -> None:
    out.write(chart(graph).text)


def remarks(graph: LineageGraph) -> tuple[str, ...]:
    said = chart(graph).remark
    return (said,) if said else ()


def chart(graph: LineageGraph) -> Chart:
    pairs = sorted({(edge.source, edge.target) for edge in graph.column_edges}, key=lambda pair: (str(pair[0]), str(pair[1])))
    if 0 < len(pairs) <= MOST_COLUMN_EDGES:
        drawn = _of_columns(graph)
        if _fits(drawn):
            return Chart("\n".join(drawn) + "\n")
    drawn = _of_datasets(graph, None)
    remark = (
        f"{counted(len(pairs), 'column edge')} would be a knot: the chart shows datasets; --select draws columns of a part"
        if pairs
        else ""
    )
    if _fits(drawn):
        return Chart("\n".join(drawn) + "\n", remark)
    return _cut(graph)


def _fits(lines: Iterable[str]) -> bool:
    every = list(lines)
    edges = sum(" --> " in line or " -.-> " in line for line in every)
    return edges <= MOST_EDGES and sum(len(line) + 1 for line in every) <= MOST_CHARACTERS


def _cut(graph: LineageGraph) -> Chart:
    """The most edges that fit, found by halving."""
    total = len(_links(graph))
    few, many = 0, total
    while few < many:
        middle = (few + many + 1) // 2
        few, many = (middle, many) if _fits(_of_datasets(graph, middle)) else (few, middle - 1)
    left = total - few
    remark = f"cut to {few} of {total} edges between datasets, as many as GitHub draws; --select draws a part whole"
    return Chart("\n".join(_of_datasets(graph, few)) + "\n", remark if left else "")


def _links(graph: LineageGraph) -> list[tuple[DatasetId, DatasetId]]:
    pairs = {(edge.source, edge.target) for edge in graph.dataset_edges}
    pairs |= {(edge.source.dataset, edge.target.dataset) for edge in graph.column_edges}
    return sorted(pairs, key=lambda pair: (str(pair[0]), str(pair[1])))


def _of_datasets(graph: LineageGraph, most: int | None) -> list[str]:
    """``most``: of how many edges there is room; datasets that none of them touches are left out then."""
    links = _links(graph)
    shown = links[:most]
    touched = {dataset for link in shown for dataset in link}
    datasets = [dataset.id for dataset in graph.datasets if most is None or dataset.id in touched]
    names = {dataset: f"d{number}" for number, dataset in enumerate(datasets)}
    lines = ["flowchart LR", *(f"  {names[dataset]}[{_label(str(dataset))}]" for dataset in datasets)]
    lines += [f"  {names[source]} --> {names[target]}" for source, target in shown]
    if most is not None and most < len(links):
        lines.append(f"  cut[{_label(f'and {len(links) - most} edges more')}]")
        return lines
    return [*lines, *_exposures(graph, names)]


def _of_columns(graph: LineageGraph) -> list[str]:
    """Of a dataset the columns that a line touches; one with none is a box of its own."""
    touched = {column for edge in graph.column_edges for column in (edge.source, edge.target)}
    lines = ["flowchart LR"]
    names: dict[DatasetId, str] = {}
    columns: dict[ColumnId, str] = {}
    for number, dataset in enumerate(graph.datasets):
        names[dataset.id] = f"d{number}"
        inside = [column for column in touched if column.dataset == dataset.id]
        if not inside:
            lines.append(f"  d{number}[{_label(str(dataset.id))}]")
            continue
        lines.append(f"  subgraph d{number}[{_label(str(dataset.id))}]")
        for position, column in enumerate(sorted(inside)):
            columns[column] = f"d{number}c{position}"
            lines.append(f"    d{number}c{position}[{_label(column.column)}]")
        lines.append("  end")
    ways: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for edge in graph.column_edges:
        ways[columns[edge.source], columns[edge.target]].add(edge.transformation.subtype.value.lower())
    for (source, target), subtypes in ways.items():
        said = ", ".join(sorted(subtypes))
        lines.append(f"  {source} --> {target}" if said == "identity" else f"  {source} -->|{_label(said)}| {target}")
    linked = {(edge.source.dataset, edge.target.dataset) for edge in graph.column_edges}
    lines += [f"  {names[source]} -.-> {names[target]}" for source, target in _links(graph) if (source, target) not in linked]
    return [*lines, *_exposures(graph, names)]


def _exposures(graph: LineageGraph, names: dict[DatasetId, str]) -> Iterator[str]:
    for number, exposure in enumerate(graph.exposures):
        yield f"  x{number}([{_label(exposure.name)}])"
        yield from (f"  {names[read]} -.-> x{number}" for read in exposure.depends_on)


def _label(text: str) -> str:
    """In quotes, all that is neither letter nor digit nor harmless by its number: a name is never markup or a directive."""
    safe = "".join(letter if letter.isalnum() or letter in _LETTERS else f"#{ord(letter)};" for letter in clean(text))
    return f'"{safe or " "}"'
