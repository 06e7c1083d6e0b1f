"""The public face: what ``from sqllineage_scan import …`` gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqllineage_scan.config.dialect_names import check_dialect
from sqllineage_scan.config.load import load_settings
from sqllineage_scan.config.settings import options_from
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.model import LineageGraph
from sqllineage_scan.pipeline.options import ScanOptions

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["LineageGraph", "ScanOptions", "analyze_sql", "load", "scan", "write", "write_site"]


def scan(
    path: str | os.PathLike[str] = ".",
    *,
    options: ScanOptions | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> LineageGraph:
    """The lineage graph of the repository at ``path``. Trouble in its files is in ``graph.findings``, never an exception.

    Without ``options`` the repository's own configuration is used (``sqllineage-scan.toml``), and no other process is
    started: processes import the script that starts them, so ``ScanOptions(processes=4)`` is for scripts that guard their
    work by ``if __name__ == "__main__"``. ``progress`` is called with the name of a stage and how much of it is done, of
    how much.
    """
    root = Path(path)
    if not root.exists():
        raise UsageError(f"no such folder: {root}")
    if not root.is_dir():
        raise UsageError(f"{root} is a file, not a repository; a lineage document is read with load()")
    chosen = replace(options_from(load_settings(root), root=root), processes=1) if options is None else options
    chosen = replace(
        chosen,
        dialect=None if chosen.dialect is None else check_dialect(chosen.dialect),
        dialects={pattern: check_dialect(dialect) for pattern, dialect in chosen.dialects.items()},
    )

    from sqllineage_scan.pipeline.scan import scan_repository

    return scan_repository(root, chosen, progress)


def analyze_sql(
    sql: str,
    dialect: str | None = None,
    schema: Mapping[str, Mapping[str, str] | Sequence[str]] | None = None,
    default_catalog: str | None = None,
    default_schema: str | None = None,
) -> LineageGraph:
    """The lineage graph of some SQL. ``schema`` says which columns tables have: ``{"db.orders": {"id": "int"}}``.

    A bare SELECT writes the dataset ``<query>``.
    """
    from sqllineage_scan.pipeline.statement import analyze

    spoken = check_dialect(dialect or "")
    return analyze(sql, dialect=spoken, schema=schema, default_catalog=default_catalog, default_schema=default_schema)


def load(path: str | os.PathLike[str]) -> LineageGraph:
    """The graph of a file that ``scan`` or ``write`` wrote: a lineage document, or as sqlite, graphml or openlineage."""
    from sqllineage_scan.inputs.load import load as read

    return read(Path(path))


def write(graph: LineageGraph, path: str | os.PathLike[str], *, format: str = "json", select: str | Sequence[str] = ()) -> None:  # noqa: A002, the user's word
    """Write ``graph`` to a file, all at once or not at all. ``select`` picks a part of it (docs/selectors.md)."""
    from sqllineage_scan.outputs.files import write_file
    from sqllineage_scan.outputs.formats import is_binary, writer
    from sqllineage_scan.pipeline.memory import no_collection

    wanted = [select] if isinstance(select, str) else select
    chosen = graph.select(*wanted) if any(wanted) else graph
    with no_collection():
        write_file(Path(path), chosen, writer("lineage", format), binary=is_binary("lineage", format))


def write_site(
    graph: LineageGraph,
    path: str | os.PathLike[str],
    *,
    source: str | os.PathLike[str] | None = None,
    title: str = "",
    templates: str | os.PathLike[str] | None = None,
    force: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> None:
    """Write the static site of ``graph`` to the folder ``path``: open its ``index.html``.

    ``source`` is the repository, for the SQL that the site shows and for links to its host. Files of ``templates`` stand
    in for those of the same name of ours. A folder that is neither empty nor a site is left alone, but for ``force``.
    """
    from sqllineage_scan.discover.host import source_url
    from sqllineage_scan.outputs.site import write as site
    from sqllineage_scan.pipeline.memory import rare_collection
    from sqllineage_scan.pipeline.texts import RepositoryTexts

    root = None if source is None else Path(source)
    options = site.SiteOptions(
        title=title,
        source_url=None if root is None else source_url(root),
        templates=None if templates is None else Path(templates),
        force=force,
    )
    with rare_collection():
        site.write_site(graph, Path(path), RepositoryTexts(root), options, progress)
