"""``--select`` and ``--exclude``, for every command that takes a part of a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.cli.shell.terminal import Terminal
    from sqllineage_scan.graph.model import LineageGraph

Select = Annotated[
    list[str] | None,
    typer.Option("--select", "-s", metavar="SELECTOR", help="Only this part: +orders.amount+2, tag:pii, … (repeatable)."),
]
Exclude = Annotated[list[str] | None, typer.Option("--exclude", metavar="SELECTOR", help="Without this part (repeatable).")]


def selected(
    graph: LineageGraph, select: Sequence[str] | None, exclude: Sequence[str] | None, terminal: Terminal
) -> LineageGraph:
    """What of a selector fits nothing is said, as long as the others fit something."""
    from sqllineage_scan.graph.selector.choose import choose

    if not select and not exclude:
        return graph
    choice = choose(graph, graph.index, select or (), exclude or ())
    for sentence in choice.unmatched:
        terminal.talk(sentence)
    return graph.only(choice.picked)
