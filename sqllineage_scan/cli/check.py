"""Check the lineage: rules that no single file can show broken.

Exit 1 when something is as bad as --fail-on says and neither suppressed by a
comment (-- noqa: CL02) nor listed in the baseline.

\b
Examples:
  sqllineage-scan check                        this repository
  sqllineage-scan check --changed-since main   what the branch has broken
  sqllineage-scan check --format sarif -o out.sarif
  sqllineage-scan check --write-baseline       from now on, fail on new ones
  sqllineage-scan check --fail-on warning
  sqllineage-scan rules explain CL02           what a rule is for
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
from sqllineage_scan.cli.shell.progress import ProgressBar
from sqllineage_scan.cli.shell.terminal import Terminal

if TYPE_CHECKING:
    from sqllineage_scan.domain.report import Report

STANDARD_OUTPUT = "-"
BASELINE = "sqllineage-scan-baseline.json"


class FailOn(StrEnum):
    """From which severity on findings fail the command."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NEVER = "never"


SCANS = True


def command(
    context: typer.Context,
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="A repository, or a lineage document.", show_default="here")
    ] = Path(),
    *,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json, sarif, github, gitlab or junit.")] = "text",
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write.", show_default="stdout")] = "-",
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", metavar="SEVERITY", help="Exit 1 on findings as bad: error, warning, note, never.")
    ] = FailOn.ERROR,
    changed_since: Annotated[
        str | None, typer.Option(metavar="REV", help="Only what is found in files changed since, or rests on them.")
    ] = None,
    changed: Annotated[
        bool, typer.Option("--changed", help="The same since the last commit, or since what pre-commit compares with.")
    ] = False,
    baseline: Annotated[Path | None, typer.Option(metavar="FILE", help="Known findings, which fail nothing.")] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help=f"Write the baseline ({BASELINE}), fail nothing.")
    ] = False,
    notes: Annotated[bool | None, typer.Option("--notes/--no-notes", help="Show notes.", show_default="not in text")] = None,
    suppressed: Annotated[bool, typer.Option("--suppressed", help="Show what is suppressed, too.")] = False,
    dialect: Annotated[str | None, typer.Option(metavar="NAME", help="SQL dialect of every file.")] = None,
    processes: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Processes that read files; 0: as many as make sense.")
    ] = None,
    target_: Annotated[str | None, typer.Option("--target", "-t", metavar="NAME", help="dbt: target of the profile.")] = None,
    variables: Annotated[str | None, typer.Option("--vars", metavar="YAML", help="dbt: vars over those of the project.")] = None,
    cache_dir: Annotated[Path | None, typer.Option("--cache-dir", metavar="DIR", help="Where the cache is.")] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Compile everything, and keep nothing of it.")] = False,
    config: Annotated[Path | None, typer.Option(metavar="FILE", help="Configuration, instead of the repository's own.")] = None,
) -> None:
    from sqllineage_scan import api
    from sqllineage_scan.cli.shell.changed import changed_files
    from sqllineage_scan.cli.shell.repository import as_hosts_see
    from sqllineage_scan.config.load import load_settings
    from sqllineage_scan.config.settings import options_from
    from sqllineage_scan.errors import UsageError
    from sqllineage_scan.outputs.files import check_writable
    from sqllineage_scan.outputs.formats import writer

    terminal = Terminal.of(context)
    writer("findings", form)
    if not path.exists():
        raise UsageError(f"no such path: {path}")
    if output != STANDARD_OUTPUT:
        check_writable(Path(output))
    settings = load_settings(path if path.is_dir() else path.parent, config)
    options = options_from(settings, root=path)
    options = replace(
        options,
        dialect=options.dialect if dialect is None else dialect,
        processes=options.processes if processes is None else processes,
    )
    options = CacheOptions(folder=cache_dir, off=no_cache).over(DbtOptions(target=target_, vars=variables).over(options))
    since = changed_files(path, changed_since, hook=changed) if changed or changed_since is not None else None
    target = baseline or (path / (settings.baseline or BASELINE) if write_baseline else None)
    with ProgressBar(terminal) as progress:
        report = api.check(
            path,
            options=options,
            configuration=config,
            baseline=None if write_baseline else baseline,
            use_baseline=not write_baseline,
            changed=None if since is None else since.paths,
            gone=() if since is None else since.gone,
            since=changed_since,
            least="warning" if since is not None and form == "text" and not notes and fail_on is not FailOn.NOTE else "note",
            shown="warning"
            if form == "text" and output == STANDARD_OUTPUT and not (notes or suppressed or write_baseline)
            else "note",
            progress=progress,
        )
    if write_baseline:
        assert target is not None
        _write_baseline(report, target, terminal, configured=settings.baseline is not None or baseline is not None)
        return
    _write(as_hosts_see(report, form, path), form, output, terminal, notes=notes, suppressed=suppressed)
    if fail_on is not FailOn.NEVER:
        from sqllineage_scan.domain.finding import Severity

        if report.as_bad_as(Severity(fail_on.value)):
            raise typer.Exit(1)


def _write(report: Report, form: str, output: str, terminal: Terminal, *, notes: bool | None, suppressed: bool) -> None:
    from sqllineage_scan.outputs.files import write_file
    from sqllineage_scan.outputs.formats import writer

    if form == "text" and output == STANDARD_OUTPUT:
        from sqllineage_scan.outputs.findings.text import lines

        shown = lines(report, terminal.width(sys.stdout), suppressed=suppressed, notes=bool(notes))
        terminal.show(shown if report.open or suppressed or not terminal.quiet else (), sys.stdout)
        return
    write = writer("findings", form)
    if notes is False:
        from sqllineage_scan.domain.finding import Severity

        kept = tuple(each for each in report.findings if each.finding.severity is not Severity.NOTE)
        report = replace(report, findings=kept)
    if output != STANDARD_OUTPUT:
        write_file(Path(output), report, write)
        return
    terminal.as_data(sys.stdout)
    write(report, sys.stdout)


def _write_baseline(report: Report, path: Path, terminal: Terminal, *, configured: bool) -> None:
    from sqllineage_scan.linting.suppress import baseline_document
    from sqllineage_scan.outputs.files import write_file
    from sqllineage_scan.outputs.harmless import write_json
    from sqllineage_scan.outputs.lines import Piece, Role, counted, line

    document = baseline_document(report.findings)
    write_file(path, document, write_json)
    if not terminal.quiet:
        known = counted(len(document["findings"]), "finding")
        terminal.show([line(f"{known} written to ", Piece(str(path), Role.NAME))], sys.stdout)
        if not configured:
            terminal.show(
                [line(f'So that `check` reads it, write  baseline = "{path.name}"  into sqllineage-scan.toml.')], sys.stdout
            )
