"""Write lineage in another format: pictures, tables, databases, OpenLineage.

PATH is a repository, or a file of lineage. --select takes a part, in dbt's
syntax extended to columns (docs/selectors.md); docs/formats.md says what each
format holds and what it cannot.

\b
Examples:
  sqllineage-scan export --format mermaid --select +orders.amount
  sqllineage-scan export --format svg -o orders.svg --select 1+orders+1
  sqllineage-scan export lineage.json --format sqlite -o lineage.sqlite
  sqllineage-scan export --format csv --select tag:pii+ --exclude path:legacy
  sqllineage-scan export --format openlineage | head -1 | jq .
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sqllineage_scan.cli.shell.repository import graph_of
from sqllineage_scan.cli.shell.selection import Exclude, Select, selected
from sqllineage_scan.cli.shell.terminal import Terminal

STANDARD_OUTPUT = "-"

SCANS = True


def command(
    context: typer.Context,
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A repository, or a file of lineage.", show_default="here")
    ] = Path(),
    *,
    form: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help="What to write: dot, svg, csv, …")] = "json",
    select: Select = None,
    exclude: Exclude = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - is stdout.", show_default="stdout")
    ] = STANDARD_OUTPUT,
    target: Annotated[
        str | None, typer.Option("--target", "-t", metavar="NAME", help="openlineage: whose names (naming.targets.NAME).")
    ] = None,
    event_time: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="openlineage: of every event.", show_default="SOURCE_DATE_EPOCH, the last commit's"),
    ] = None,
) -> None:
    from sqllineage_scan.cli.shell.surroundings import surroundings_of
    from sqllineage_scan.outputs.files import check_writable, write_file
    from sqllineage_scan.outputs.formats import is_binary, remarks, takes_surroundings, writer

    terminal = Terminal.of(context)
    write, binary = writer("lineage", form), is_binary("lineage", form)
    stream = terminal.data_stream(sys.stdout, binary=binary) if output == STANDARD_OUTPUT else None
    if stream is None:
        check_writable(Path(output))
    graph = selected(graph_of(path, terminal), select, exclude, terminal)
    extra = {}
    if takes_surroundings("lineage", form):
        extra["around"] = surroundings_of(path, target=target, event_time=event_time)
        write = partial(write, **extra)
    if stream is None:
        write_file(Path(output), graph, write, binary=binary)
    else:
        write(graph, stream)
    for remark in remarks("lineage", form, graph, **extra):
        terminal.talk(remark)
