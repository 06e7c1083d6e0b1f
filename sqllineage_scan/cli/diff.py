"""Show what a change does to everything downstream: two revisions, or two documents.

BASE and HEAD are revisions of git, read from its objects: nothing is checked out, and
no hook runs. Without HEAD it is the work tree as it is. BASE stands for the commit
that it and HEAD forked from, as in a pull request; main..feature or --tip compares
with main itself. Two lineage documents (files) are compared likewise.

\b
Examples:
  sqllineage-scan diff main                     my work, uncommitted too
  sqllineage-scan diff main HEAD --fail-on breaking
  sqllineage-scan diff v1.4 v1.5 --format markdown -o changes.md
  sqllineage-scan diff base.json head.json      two documents: no git, no scan
  sqllineage-scan diff main --format site -o review/
  dbt build -s $(sqllineage-scan diff main --format dbt)

\b
A break that is meant is said in the code, and then fails no gate:
  -- lineage: allow-break amount "moved to tax mart"
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
from sqllineage_scan.cli.shell.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from sqllineage_scan.domain.change import Diff
    from sqllineage_scan.pipeline.options import ScanOptions

STANDARD_OUTPUT = "-"
SITE = "site"  # the format that is a folder


HOOK_BASE, HOOK_HEAD = "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"  # what pre-commit compares, before a push and in CI


class FailOn(StrEnum):
    """From which verdict on the command fails."""

    BREAKING = "breaking"
    REVIEW = "review"
    NEVER = "never"


SCANS = True


def command(
    context: typer.Context,
    base: Annotated[
        str, typer.Argument(metavar="BASE", help="A revision, or a lineage document.", envvar=HOOK_BASE, show_envvar=False)
    ] = "HEAD",
    head: Annotated[
        str | None,
        typer.Argument(metavar="HEAD", help="The same.", envvar=HOOK_HEAD, show_envvar=False, show_default="the work tree"),
    ] = None,
    *,
    path: Annotated[Path, typer.Option("--path", metavar="DIR", help="The folder to scan.", show_default="here")] = Path(),
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text, markdown, json, github, sarif, mermaid, dbt or site.")
    ] = "text",
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - is stdout. Of a site the folder.")
    ] = STANDARD_OUTPUT,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", metavar="VERDICT", help="Exit 1 on a verdict as bad: breaking, review.")
    ] = FailOn.NEVER,
    tip: Annotated[bool, typer.Option("--tip", help="Compare with BASE itself, not with where HEAD forked from it.")] = False,
    fetch: Annotated[bool, typer.Option("--fetch/--no-fetch", help="Fetch a revision that is not here.")] = True,
    dialect: Annotated[str | None, typer.Option(metavar="NAME", help="SQL dialect of every file.")] = None,
    include: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN", help="Scan only such files (as in .gitignore; repeatable).")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN", help="Leave out such files (as in .gitignore; repeatable).")
    ] = None,
    profiles_dir: Annotated[Path | None, typer.Option(metavar="DIR", help="dbt: folder of profiles.yml.")] = None,
    profile: Annotated[str | None, typer.Option(metavar="NAME", help="dbt: profile of every project.")] = None,
    target: Annotated[str | None, typer.Option("--target", "-t", metavar="NAME", help="dbt: target of the profile.")] = None,
    variables: Annotated[str | None, typer.Option("--vars", metavar="YAML", help="dbt: vars over those of the project.")] = None,
    artifacts: Annotated[
        bool | None,
        typer.Option("--artifacts/--no-artifacts", help="dbt: use its artifacts where fresh.", show_default="use them"),
    ] = None,
    processes: Annotated[int | None, typer.Option(metavar="N", min=0, help="Processes that read files.")] = None,
    cache_dir: Annotated[Path | None, typer.Option("--cache-dir", metavar="DIR", help="Where to keep what was compiled.")] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Compile everything, and keep nothing of it.")] = False,
    config: Annotated[Path | None, typer.Option(metavar="FILE", help="Configuration, instead of head's own.")] = None,
    templates: Annotated[Path | None, typer.Option(metavar="DIR", help="Templates of the site that stand in for ours.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write the site into a folder that is none.")] = False,
) -> None:
    from sqllineage_scan import api
    from sqllineage_scan.cli.shell.progress import ProgressBar
    from sqllineage_scan.cli.shell.repository import as_hosts_see
    from sqllineage_scan.config.load import load_settings
    from sqllineage_scan.config.settings import options_from
    from sqllineage_scan.outputs.files import check_writable, write_file
    from sqllineage_scan.outputs.formats import writer

    terminal = Terminal.of(context)
    if form == SITE:
        folder_of_site = _folder_of_site(output, templates, force=force)
    else:
        write = writer("changes", form)
        if output != STANDARD_OUTPUT:
            check_writable(Path(output))
    dbt = DbtOptions(profiles_dir=profiles_dir, profile=profile, target=target, vars=variables, artifacts=artifacts)

    def options(folder: Path) -> ScanOptions:
        found = options_from(load_settings(folder, config), root=path)
        found = replace(
            found,
            dialect=found.dialect if dialect is None else dialect,
            include=tuple(include or ()) or found.include,
            exclude=(*found.exclude, *(exclude or ())),
            processes=found.processes if processes is None else processes,
        )
        return CacheOptions(folder=cache_dir, off=no_cache).over(dbt.over(found))

    with ProgressBar(terminal) as progress:
        if form == SITE:
            diff = api.write_diff_site(
                base, head, folder_of_site, path=path, tip=tip, fetch=fetch, options=options, templates=templates, force=force,
                progress=progress,
            )  # fmt: skip
        else:
            diff = api.compare(base, head, path=path, tip=tip, fetch=fetch, options=options, progress=progress)
    if form == SITE:
        _say_where(diff, folder_of_site, terminal)
        return _gate(diff, fail_on, terminal)
    if form == "markdown":
        write = _with_links(diff, path)
    if output != STANDARD_OUTPUT:
        write_file(Path(output), as_hosts_see(diff, form, path), write)
    elif form == "text":
        from sqllineage_scan.outputs.changes.text import describe

        terminal.show(describe(diff, terminal.width(sys.stdout)), sys.stdout)
    else:
        terminal.as_data(sys.stdout)
        write(as_hosts_see(diff, form, path), sys.stdout)
    _gate(diff, fail_on, terminal)
    return None


def _folder_of_site(output: str, templates: Path | None, *, force: bool) -> Path:
    """Before an hour's work: whether the site can be written there."""
    from sqllineage_scan.errors import UsageError
    from sqllineage_scan.outputs.site.folder import check_folder

    folder = Path(SITE if output == STANDARD_OUTPUT else output)
    check_folder(folder, force=force)
    if templates is not None and not templates.is_dir():
        raise UsageError(f"there is no folder {templates}")
    return folder


def _say_where(diff: Diff, folder: Path, terminal: Terminal) -> None:
    from sqllineage_scan.outputs.lines import Piece, Role, counted, line

    if not terminal.quiet:
        said = f"{diff.verdict.value}, {counted(len(diff.changes), 'change')}: open "
        terminal.show([line(said, Piece(str(folder / "index.html"), Role.NAME))], sys.stdout)


def _with_links(diff: Diff, path: Path) -> Callable[[Diff, TextIO], None]:
    """Permalinks where it is known which host has which commit."""
    from sqllineage_scan.discover.host import commit_url
    from sqllineage_scan.outputs.changes._page import Page
    from sqllineage_scan.outputs.changes.markdown import render

    def address(commit: str | None) -> str:
        return (commit_url(path, commit) or "") if commit is not None else ""

    page = Page(head=address(diff.head.commit), base=address(diff.base.commit))

    def write(diff: Diff, out: TextIO) -> None:
        out.write(render(diff, page))

    return write


def _gate(diff: Diff, fail_on: FailOn, terminal: Terminal) -> None:
    """Exit 1 when the verdict is as bad as was said, naming the first change."""
    from sqllineage_scan.domain.change import Effect
    from sqllineage_scan.outputs.lines import line

    failing = [*diff.with_effect(Effect.BREAKING), *(diff.with_effect(Effect.REVIEW) if fail_on is FailOn.REVIEW else ())]
    if fail_on is FailOn.NEVER or not failing:
        return
    first = failing[0]
    more = f" (and {len(failing) - 1} more)" if len(failing) > 1 else ""
    said = f"{first.effect.value}: {first.subject} {first.kind.value.replace('_', ' ')}: {first.why}{more}"
    terminal.show([line(said)], sys.stderr)
    raise typer.Exit(1)
