"""Compare the repository with what a database really has: columns, types, tags.

OBSERVED is dbt's catalog.json; information_schema.columns as CSV or JSON, or in
an SQLite file; a DuckDB or SQLite database; a file of OpenLineage events; or a
contract (ODCS). Nothing is asked of a server. Exit 1 where something differs.

\b
Examples:
  sqllineage-scan drift target/catalog.json
  sqllineage-scan drift columns.csv --fail-on breaking
  sqllineage-scan drift warehouse.duckdb --format markdown
  sqllineage-scan drift events.ndjson warehouse/ --format json -o drift.json
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sqllineage_scan.cli.shell import scan_options as say
from sqllineage_scan.cli.shell.progress import ProgressBar
from sqllineage_scan.cli.shell.terminal import Terminal

STANDARD_OUTPUT = "-"


class FailOn(StrEnum):
    """What fails the command: any difference, or one that breaks SQL (something missing, another type)."""

    ANY = "any"
    BREAKING = "breaking"
    NEVER = "never"


SCANS = True


def command(
    context: typer.Context,
    observed: Annotated[Path, typer.Argument(metavar="OBSERVED", help="What was seen of the database.", show_default=False)],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The repository.", show_default="here")] = Path(),
    *,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json or markdown.")] = "text",
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write.", show_default="stdout")] = "-",
    fail_on: Annotated[
        FailOn,
        typer.Option("--fail-on", metavar="WHAT", help="Exit 1 on: any, breaking (missing, another type), never."),
    ] = FailOn.ANY,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="What OBSERVED is.", show_default="told by how it begins")
    ] = None,
    dialect: say.Dialect = None,
    target_: say.Target = None,
    variables: say.Variables = None,
    cache_dir: say.CacheDir = None,
    no_cache: say.NoCache = False,
    config: say.Config = None,
) -> None:
    from sqllineage_scan import api
    from sqllineage_scan.outputs.files import check_writable, write_file
    from sqllineage_scan.outputs.formats import writer

    terminal = Terminal.of(context)
    write = writer("drift", form)
    if output != STANDARD_OUTPUT:
        check_writable(Path(output))
    options = say.scan_options(
        path, dialect=dialect, target=target_, variables=variables, cache_dir=cache_dir, no_cache=no_cache, config=config
    )
    with ProgressBar(terminal) as progress:
        report = api.drift(observed, path, kind=kind, options=options, configuration=config, progress=progress)
    if output != STANDARD_OUTPUT:
        write_file(Path(output), report, write)
    elif form == "text":
        from sqllineage_scan.outputs.drift.text import describe

        terminal.show(describe(report, terminal.width(sys.stdout)), sys.stdout)
    else:
        terminal.as_data(sys.stdout)
        write(report, sys.stdout)
    failing = {FailOn.ANY: report.drifts, FailOn.BREAKING: report.breaking, FailOn.NEVER: ()}[fail_on]
    if failing:
        raise typer.Exit(1)
