"""Send lineage to an OpenLineage backend, or tell the run of a command.

Events go where openlineage-python's own configuration says: openlineage.yml,
OPENLINEAGE_URL, OPENLINEAGE__TRANSPORT__TYPE, … What a backend does not take
waits in a spool file, is said, and is sent first the next time.

With --run the words behind -- are a command: START is sent before it, and
COMPLETE, FAIL or ABORT after it. It ends as it would have ended alone.

\b
Examples:
  sqllineage-scan emit                          this repository's lineage
  sqllineage-scan emit lineage.json --select tag:finance
  sqllineage-scan emit --run -- dbt build       the run of a command
  sqllineage-scan emit --run                    a scan as a run
  sqllineage-scan emit --spooled                only what waits from before
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sqllineage_scan.cli.shell.events import Telling
from sqllineage_scan.cli.shell.selection import Exclude, Select  # noqa: TC001, typer reads them
from sqllineage_scan.cli.shell.terminal import Terminal
from sqllineage_scan.errors import UsageError

_FOLDER = ".sqllineage-scan"

SCANS = True


def command(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH | -- COMMAND …]", help="A repository or a file of lineage; with --run a command."),
    ] = None,
    *,
    run: Annotated[bool, typer.Option("--run", help="Tell the run of the command behind --, or of a scan.")] = False,
    spooled: Annotated[bool, typer.Option("--spooled", help="Only send what waits in the spool.")] = False,
    select: Select = None,
    exclude: Exclude = None,
    target: Annotated[
        str | None, typer.Option("--target", "-t", metavar="NAME", help="Whose names (naming.targets.NAME).")
    ] = None,
    job_name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of the run's job.", show_default="dbt.build of: dbt build …")
    ] = None,
    patience: Annotated[float, typer.Option(metavar="SECONDS", min=0.1, help="How long the end waits for a backend.")] = 10.0,
    spool: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where unsent events wait.", show_default=f"in {_FOLDER}/")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 if not everything was sent.")] = False,
) -> None:
    from sqllineage_scan.integrations.openlineage.spool import NAME, Spool

    words = words or []
    command_words = words if run else []
    if len(words) > 1 and not run:
        raise UsageError("one PATH at most; to run a command: emit --run -- COMMAND …")
    path = Path(words[0]) if words and not run else Path()
    if not path.exists():
        raise UsageError(f"no such path: {path}")
    folder = path if path.is_dir() else Path()
    telling = Telling(
        terminal=Terminal.of(context),
        path=path,
        spool=Spool(spool or folder / _FOLDER / NAME),
        patience=patience,
        target=target,
        job_name=job_name,
        select=tuple(select or ()),
        exclude=tuple(exclude or ()),
    )
    if command_words:
        code, complete = telling.run_command(command_words)
    else:
        code, complete = telling.send(graph=not spooled, as_run=run)
    raise typer.Exit(code or (0 if complete or not strict else 1))
