"""Who changed a column last, and everything that it is made of, back to the sources.

Of a dataset, each of its columns by itself. `log` tells of every commit, and how
commits are read and kept.

\b
Examples:
  sqllineage-scan blame orders.amount  each column of its chain
  sqllineage-scan blame orders         each column of the dataset
  sqllineage-scan blame orders.amount --since 2024-01-01
  sqllineage-scan blame orders --json | jq '.columns[].commit.author'
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

from pathlib import Path

import typer  # noqa: TC002 -- it looks at the annotations

from sqllineage_scan.cli.shell import history_options as say
from sqllineage_scan.cli.shell.answer import check_form, show_answer
from sqllineage_scan.cli.shell.cache_options import CacheOptions
from sqllineage_scan.cli.shell.progress import ProgressBar
from sqllineage_scan.cli.shell.repository import folder_options
from sqllineage_scan.cli.shell.scan_options import Dialect  # noqa: TC001 -- typer looks at the annotations
from sqllineage_scan.cli.shell.terminal import Terminal

SCANS = True


def command(
    context: typer.Context,
    name: say.Name,
    path: say.Where = Path(),
    *,
    since: say.Since = None,
    most: say.Most = None,
    revision: say.Revision = "HEAD",
    form: say.Format = "text",
    as_json: say.Json = False,
    dialect: Dialect = None,
    processes: say.Processes = None,
    cache_dir: say.CacheDir = None,
    no_cache: say.NoCache = False,
    config: say.Config = None,
) -> None:
    from sqllineage_scan.domain.history import Blame, Looked
    from sqllineage_scan.graph.history import blame_of

    terminal = Terminal.of(context)
    form = "json" if as_json else form
    check_form("blame", form)
    cache = CacheOptions(folder=cache_dir, off=no_cache)
    options = folder_options(path, configuration=config, dialect=dialect, processes=processes, cache=cache)
    with say.history_of(path, say.Commits(revision=revision, since=since, most=most), options) as walk:
        subject = walk.head.find(name)
        looked = Looked(walk.newest, len(walk.changes), walk.is_cut)
        with ProgressBar(terminal) as progress:
            columns = blame_of(walk.head, subject, walk.pasts(progress))
    show_answer("blame", form, Blame(subject, columns, looked), terminal)
