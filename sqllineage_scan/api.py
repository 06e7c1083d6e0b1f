"""The public face: what ``from sqllineage_scan import …`` gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqllineage_scan.config.dialect_names import check_dialect
from sqllineage_scan.config.load import load_settings
from sqllineage_scan.config.settings import options_from
from sqllineage_scan.domain.change import Diff
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.model import LineageGraph
from sqllineage_scan.pipeline.options import ScanOptions

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Diff", "LineageGraph", "ScanOptions", "analyze_sql", "compare", "load", "scan", "write", "write_diff", "write_site"]


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
    chosen = _checked(replace(options_from(load_settings(root), root=root), processes=1) if options is None else options)

    from sqllineage_scan.pipeline.scan import scan_repository

    return scan_repository(root, chosen, progress)


def _checked(options: ScanOptions) -> ScanOptions:
    return replace(
        options,
        dialect=None if options.dialect is None else check_dialect(options.dialect),
        dialects={pattern: check_dialect(dialect) for pattern, dialect in options.dialects.items()},
    )


def compare(
    base: str | os.PathLike[str] | LineageGraph,
    head: str | os.PathLike[str] | LineageGraph | None = None,
    *,
    path: str | os.PathLike[str] = ".",
    tip: bool = False,
    fetch: bool = True,
    options: ScanOptions | Callable[[Path], ScanOptions] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Diff:
    """What becomes of everything downstream between ``base`` and ``head``.

    Both are revisions of the git repository at ``path``, read from git's objects; without ``head`` it is the work tree
    there. ``base`` stands for the commit that it and ``head`` forked from, as in a pull request, unless ``tip``. A commit
    that is missing is fetched, unless ``fetch`` is False. Or both are graphs, or lineage documents (files).

    ``options`` may be a function of the folder that is scanned: without any, its configuration is head's, for both sides.
    """
    from sqllineage_scan.pipeline.diff import Revisions, compare_revisions, compare_with_document

    graphs = [_graph(side) for side in (base, head) if side is not None]
    if all(graph is not None for graph in graphs) and len(graphs) == 2:  # noqa: PLR2004 -- both sides
        before, after = (graph for graph in graphs if graph is not None)
        return compare_with_document(before, after, (_label(base), _label(head)))
    if any(graph is not None for graph in graphs):
        raise UsageError("a lineage document is compared with another one, not with a revision")
    root = Path(path)
    if not root.is_dir():
        raise UsageError(f"no such folder: {root}")

    def options_of(folder: Path) -> ScanOptions:
        if callable(options):
            return _checked(options(folder))
        return _checked(replace(options_from(load_settings(folder), root=root), processes=1) if options is None else options)

    revisions = Revisions.of(str(base), None if head is None else str(head), tip=tip, fetch=fetch)
    return compare_revisions(root, revisions, options_of, progress)


def _graph(side: str | os.PathLike[str] | LineageGraph) -> LineageGraph | None:
    """A revision has no graph yet. What is a file is meant as one, though a branch may be called so too."""
    if isinstance(side, LineageGraph):
        return side
    try:
        is_file = Path(side).is_file()
    except (OSError, ValueError):
        is_file = False
    return load(side) if is_file else None


def _label(side: str | os.PathLike[str] | LineageGraph | None) -> str:
    return side.name if isinstance(side, LineageGraph) else Path(str(side)).name


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

    wanted = [select] if isinstance(select, str) else select
    chosen = graph.select(*wanted) if any(wanted) else graph
    write_file(Path(path), chosen, writer("lineage", format), binary=is_binary("lineage", format))


def write_diff(diff: Diff, path: str | os.PathLike[str], *, format: str = "json") -> None:  # noqa: A002, the user's word
    """Write a comparison to a file: ``json``, ``markdown``, ``text``, ``github``, ``sarif``, ``mermaid`` or ``dbt``."""
    from sqllineage_scan.outputs.files import write_file
    from sqllineage_scan.outputs.formats import writer

    write_file(Path(path), diff, writer("changes", format))


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
