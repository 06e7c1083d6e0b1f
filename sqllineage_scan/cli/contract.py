"""Contracts: check the SQL against them, compare two versions, write one.

Contracts are files of the Open Data Contract Standard (v3), and what dbt's YAML
says of models under contract. `contracts = ["contracts/*.yaml"]` in the
configuration says where they are; `check` then checks them too.

\b
Examples:
  sqllineage-scan contract check                    all of this repository
  sqllineage-scan contract check contracts/orders.yaml
  sqllineage-scan contract diff main:contracts/a.yaml contracts/a.yaml
  sqllineage-scan contract init orders -o contracts/orders.yaml
"""  # noqa: D301, \b tells click to leave the lines alone

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sqllineage_scan.cli.check import FailOn
from sqllineage_scan.cli.shell import scan_options as say
from sqllineage_scan.cli.shell.progress import ProgressBar
from sqllineage_scan.cli.shell.terminal import Terminal

if TYPE_CHECKING:
    from sqllineage_scan.domain.contract import ContractDiff

STANDARD_OUTPUT = "-"
_Folder = Annotated[Path, typer.Option("--path", metavar="DIR", help="The repository.", show_default="here")]
_Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write.", show_default="stdout")]


class FailOnTerms(StrEnum):
    """What fails a comparison of two versions."""

    VERSION = "version"
    BREAKING = "breaking"
    NEVER = "never"


SCANS = True


def check(
    context: typer.Context,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="Contracts.", show_default="those of the configuration")
    ] = None,
    *,
    path: _Folder = Path(),
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json, sarif, github, gitlab or junit.")] = "text",
    output: _Output = STANDARD_OUTPUT,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", metavar="SEVERITY", help="Exit 1 on findings as bad: error, warning, note, never.")
    ] = FailOn.ERROR,
    dialect: say.Dialect = None,
    target_: say.Target = None,
    variables: say.Variables = None,
    cache_dir: say.CacheDir = None,
    no_cache: say.NoCache = False,
    config: say.Config = None,
) -> None:
    """Check the SQL against contracts.

    Columns, types and tags; and the contracts' own files against the standard. The rules are those of the group
    `contracts` (sqllineage-scan rules list contracts), which `check` has too.

    \b
    Examples:
      sqllineage-scan contract check
      sqllineage-scan contract check contracts/orders.yaml --fail-on warning
      sqllineage-scan contract check --format sarif -o contracts.sarif
    """  # noqa: D301, as above
    from sqllineage_scan import api
    from sqllineage_scan.domain.finding import Severity
    from sqllineage_scan.errors import UsageError
    from sqllineage_scan.outputs.formats import writer
    from sqllineage_scan.pipeline.check import CONTRACTS

    terminal = Terminal.of(context)
    writer("findings", form)
    options = say.scan_options(
        path, dialect=dialect, target=target_, variables=variables, cache_dir=cache_dir, no_cache=no_cache, config=config
    )
    with ProgressBar(terminal) as progress:
        report = api.check(
            path,
            options=options,
            configuration=config,
            only=[CONTRACTS],
            contracts=[_from(path, file) for file in files] if files else None,
            progress=progress,
        )
    if not report.promises and not report.findings:
        raise UsageError(
            'there is no contract to check: name files, write `contracts = ["contracts/*.yaml"]` into sqllineage-scan.toml,'
            " or put dbt models under contract; `sqllineage-scan contract init NAME` writes one"
        )
    _write("findings", form, report, output, terminal)
    if fail_on is not FailOn.NEVER and report.as_bad_as(Severity(fail_on.value)):
        raise typer.Exit(1)


def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="A contract, or REV:FILE of git.", show_default=False)],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same.", show_default=False)],
    *,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json or markdown.")] = "text",
    output: _Output = STANDARD_OUTPUT,
    fail_on: Annotated[
        FailOnTerms,
        typer.Option(
            "--fail-on",
            metavar="WHAT",
            help="Exit 1 on: version (it says less than what changed), breaking (any such change, too), never.",
        ),
    ] = FailOnTerms.VERSION,
) -> None:
    """Compare two versions of a contract.

    What changed, what that breaks, and whether the version number says so: a
    breaking change takes a major version.

    \b
    Examples:
      sqllineage-scan contract diff main:contracts/orders.yaml contracts/orders.yaml
      sqllineage-scan contract diff old.yaml new.yaml --fail-on breaking
    """  # noqa: D301, as above
    from sqllineage_scan import api

    terminal = Terminal.of(context)
    found = api.compare_contracts(old, new)
    _write("terms", form, found, output, terminal)
    if _fails(found, fail_on):
        raise typer.Exit(1)


def init(
    context: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="DATASET...", help="Datasets of the repository.", show_default=False)],
    *,
    path: _Folder = Path(),
    output: _Output = STANDARD_OUTPUT,
    version: Annotated[str, typer.Option("--contract-version", metavar="VERSION", help="The contract's own.")] = "1.0.0",
    status: Annotated[str, typer.Option(metavar="WORD", help="draft, active …")] = "draft",
    title: Annotated[
        str, typer.Option("--name", metavar="TEXT", help="The contract's name.", show_default="of the dataset")
    ] = "",
    id_: Annotated[str, typer.Option("--id", metavar="TEXT", help="Its id.", show_default="a UUID of the names")] = "",
    dialect: say.Dialect = None,
    target_: say.Target = None,
    variables: say.Variables = None,
    cache_dir: say.CacheDir = None,
    no_cache: say.NoCache = False,
    config: say.Config = None,
) -> None:
    """Write a contract of what the SQL makes today.

    Columns, their types as far as the SQL or its DDL says them, tags, and what dbt tests: not_null, unique.

    \b
    Examples:
      sqllineage-scan contract init orders
      sqllineage-scan contract init orders customers -o contracts/shop.yaml
    """  # noqa: D301, as above
    from sqllineage_scan import api
    from sqllineage_scan.inputs.odcs import check_installed
    from sqllineage_scan.outputs.files import check_writable

    terminal = Terminal.of(context)
    check_installed()
    if output != STANDARD_OUTPUT:
        check_writable(Path(output))
    options = say.scan_options(
        path, dialect=dialect, target=target_, variables=variables, cache_dir=cache_dir, no_cache=no_cache, config=config
    )
    with ProgressBar(terminal) as progress:
        contract = api.contract_of(
            names, path, version=version, status=status, title=title, id=id_, options=options, progress=progress
        )
    _write("contract", "odcs", contract, output, terminal)


COMMANDS = {"check": check, "diff": diff, "init": init}


def _from(root: Path, file: str) -> str:
    """A file as its user names it, from the root: so findings name it as all others are named."""
    from sqllineage_scan.errors import UsageError

    if not Path(file).is_file():
        raise UsageError(f"no such file: {file}")
    return Path(os.path.relpath(file, root)).as_posix()


def _fails(found: ContractDiff, fail_on: FailOnTerms) -> bool:
    return fail_on is not FailOnTerms.NEVER and bool(found.judged or (fail_on is FailOnTerms.BREAKING and found.breaking))


def _write(thing: str, form: str, value: Any, output: str, terminal: Terminal) -> None:
    from sqllineage_scan.outputs.files import write_file
    from sqllineage_scan.outputs.formats import writer

    write = writer(thing, form)
    if output != STANDARD_OUTPUT:
        write_file(Path(output), value, write)
    elif form == "text":
        from importlib import import_module

        text = import_module(f"sqllineage_scan.outputs.{thing}.text")
        describe = getattr(text, "describe", None) or text.lines
        terminal.show(describe(value, terminal.width(sys.stdout)), sys.stdout)
    else:
        terminal.as_data(sys.stdout)
        write(value, sys.stdout)
