"""Write a configuration, a hook and a workflow that fit.

What is there already is left alone; what has to go into an existing file is
printed, to be added by hand. Everything written is commented, and can go.

\b
Examples:
  sqllineage-scan init                 this repository
  sqllineage-scan init --dry-run       only show what would be written
  sqllineage-scan init --force         write over what is there
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sqllineage_scan.cli.shell.terminal import Terminal


def command(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The repository.", show_default="here")] = Path(),
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
) -> None:
    from sqllineage_scan.config.load import load_settings
    from sqllineage_scan.config.settings import options_from
    from sqllineage_scan.config.suggest import suggestions
    from sqllineage_scan.discover.project import DiscoverOptions, discover
    from sqllineage_scan.errors import UsageError
    from sqllineage_scan.outputs.files import write_file
    from sqllineage_scan.outputs.lines import Piece, Role, line

    terminal = Terminal.of(context)
    if not path.is_dir():
        raise UsageError(f"no such folder: {path}")
    options = options_from(load_settings(path), root=path)
    project = discover(path, DiscoverOptions(dialect=options.dialect, dialects=options.dialects, exclude=options.exclude))
    if not project.files:
        raise UsageError(f"nothing to scan: no .sql files or dbt project below {path.resolve()}")
    for each in suggestions(path, project):
        there = bool(each.path) and (path / each.path).exists()
        if not each.path or dry_run:
            head = f"{each.path}: {each.why}" if each.path else each.why
            terminal.show(
                [line(Piece(f"# {head}", Role.QUIET)), *(line(row) for row in each.text.rstrip().split("\n")), ()], sys.stdout
            )
        elif there and not force:
            terminal.show([line("There already: ", Piece(each.path, Role.NAME))], sys.stdout)
        else:
            write_file(path / each.path, each.text, lambda text, out: _written(out.write(text)))
            terminal.show([line("Written: ", Piece(each.path, Role.NAME), Piece(f", {each.why}", Role.QUIET))], sys.stdout)
    if not dry_run and not terminal.quiet:
        terminal.show([(), line("Next: ", Piece("sqllineage-scan check", Role.NAME))], sys.stdout)


def _written(length: int) -> None:
    del length
