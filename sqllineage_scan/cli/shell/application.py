"""The program: options of all commands, and how trouble is told. Exit codes: 0 clean, 1 failed gate, 2 misuse, 3 our fault."""

from __future__ import annotations

import os
import sys
from pathlib import Path  # noqa: TC003 -- typer looks at the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from sqllineage_scan import __version__
from sqllineage_scan.cli.shell import recording
from sqllineage_scan.cli.shell.commands import Commands
from sqllineage_scan.cli.shell.terminal import NO_COLOR, QUIET
from sqllineage_scan.errors import UsageError
from sqllineage_scan.outputs.lines import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM = "sqllineage-scan"
DEBUG = "SQLLINEAGE_SCAN_DEBUG"
MISUSE = 2
OUR_FAULT = 3

EXAMPLES = """\b
Examples:
  sqllineage-scan scan                          this repository -> lineage.json
  sqllineage-scan scan warehouse -o -           the document on stdout
  sqllineage-scan show orders                   a dataset, its columns, its readers
  sqllineage-scan show orders.amount            a column, back to its sources
  sqllineage-scan impact orders.amount          what a change of it reaches
  sqllineage-scan trace revenue.total           where a wrong number comes from
  sqllineage-scan export --format mermaid       pictures, tables, databases
"""

app = typer.Typer(
    name=PROGRAM,
    cls=Commands,
    help="Static SQL lineage for repositories: what feeds a column, what breaks if it changes, and how sure that is.",
    epilog=EXAMPLES,
    add_completion=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001, typer calls it so
    if wanted:
        typer.echo(f"{PROGRAM} {__version__}")
        raise typer.Exit


def _be_quiet(context: typer.Context, wanted: bool) -> bool:  # noqa: FBT001, typer calls it so
    if wanted:
        context.meta[QUIET] = True
    return wanted


def _be_plain(context: typer.Context, wanted: bool) -> bool:  # noqa: FBT001, typer calls it so
    if wanted:
        context.meta[NO_COLOR] = True
    return wanted


def _note_run_record(context: typer.Context, path: Path | None) -> Path | None:
    return recording.note_file(context, recording.RUN_RECORD, path)


def _note_metrics(context: typer.Context, path: Path | None) -> Path | None:
    return recording.note_file(context, recording.METRICS, path)


def _note_run_id(context: typer.Context, name: str | None) -> str | None:
    return recording.note_id(context, name)


@app.callback(invoke_without_command=True)
def _program(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which version.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", callback=_be_quiet, help="Only data and errors, no talk.")] = False,
    no_color: Annotated[
        bool, typer.Option("--no-color", callback=_be_plain, is_eager=True, help="No colour; NO_COLOR does the same.")
    ] = False,
    run_record: Annotated[
        Path | None,
        typer.Option(
            "--run-record", metavar="FILE", callback=_note_run_record, help="Add a line of JSON about this run to FILE."
        ),
    ] = None,
    metrics: Annotated[
        Path | None,
        typer.Option(
            "--metrics", metavar="FILE", callback=_note_metrics, help="Write Prometheus metrics of this run: name.prom."
        ),
    ] = None,
    run_id: Annotated[
        str | None,
        typer.Option("--run-id", metavar="ID", callback=_note_run_id, help="Of the run record.", show_default="a new one"),
    ] = None,
) -> None:
    del version, quiet, no_color, run_record, metrics, run_id
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(MISUSE)


def run(arguments: Sequence[str]) -> int:
    """Run one command line. Nothing that a user can cause ends in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        result = app(list(arguments), prog_name=PROGRAM, standalone_mode=False)
    except UsageError as error:
        return _refuse(str(error))
    except _MISUSE_OF_OPTIONS as error:
        return _refuse(_with_hint(error))
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        return _apologise(error)
    return result if isinstance(result, int) else 0


# typer's own name for it has moved from click to a copy of click that it brings along; BadParameter is public in both
_MISUSE_OF_OPTIONS: type[Exception] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")


def _with_hint(error: Exception) -> str:
    message: str = error.format_message().rstrip(".")  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    command = context.command_path if context else PROGRAM
    return f"{message[:1].lower()}{message[1:]} (see {command} --help)"


def _refuse(message: str) -> int:
    print(f"{PROGRAM}: error: {clean(message)}", file=sys.stderr)  # noqa: T201, the last word
    return MISUSE


def _apologise(error: Exception) -> int:
    print(  # noqa: T201, the last word
        f"{PROGRAM}: this is our fault: {type(error).__name__}: {clean(str(error))}\n"
        f"Please report it, with the traceback that {DEBUG}=1 shows.",
        file=sys.stderr,
    )
    return OUR_FAULT
