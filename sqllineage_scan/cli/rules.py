"""The rules: list them, explain one, run their examples.

\b
Examples:
  sqllineage-scan rules list                      all, as configured here
  sqllineage-scan rules explain CL02              what it is for, bad and good
  sqllineage-scan rules explain columns.missing   by name
  sqllineage-scan rules test                      the examples of all rules
  sqllineage-scan rules test acme.no_floats       of one of your own
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sqllineage_scan.cli.shell.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.rule import Rule


class Action(StrEnum):
    LIST = "list"
    EXPLAIN = "explain"
    TEST = "test"


def command(
    context: typer.Context,
    action: Annotated[Action, typer.Argument(metavar="ACTION", help="list, explain or test.", show_default=False)],
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[RULE]...", help="Rules by name, code or group.", show_default="all")
    ] = None,
    *,
    path: Annotated[
        Path, typer.Option("--path", metavar="DIR", help="The repository: its configuration and own rules.")
    ] = Path(),
    config: Annotated[Path | None, typer.Option(metavar="FILE", help="Configuration, instead of the repository's own.")] = None,
) -> None:
    from sqllineage_scan.config.load import load_settings
    from sqllineage_scan.config.rules import rule_folders, rule_settings
    from sqllineage_scan.errors import UsageError
    from sqllineage_scan.linting.load import load_rules
    from sqllineage_scan.linting.run import severity_of

    terminal = Terminal.of(context)
    settings = load_settings(path, config)
    folders = rule_folders(settings, path)
    rules = load_rules(folders)
    wanted = _wanted(rules, names or ())
    if action is Action.LIST:
        from sqllineage_scan.outputs.rules.text import listing

        chosen = rule_settings(settings, rules)
        severities = {rule.name: severity_of(rule, chosen, "", rule.severity) for rule in wanted}
        terminal.show(listing(wanted, severities, terminal.width(sys.stdout)), sys.stdout)
    elif action is Action.EXPLAIN:
        if not names:
            raise UsageError("explain which rule? For example: sqllineage-scan rules explain CL02; `rules list` shows them")
        _explain(wanted, folders, terminal)
    else:
        _test(wanted, rules, folders, terminal)


def _wanted(rules: Sequence[Rule], names: Sequence[str]) -> list[Rule]:
    from difflib import get_close_matches

    from sqllineage_scan.errors import UsageError

    found: list[Rule] = []
    for name in names:
        fitting = [rule for rule in rules if name.casefold() in (rule.name, rule.code.casefold(), rule.group)]
        if not fitting:
            close = get_close_matches(name, [label for rule in rules for label in (rule.name, rule.code)], n=2)
            hint = f"did you mean {' or '.join(close)}?" if close else "`sqllineage-scan rules list` shows them"
            raise UsageError(f"there is no rule {name!r}; {hint}")
        found += [rule for rule in fitting if rule not in found]
    return found if names else list(rules)


def _explain(rules: Sequence[Rule], folders: Sequence[Path], terminal: Terminal) -> None:
    from sqllineage_scan.linting.load import examples
    from sqllineage_scan.outputs.rules.text import explained

    for number, rule in enumerate(rules):
        lines = explained(rule, examples(rule.name, folders), terminal.width(sys.stdout))
        terminal.show([(), *lines] if number else lines, sys.stdout)


def _test(wanted: Sequence[Rule], rules: Sequence[Rule], folders: Sequence[Path], terminal: Terminal) -> None:
    from sqllineage_scan.linting.load import check_words
    from sqllineage_scan.outputs.lines import counted, line
    from sqllineage_scan.testing import run_examples

    run = failed = 0
    for rule in wanted:
        check_words(rule, rule.origin or rule.name)
        for outcome in run_examples(rule, rules, folders):
            run += 1
            if outcome.problem:
                failed += 1
                title = f" ({outcome.title})" if outcome.title else ""
                terminal.show([line(f"{rule.name}, example {outcome.number}{title}: {outcome.problem}")], sys.stdout)
    if not terminal.quiet:
        told = (
            f"{counted(failed, 'example')} failed of {run}"
            if failed
            else f"{counted(run, 'example')} of {counted(len(wanted), 'rule')} hold"
        )
        terminal.show([line(f"{told}.")], sys.stdout)
    if failed:
        raise typer.Exit(1)
