"""The history of a dataset or column: which commits changed it, and what they changed.

Commits are read from git's objects, and what each did is kept in the cache: the
first time takes as long as scanning what they changed, from then on it is there,
for every dataset. An interrupted walk goes on where it was.

\b
Examples:
  sqllineage-scan log orders         each commit that gave it another version
  sqllineage-scan log orders.amount  … or changed what the column is made of
  sqllineage-scan log orders --since '3 months ago'
  sqllineage-scan log orders -n 100  in the newest 100 commits
  sqllineage-scan log orders --json | jq '.commits[0].datasets'
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer  # noqa: TC002 -- it looks at the annotations

from sqllineage_scan.cli.shell import history_options as say
from sqllineage_scan.cli.shell.answer import check_form, show_answer
from sqllineage_scan.cli.shell.cache_options import CacheOptions
from sqllineage_scan.cli.shell.progress import ProgressBar
from sqllineage_scan.cli.shell.repository import folder_options
from sqllineage_scan.cli.shell.scan_options import Dialect  # noqa: TC001 -- typer looks at the annotations
from sqllineage_scan.cli.shell.terminal import Terminal

if TYPE_CHECKING:
    from sqllineage_scan.domain.history import Looked
    from sqllineage_scan.domain.names import ColumnId, DatasetId
    from sqllineage_scan.pipeline.history.walk import Walk

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
    from sqllineage_scan.domain.history import History, Looked
    from sqllineage_scan.graph.history import log_of

    terminal = Terminal.of(context)
    form = "json" if as_json else form
    check_form("log", form)
    cache = CacheOptions(folder=cache_dir, off=no_cache)
    options = folder_options(path, configuration=config, dialect=dialect, processes=processes, cache=cache)
    with say.history_of(path, say.Commits(revision=revision, since=since, most=most), options) as walk:
        subject = say.subject_of(name, walk)
        looked = Looked(walk.newest, len(walk.changes), walk.is_cut)
        if form == "text":
            _tell(subject, walk, looked, terminal)
            return
        with ProgressBar(terminal) as progress:
            entries = tuple(log_of(walk.head, subject, walk.pasts(progress)))
    show_answer("log", form, History(subject, entries, looked), terminal)


def _tell(subject: DatasetId | ColumnId, walk: Walk, looked: Looked, terminal: Terminal) -> None:
    """As it is found: the newest commits are what most people want, and they need not wait for the oldest."""
    from sqllineage_scan.graph.history import log_of
    from sqllineage_scan.outputs.log.text import closing, entry_lines, heading

    width = terminal.width(sys.stdout)
    terminal.show([heading(subject)], sys.stdout)
    number = 0
    with ProgressBar(terminal) as progress:
        for number, entry in enumerate(log_of(walk.head, subject, walk.pasts(progress)), 1):  # noqa: B007 -- the last one counts
            progress.clear()
            terminal.show(entry_lines(entry, subject, width), sys.stdout)
            sys.stdout.flush()
    terminal.show(closing(number, looked, width), sys.stdout)
