"""Show a dataset or column: where it comes from, who reads it.

NAME is an id (raw.public.orders.amount), dbt's unique id or model name, or any
ending of an id that only one dataset or column has (orders.amount).

\b
Examples:
  sqllineage-scan show orders                   a dataset of this repository
  sqllineage-scan show orders.amount            a column, back to its sources
  sqllineage-scan show orders lineage.json      from a document: no scan
  sqllineage-scan show orders --format json | jq .upstream
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sqllineage_scan.cli.shell.repository import graph_of
from sqllineage_scan.cli.shell.terminal import Terminal

SCANS = True


def command(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A dataset or a column.", show_default=False)],
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A repository, or a lineage document.", show_default="here")
    ] = Path(),
    *,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")] = "text",
    depth: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Steps back; a column goes all the way without it, a dataset one."),
    ] = None,
) -> None:
    from sqllineage_scan.outputs.formats import writer

    terminal = Terminal.of(context)
    write = writer("subject", form)
    subject = graph_of(path, terminal).subject(name, depth=depth)
    if form == "text":
        from sqllineage_scan.outputs.subject.text import describe

        terminal.show(describe(subject, terminal.width(sys.stdout)), sys.stdout)
    else:
        terminal.as_data(sys.stdout)
        write(subject, sys.stdout)
