"""Write a static site: every dataset a page, every column its story.

PATH is a repository, or a lineage document. The site needs no server: open
index.html from disk, or put the folder anywhere on a web host.

\b
Examples:
  sqllineage-scan site                         this repository -> site/
  sqllineage-scan site warehouse -o public     another, written elsewhere
  sqllineage-scan site lineage.json --source . from a document, with the SQL
  sqllineage-scan site --templates docs/site   with pages of your own
  sqllineage-scan site --runs runs.ndjson      with how governance has grown
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sqllineage_scan.cli.shell.progress import ProgressBar
from sqllineage_scan.cli.shell.repository import graph_of
from sqllineage_scan.cli.shell.terminal import Terminal

SCANS = True


def command(
    context: typer.Context,
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A repository, or a lineage document.", show_default="here")
    ] = Path(),
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write.")] = Path("site"),
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that is no site.")] = False,
    title: Annotated[str, typer.Option(metavar="TEXT", help="Name of the site.", show_default="the project's")] = "",
    templates: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Templates and assets that stand in for ours, file by file.")
    ] = None,
    runs: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Run records (--run-record): what has an owner and words, over time.")
    ] = None,
    source: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The repository that a document was made of: for its SQL.")
    ] = None,
) -> None:
    from sqllineage_scan import api
    from sqllineage_scan.errors import UsageError
    from sqllineage_scan.outputs.lines import Piece, Role, counted, line
    from sqllineage_scan.outputs.site.folder import check_folder

    terminal = Terminal.of(context)
    check_folder(output, force=force)
    for folder in (templates, source):
        if folder is not None and not folder.is_dir():
            raise UsageError(f"there is no folder {folder}")
    if runs is not None and not runs.is_file():
        raise UsageError(f"there is no file of run records {runs}")
    graph = graph_of(path, terminal)
    repository = path if path.is_dir() else source
    with ProgressBar(terminal) as progress:
        api.write_site(
            graph, output, source=repository, title=title, templates=templates, runs=runs, force=force, progress=progress
        )
    if not terminal.quiet:
        pages = counted(len(graph.datasets), "dataset")
        terminal.show([line(f"{pages}: open ", Piece(str(output / "index.html"), Role.NAME))], sys.stdout)
