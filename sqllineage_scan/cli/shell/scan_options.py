"""What commands that scan a folder let people say of it, and the options of the scan that come of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sqllineage_scan.cli.shell.cache_options import CacheOptions
from sqllineage_scan.cli.shell.dbt_options import DbtOptions
from sqllineage_scan.cli.shell.repository import folder_options

if TYPE_CHECKING:
    from sqllineage_scan.pipeline.options import ScanOptions

Dialect = Annotated[str | None, typer.Option(metavar="NAME", help="SQL dialect of every file.")]
Target = Annotated[str | None, typer.Option("--target", "-t", metavar="NAME", help="dbt: target of the profile.")]
Variables = Annotated[str | None, typer.Option("--vars", metavar="YAML", help="dbt: vars over those of the project.")]
CacheDir = Annotated[Path | None, typer.Option("--cache-dir", metavar="DIR", help="Where the cache is.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Compile everything, and keep nothing of it.")]
Config = Annotated[Path | None, typer.Option(metavar="FILE", help="Configuration, instead of the repository's own.")]


def scan_options(
    path: Path,
    *,
    dialect: str | None,
    target: str | None,
    variables: str | None,
    cache_dir: Path | None,
    no_cache: bool,
    config: Path | None,
) -> ScanOptions:
    cache = CacheOptions(folder=cache_dir, off=no_cache)
    dbt = DbtOptions(target=target, vars=variables)
    return folder_options(path, configuration=config, dialect=dialect, dbt=dbt, cache=cache)
