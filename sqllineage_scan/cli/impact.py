"""What a change of a dataset or column reaches, and how risky that is.

NAME is what it is for show. The risk is a sum of parts, which are printed.

\b
Examples:
  sqllineage-scan impact orders.amount          who reads it, to the last
  sqllineage-scan impact raw.payments lineage.json
  sqllineage-scan impact orders --format json | jq .risk.score
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
    name: Annotated[str, typer.Argument(metavar="NAME", help="A dataset or a column.", show_default=False)],
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A repository, or a file of lineage.", show_default="here")
    ] = Path(),
    *,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")] = "text",
    depth: Annotated[int | None, typer.Option(metavar="N", min=1, help="Steps on; all the way without it.")] = None,
) -> None:
    check_form("impact", form)
    terminal = Terminal.of(context)
    show_answer("impact", form, graph_of(path, terminal).impact(name, depth=depth), terminal)
