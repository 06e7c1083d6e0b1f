"""Where a wrong number may come from: sources, chains, last commits.

Sources are ranked by how sure their chain is. A chain that breaks off says so
as a GAP; none is skipped. Each hop has the last commit that touched it.

\b
Examples:
  sqllineage-scan trace revenue_daily.net_revenue
  sqllineage-scan trace orders.amount --rows    and what decides its rows
  sqllineage-scan trace orders.amount lineage.json --source .
  sqllineage-scan trace orders --format json | jq '.sources[].chain[].commit'
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sqllineage_scan.cli.shell.answer import check_form, show_answer
from sqllineage_scan.cli.shell.repository import graph_of
from sqllineage_scan.cli.shell.terminal import Terminal
from sqllineage_scan.errors import UsageError

SCANS = True


def command(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A dataset or a column.", show_default=False)],
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A repository, or a file of lineage.", show_default="here")
    ] = Path(),
    *,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")] = "text",
    rows: Annotated[bool, typer.Option("--rows", help="Follow what decides rows too, not only values.")] = False,
    source: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The repository that a file of lineage was made of: for the commits.")
    ] = None,
) -> None:
    from sqllineage_scan.discover.blame import last_commits
    from sqllineage_scan.graph.told import ToldTrace
    from sqllineage_scan.outputs.hops import place_of

    check_form("trace", form)
    if source is not None and not source.is_dir():
        raise UsageError(f"there is no folder {source}")
    terminal = Terminal.of(context)
    graph = graph_of(path, terminal)
    traced = graph.trace(name, rows=rows)
    jobs = {job.id: job.span for job in graph.jobs}
    places = (place_of(edge, jobs) for suspect in traced.suspects for edge in suspect.path)
    root = path if path.is_dir() else source
    commits = {} if root is None else last_commits(root, [place for place in places if place is not None])
    show_answer("trace", form, ToldTrace(traced, jobs, commits), terminal)
