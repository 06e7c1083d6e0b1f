"""Post a comparison as the comment of its pull request, and keep it up to date.

\b
Examples:
  sqllineage-scan diff main --format json | sqllineage-scan comment
  sqllineage-scan comment diff.json --repository shop/dwh --pull-request 7
  sqllineage-scan comment diff.json --dry-run        print it, ask nobody
  sqllineage-scan comment diff.json --mode recreate  a new one at every push
  sqllineage-scan comment diff.json --host gitlab    a note of a merge request

The token is read from GITHUB_TOKEN, GH_TOKEN or GITLAB_TOKEN. In a CI job the pull request is known from the job's own
environment, never from the report. Where the token may not comment (a fork's), the job goes on, and the report is in the
summary of its step.
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sqllineage_scan.cli.shell.terminal import Terminal
from sqllineage_scan.integrations.sticky import Mode

if TYPE_CHECKING:
    from sqllineage_scan.integrations.comment import Posted
    from sqllineage_scan.integrations.runner import Runner

LONGEST = 60_000
"""Characters, where nothing else is said: room for what a host adds when somebody quotes the comment."""


def command(
    context: typer.Context,
    report: Annotated[str, typer.Argument(metavar="REPORT", help="What diff --format json wrote; - is stdin.")] = "-",
    *,
    mode: Annotated[Mode, typer.Option(metavar="MODE", help="update, recreate, hide (the old one) or off.")] = Mode.UPDATE,
    key: Annotated[str, typer.Option(metavar="NAME", help="Tells apart several comments of one pull request.")] = "default",
    pull_request: Annotated[
        int | None, typer.Option(metavar="NUMBER", min=1, help="Which one.", show_default="that of the CI job")
    ] = None,
    repository: Annotated[str, typer.Option(metavar="OWNER/NAME", help="Where it is.", show_default="that of the CI job")] = "",
    host: Annotated[str, typer.Option(metavar="NAME", help="github or gitlab.", show_default="that of the CI job")] = "",
    max_characters: Annotated[int, typer.Option(metavar="N", min=1000, help="Longest comment.")] = LONGEST,
    step_summary: Annotated[
        bool, typer.Option("--step-summary/--no-step-summary", help="Write the whole report to GITHUB_STEP_SUMMARY.")
    ] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the comment and ask nobody.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 when the comment could not be posted.")] = False,
) -> None:
    from sqllineage_scan.integrations.comment import Order, body, post, summary
    from sqllineage_scan.integrations.place import Wanted
    from sqllineage_scan.integrations.report import read_report
    from sqllineage_scan.integrations.runner import Runner

    terminal = Terminal.of(context)
    order = Order(
        mode=mode, key=key, longest=max_characters, wanted=Wanted(host=host, repository=repository, number=pull_request)
    )
    diff = read_report(report)
    if dry_run:
        terminal.as_data(sys.stdout)
        sys.stdout.write(body(diff, order))
        return
    runner = Runner.of(os.environ)
    if runner is not None and step_summary:
        runner.add_summary(summary(diff, runner))
    posted = post(diff, order, os.environ)
    if runner is not None and posted.id:
        runner.set_outputs({"comment-id": posted.id})
    _tell(posted, runner, terminal)
    if strict and posted.trouble:
        raise typer.Exit(1)


def _tell(posted: Posted, runner: Runner | None, terminal: Terminal) -> None:
    """What came of it. Trouble of the host's is a warning on the run's page: the change is not at fault."""
    from sqllineage_scan.outputs.annotation import command as annotation
    from sqllineage_scan.outputs.lines import line

    if posted.trouble and runner is not None:
        sys.stdout.write(annotation("warning", posted.said, title="Lineage comment not posted") + "\n")
    elif posted.trouble or not terminal.quiet:
        terminal.show([line(posted.said)], sys.stderr)
