"""Lay what runs reported (OpenLineage events) over the repository's lineage.

EVENTS is a file of OpenLineage events, one a line, such as Spark's listener,
dbt-ol or a backend's export give. What they report raises the confidence of
the edges it confirms; what they never report, and what they report and no
file says, is listed.

\b
Examples:
  sqllineage-scan observe events.ndjson         what was seen, what never was
  sqllineage-scan observe events.ndjson -o lineage.json
  sqllineage-scan observe events.ndjson lineage.json --format json
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sqllineage_scan.cli.shell.answer import check_form, show_answer
from sqllineage_scan.cli.shell.repository import graph_of
from sqllineage_scan.cli.shell.terminal import Terminal


def command(
    context: typer.Context,
    events: Annotated[Path, typer.Argument(metavar="EVENTS", help="OpenLineage events, one a line.", show_default=False)],
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A repository, or a file of lineage.", show_default="here")
    ] = Path(),
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the document with what was observed.")
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="Of what is printed: text or json.")] = "text",
    target: Annotated[
        str | None, typer.Option("--target", "-t", metavar="NAME", help="Whose names the events use (naming.targets.NAME).")
    ] = None,
) -> None:
    from sqllineage_scan import api
    from sqllineage_scan.cli.shell.surroundings import surroundings_of
    from sqllineage_scan.graph.overlay import overlay
    from sqllineage_scan.outputs.files import check_writable, write_file
    from sqllineage_scan.outputs.lineage.json import write
    from sqllineage_scan.outputs.naming import Names

    check_form("overlay", form)
    terminal = Terminal.of(context)
    if output is not None:
        check_writable(output)
    seen = api.load(events)
    static = graph_of(path, terminal)
    names = Names(static, surroundings_of(path, target=target).naming)
    called = ((names.dataset(item.id), item.id) for item in static.datasets)
    found = overlay(static, seen, {(name.namespace, name.name): dataset for name, dataset in called})
    if output is not None:
        write_file(output, found.graph, write)
    show_answer("overlay", form, found, terminal)
