"""Every way from one dataset or column down to another.

\b
Examples:
  sqllineage-scan paths raw.payments.amt report.amount
  sqllineage-scan paths raw.orders report lineage.json
  sqllineage-scan paths raw.orders.status report.amount --rows
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sqllineage_scan.cli.shell.answer import check_form, show_answer
from sqllineage_scan.cli.shell.repository import graph_of
from sqllineage_scan.cli.shell.terminal import Terminal

SCANS = True


def command(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FROM", help="A dataset or a column.", show_default=False)],
    target: Annotated[str, typer.Argument(metavar="TO", help="Another, further down.", show_default=False)],
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A repository, or a file of lineage.", show_default="here")
    ] = Path(),
    *,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")] = "text",
    rows: Annotated[bool, typer.Option("--rows", help="Also by way of what decides rows.")] = False,
) -> None:
    from sqllineage_scan.graph.told import ToldWays

    check_form("paths", form)
    terminal = Terminal.of(context)
    graph = graph_of(path, terminal)
    ways = graph.ways(source, target, rows=rows)
    show_answer("paths", form, ToldWays(ways, {job.id: job.span for job in graph.jobs}), terminal)
