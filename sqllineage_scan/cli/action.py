"""Run as the GitHub Action does: compare, sum up, annotate, set outputs.

action.yml calls it with its inputs in the environment (INPUT_BASE, INPUT_FAIL_ON, …), and posts the comment in a step of
its own, so that what reads the pull request's files has no token. Elsewhere use scan, diff, site and comment.

What is compared: HEAD with the pull request's base, with what was pushed to, or with --base. Where nothing came before,
the repository is scanned and nothing compared.

\b
Examples:
  sqllineage-scan action --fail-on breaking,error
  INPUT_BASE=v1.4 sqllineage-scan action
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Annotated

import typer

from sqllineage_scan.cli.shell.cache_options import CacheOptions
from sqllineage_scan.cli.shell.terminal import Terminal

if TYPE_CHECKING:
    from sqllineage_scan.domain.change import Diff
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.integrations.runner import Runner
    from sqllineage_scan.pipeline.options import ScanOptions

REPORT = "lineage-diff.json"
MARKDOWN = "lineage-diff.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inputs:
    path: Path
    base: str
    dialect: str
    config: Path | None
    cache: bool
    step_summary: bool
    annotations: bool
    sarif: Path | None
    site_dir: Path | None
    output: Path | None

    def options(self, folder: Path) -> ScanOptions:
        from sqllineage_scan.config.load import load_settings
        from sqllineage_scan.config.settings import options_from

        found = options_from(load_settings(folder, self.config), root=self.path)
        found = replace(found, dialect=self.dialect or found.dialect)
        return CacheOptions(off=not self.cache).over(found)


SCANS = True


def command(
    context: typer.Context,
    *,
    path: Annotated[Path, typer.Option(envvar="INPUT_PATH", metavar="DIR", help="The folder to scan.")] = Path(),
    base: Annotated[
        str,
        typer.Option(envvar="INPUT_BASE", metavar="BASE", help="A revision, or a lineage document.", show_default="the event's"),
    ] = "",
    dialect: Annotated[str, typer.Option(envvar="INPUT_DIALECT", metavar="NAME", help="SQL dialect of every file.")] = "",
    config: Annotated[
        Path | None, typer.Option(envvar="INPUT_CONFIG", metavar="FILE", help="Configuration, instead of head's own.")
    ] = None,
    fail_on: Annotated[
        str,
        typer.Option(
            envvar="INPUT_FAIL_ON", metavar="WORDS", help="breaking, review; error, warning, note of new findings; never."
        ),
    ] = "never",
    cache: Annotated[bool, typer.Option("--cache/--no-cache", envvar="INPUT_CACHE", help="Keep what was compiled.")] = True,
    step_summary: Annotated[
        bool, typer.Option("--step-summary/--no-step-summary", envvar="INPUT_STEP_SUMMARY", help="Write the step's summary.")
    ] = True,
    annotations: Annotated[
        bool, typer.Option("--annotations/--no-annotations", envvar="INPUT_ANNOTATIONS", help="Annotate changed lines.")
    ] = True,
    sarif: Annotated[Path | None, typer.Option(envvar="INPUT_SARIF", metavar="FILE", help="Write SARIF.")] = None,
    site_dir: Annotated[Path | None, typer.Option(envvar="INPUT_SITE_DIR", metavar="DIR", help="Write the site.")] = None,
    output: Annotated[
        Path | None, typer.Option(envvar="INPUT_OUTPUT", metavar="FILE", help="Write the lineage document.")
    ] = None,
) -> None:
    from sqllineage_scan.errors import UsageError
    from sqllineage_scan.integrations.action import Gate
    from sqllineage_scan.integrations.runner import Runner

    terminal = Terminal.of(context)
    runner = Runner.of(os.environ)
    if runner is None:
        raise UsageError("this is what the GitHub Action runs; elsewhere use scan, diff, site and comment")
    gate = Gate.of(fail_on)
    inputs = _Inputs(
        path=path,
        base=base,
        dialect=dialect,
        config=config,
        cache=cache,
        step_summary=step_summary,
        annotations=annotations,
        sarif=sarif,
        site_dir=site_dir,
        output=output,
    )
    diff = _compared(inputs, runner)
    graph = _scanned(inputs, runner, terminal) if diff is None or site_dir or output else None
    if diff is not None:
        _report(diff, inputs, runner, terminal)
    reason = gate.failing(diff, diff.findings if diff is not None else graph.findings if graph is not None else ())
    if reason:
        _say("error", reason, "Lineage gate")
        raise typer.Exit(1)


def _compared(inputs: _Inputs, runner: Runner) -> Diff | None:
    """None where there is nothing to compare with."""
    from sqllineage_scan import api
    from sqllineage_scan.discover.revision import GitRepository
    from sqllineage_scan.domain.span import from_root
    from sqllineage_scan.errors import UsageError
    from sqllineage_scan.integrations.action import named_by
    from sqllineage_scan.integrations.checkout import base_of

    if inputs.base and Path(inputs.base).is_file():
        return api.compare(api.load(inputs.base), api.scan(inputs.path, options=inputs.options(inputs.path)))
    git = GitRepository(inputs.path)
    base = inputs.base or base_of(runner, git)
    if not base:
        return None
    try:
        diff = api.compare(base, "HEAD", path=inputs.path, options=inputs.options)
    except UsageError as error:
        if inputs.base or runner.pull_request() is not None or not str(error).startswith("no commit is called"):
            raise
        _say("notice", f"nothing to compare with: {error}", "Lineage")  # a push that rewrote what was there
        return None
    return from_root(named_by(runner, diff), git.prefix.rstrip("/"))


def _scanned(inputs: _Inputs, runner: Runner, terminal: Terminal) -> LineageGraph:
    """The graph of what is checked out, with its document and its site as far as they are wanted."""
    from sqllineage_scan import api
    from sqllineage_scan.outputs.lineage.summary import summary

    graph = api.scan(inputs.path, options=inputs.options(inputs.path))
    with _UnderstoodAsText():
        terminal.show(summary(graph, terminal.width(sys.stdout)), sys.stdout)
    if inputs.site_dir is not None:
        api.write_site(graph, inputs.site_dir, source=inputs.path)
        runner.set_outputs({"site-path": str(inputs.site_dir.resolve())})
    if inputs.output is not None:
        api.write(graph, inputs.output)
        runner.set_outputs({"document": str(inputs.output.resolve())})
    return graph


def _report(diff: Diff, inputs: _Inputs, runner: Runner, terminal: Terminal) -> None:
    """The same comparison to everybody who reads it: the log, the summary, files, annotations, outputs."""
    from sqllineage_scan.integrations.action import outputs_of
    from sqllineage_scan.integrations.comment import summary, whole
    from sqllineage_scan.outputs.changes.text import describe
    from sqllineage_scan.outputs.files import write_file
    from sqllineage_scan.outputs.formats import writer

    with _UnderstoodAsText():
        terminal.show(describe(diff, terminal.width(sys.stdout)), sys.stdout)
    folder = Path(mkdtemp(prefix="lineage-", dir=os.environ.get("RUNNER_TEMP")))
    write_file(folder / REPORT, diff, writer("changes", "json"))
    (folder / MARKDOWN).write_text(whole(diff, runner), encoding="utf-8", newline="\n")
    runner.set_outputs({**outputs_of(diff), "report-json": str(folder / REPORT), "report-md": str(folder / MARKDOWN)})
    if inputs.step_summary:
        runner.add_summary(summary(diff, runner))
    if inputs.annotations:
        writer("changes", "github")(diff, sys.stdout)
    if inputs.sarif is not None:
        write_file(inputs.sarif, diff, writer("changes", "sarif"))
        runner.set_outputs({"sarif-path": str(inputs.sarif.resolve())})


class _UnderstoodAsText:
    """What is printed in between is no command to the runner, though a name in it may look like one."""

    def __enter__(self) -> None:
        from secrets import token_hex

        self._end = token_hex(16)
        sys.stdout.write(f"::stop-commands::{self._end}\n")

    def __exit__(self, *_: object) -> None:
        sys.stdout.write(f"::{self._end}::\n")


def _say(level: str, message: str, title: str) -> None:
    from sqllineage_scan.outputs.annotation import command as annotation

    sys.stdout.write(annotation(level, message, title=title) + "\n")
