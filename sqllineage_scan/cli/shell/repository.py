"""What a command works on: the graph of a repository, or of a lineage document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from sqllineage_scan.cli.shell.progress import ProgressBar
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqllineage_scan.cli.shell.cache_options import CacheOptions
    from sqllineage_scan.cli.shell.dbt_options import DbtOptions
    from sqllineage_scan.cli.shell.terminal import Terminal
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.pipeline.options import ScanOptions

Value = TypeVar("Value")


def scan_folder(path: Path, terminal: Terminal) -> LineageGraph:
    """The graph of a repository as its own configuration has it."""
    return scan_with(path, folder_options(path), terminal)


def folder_options(
    path: Path,
    *,
    configuration: Path | None = None,
    dialect: str | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    processes: int | None = None,
    dbt: DbtOptions | None = None,
    cache: CacheOptions | None = None,
) -> ScanOptions:
    """What the options say is said over what the configuration says; patterns to leave out add up."""
    from sqllineage_scan.config.load import load_settings
    from sqllineage_scan.config.settings import options_from

    if not path.exists():
        raise UsageError(f"no such path: {path}")
    if not path.is_dir():
        raise UsageError(f"{path} is a file; give the folder of a repository")
    options = options_from(load_settings(path, configuration), root=path)
    options = replace(
        options,
        dialect=options.dialect if dialect is None else dialect,
        include=tuple(include) or options.include,
        exclude=(*options.exclude, *exclude),
        processes=options.processes if processes is None else processes,
    )
    options = options if dbt is None else dbt.over(options)
    return options if cache is None else cache.over(options)


def scan_with(path: Path, options: ScanOptions, terminal: Terminal) -> LineageGraph:
    from sqllineage_scan import api

    with ProgressBar(terminal) as progress:
        graph = api.scan(path, options=options, progress=progress)
    if not graph.coverage.files:
        raise UsageError(f"nothing to scan: no .sql files or dbt project below {path.resolve()}")
    return graph


def graph_of(path: Path, terminal: Terminal) -> LineageGraph:
    """PATH is a repository, or a lineage document: whatever is not a folder."""
    if path.is_dir():
        return scan_folder(path, terminal)
    if not path.exists():
        raise UsageError(f"no such path: {path}")
    from sqllineage_scan import api

    return api.load(path)


_READ_BY_HOSTS = frozenset({"github", "gitlab", "sarif"})


def as_hosts_see(value: Value, form: str, path: Path) -> Value:
    """Hosts find a file by its path from the root of the repository, of which ``path`` may be a folder."""
    if form not in _READ_BY_HOSTS or not path.is_dir():
        return value
    from sqllineage_scan.discover.host import below_root
    from sqllineage_scan.domain.span import from_root

    return from_root(value, below_root(path))
