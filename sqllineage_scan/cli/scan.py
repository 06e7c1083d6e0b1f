"""Build the lineage graph, write the document, print a summary.

\b
Examples:
  sqllineage-scan scan                            this repository
  sqllineage-scan scan warehouse -o out/dwh.json  another, written elsewhere
  sqllineage-scan scan -o - | jq .stats.coverage  the document on stdout
  sqllineage-scan scan --dialect snowflake --exclude 'archive/**'
  sqllineage-scan scan --target prod --vars '{start: 2024-01-01}'
  sqllineage-scan scan --shard 2/8                a part, for `link` to join
  sqllineage-scan scan --executor dask --scheduler tcp://10.0.0.1:8786

Settings that stay belong into sqllineage-scan.toml, or into [tool.sqllineage-scan] of pyproject.toml.
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sqllineage_scan.cli.shell.cache_options import CacheOptions
from sqllineage_scan.cli.shell.dbt_options import DbtOptions
from sqllineage_scan.cli.shell.executor_options import executor_of
from sqllineage_scan.cli.shell.progress import ProgressBar
from sqllineage_scan.cli.shell.recording import is_recorded
from sqllineage_scan.cli.shell.repository import folder_options, scan_with
from sqllineage_scan.cli.shell.terminal import Terminal

if TYPE_CHECKING:
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.outputs.lines import Line
    from sqllineage_scan.pipeline.options import ScanOptions
    from sqllineage_scan.pipeline.unchanged import Said

STANDARD_OUTPUT = "-"


class FailOn(StrEnum):
    """From which severity on findings fail the command."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NEVER = "never"


SCANS = True


def command(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The repository.", show_default="here")] = Path(),
    *,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write; - is stdout.", show_default="lineage.FORMAT"),
    ] = "",
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="What to write.")] = "json",
    dialect: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="SQL dialect of every file, whatever the repository says."),
    ] = None,
    include: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN", help="Scan only such files (as in .gitignore; repeatable).")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN", help="Leave out such files (as in .gitignore; repeatable).")
    ] = None,
    profiles_dir: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="dbt: folder of profiles.yml.", show_default="nearest of the repository"),
    ] = None,
    profile: Annotated[str | None, typer.Option(metavar="NAME", help="dbt: profile of every project.")] = None,
    target: Annotated[str | None, typer.Option("--target", "-t", metavar="NAME", help="dbt: target of the profile.")] = None,
    variables: Annotated[
        str | None, typer.Option("--vars", metavar="YAML", help="dbt: vars over those of the project: '{name: value}'.")
    ] = None,
    artifacts: Annotated[
        bool | None,
        typer.Option(
            "--artifacts/--no-artifacts", help="dbt: use its manifest.json and catalog.json where fresh.", show_default="use them"
        ),
    ] = None,
    processes: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Processes that read files; 0: as many as make sense.")
    ] = None,
    executor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who reads files instead of this machine's processes: dask.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Of the executor's cluster: tcp://host:8786.", show_default="a local one"),
    ] = None,
    shard: Annotated[
        str | None, typer.Option(metavar="K/N", help="Read only the K-th part of N, for `link` to join: a CI matrix.")
    ] = None,
    cache_dir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the cache.", show_default="the user's own")
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Read every file anew, and keep nothing.")] = False,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", metavar="SEVERITY", help="Exit 1 on findings as bad: error, warning, note.")
    ] = FailOn.NEVER,
    config: Annotated[Path | None, typer.Option(metavar="FILE", help="Configuration, instead of the repository's own.")] = None,
) -> None:
    from sqllineage_scan.outputs.files import check_writable, write_file
    from sqllineage_scan.outputs.formats import ending, is_binary, writer
    from sqllineage_scan.pipeline.cache.written import is_written, note_written
    from sqllineage_scan.pipeline.memory import no_collection
    from sqllineage_scan.pipeline.unchanged import Repetition

    terminal = Terminal.of(context)
    write = writer("lineage", form)
    binary = is_binary("lineage", form)
    given_output = output
    output = output or f"lineage.{ending('lineage', form)}"
    if output != STANDARD_OUTPUT:
        check_writable(Path(output))
    options = folder_options(
        path,
        configuration=config,
        dialect=dialect,
        include=include or (),
        exclude=exclude or (),
        processes=processes,
        dbt=DbtOptions(profiles_dir=profiles_dir, profile=profile, target=target, vars=variables, artifacts=artifacts),
        cache=CacheOptions(folder=cache_dir, off=no_cache),
    )
    if shard is not None:
        with executor_of(executor, scheduler) as chosen:
            _write_shard(path, replace(options, executor=chosen), shard, given_output, terminal)
        return
    words = (form, fail_on, str(terminal.width(sys.stdout)), output)
    repeats = output != STANDARD_OUTPUT and not is_recorded(context)  # a record tells of work that was done
    repetition = Repetition(path, Path(output), words, options) if repeats else None
    said = repetition.said_before() if repetition is not None else None
    if said is None:
        with executor_of(executor, scheduler) as chosen:
            graph = scan_with(path, replace(options, executor=chosen), terminal)
        with no_collection():
            if output == STANDARD_OUTPUT:
                write(graph, terminal.data_stream(sys.stdout, binary=binary))
            elif not is_written(graph, Path(output), form, options):
                write_file(Path(output), graph, write, binary=binary)
                note_written(graph, Path(output), form, options)
        said = _said(graph, output, fail_on, terminal)
        if repetition is not None:
            repetition.note(said)
    if not terminal.quiet:  # where the document takes standard output, the summary is talk
        terminal.show(said.summary, sys.stderr if output == STANDARD_OUTPUT else sys.stdout)
    terminal.show(said.complaint, sys.stderr)
    if said.code:
        raise typer.Exit(said.code)


def _write_shard(path: Path, options: ScanOptions, text: str, output: str, terminal: Terminal) -> None:
    from sqllineage_scan.outputs.files import write_file
    from sqllineage_scan.outputs.lines import Piece, Role, counted, line
    from sqllineage_scan.pipeline.shards import compile_shard, part, write_shard

    wanted = part(text)
    target = Path(output or f"lineage-{wanted.number}-of-{wanted.of}.shard")
    with ProgressBar(terminal) as progress:
        shard = compile_shard(path, options, wanted, progress)
    write_file(target, shard, write_shard, binary=True)
    if not terminal.quiet:
        terminal.show([line(f"{counted(len(shard.files), 'file')}: written to ", Piece(str(target), Role.NAME))], sys.stdout)


def _said(graph: LineageGraph, output: str, fail_on: FailOn, terminal: Terminal) -> Said:
    from sqllineage_scan.outputs.lineage.summary import summary
    from sqllineage_scan.outputs.lines import Piece, Role, line
    from sqllineage_scan.pipeline.unchanged import Said

    stream = sys.stderr if output == STANDARD_OUTPUT else sys.stdout
    lines = list(summary(graph, terminal.width(stream)))
    if output != STANDARD_OUTPUT:
        lines += [(), line("Written to ", Piece(output, Role.NAME))]
    complaint = _failing(graph, fail_on)
    return Said(lines, complaint, 1 if complaint else 0)


def _failing(graph: LineageGraph, fail_on: FailOn) -> list[Line]:
    """The first of what is as bad as was said."""
    from sqllineage_scan.domain.finding import Severity
    from sqllineage_scan.outputs.lines import line

    worst_first = list(Severity)
    bad = worst_first[: worst_first.index(Severity(fail_on)) + 1] if fail_on is not FailOn.NEVER else []
    failing = [finding for finding in graph.findings if finding.severity in bad]
    if not failing:
        return []
    first = min(failing, key=lambda finding: (worst_first.index(finding.severity), finding.span))
    more = f" (and {len(failing) - 1} more)" if len(failing) > 1 else ""
    return [line(f"{first.span}: {first.severity}: {first.message}{more}")]
