"""The public face: what ``from sqllineage_scan import …`` gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqllineage_scan.config.dialect_names import check_dialect
from sqllineage_scan.config.load import load_settings
from sqllineage_scan.config.settings import options_from
from sqllineage_scan.domain.change import Diff
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.model import LineageGraph
from sqllineage_scan.pipeline.options import ScanOptions

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqllineage_scan.domain.contract import Contract, ContractDiff
    from sqllineage_scan.domain.drift import DriftReport
    from sqllineage_scan.domain.report import Report
    from sqllineage_scan.pipeline.diff_site import Sides

__all__ = [
    "Diff",
    "LineageGraph",
    "ScanOptions",
    "analyze_sql",
    "check",
    "compare",
    "compare_contracts",
    "contract_of",
    "drift",
    "load",
    "scan",
    "write",
    "write_diff",
    "write_diff_site",
    "write_site",
]


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


def check(
    path: str | os.PathLike[str] = ".",
    *,
    options: ScanOptions | None = None,
    configuration: str | os.PathLike[str] | None = None,
    baseline: str | os.PathLike[str] | None = None,
    use_baseline: bool = True,
    changed: Iterable[str] | None = None,
    gone: Iterable[str] = (),
    since: str | None = None,
    least: str = "note",
    only: Iterable[str] = (),
    contracts: Iterable[str] | None = None,
    shown: str = "note",
    progress: Callable[[str, int, int], None] | None = None,
) -> Report:
    """What the rules find in the repository at ``path``, or in a lineage document, as its configuration wants it.

    ``changed`` limits that to what is found in these files (from the root, with /) or rests on them; ``gone`` names models
    whose files are deleted. Rules about changes compare with the revision ``since``. What is
    less severe than ``least`` is not looked for; ``only`` are groups of rules. ``contracts`` are ODCS files, from the root,
    instead of those that the configuration names. Findings less severe than ``shown`` have neither their lines nor a
    fingerprint, which takes less time. ``baseline`` is a file of known findings,
    instead of the configured one; without ``use_baseline`` there is none. Findings that are suppressed are in the report too.
    """
    from sqllineage_scan.config.rules import rule_folders, rule_settings
    from sqllineage_scan.domain.finding import Severity
    from sqllineage_scan.linting.load import load_rules
    from sqllineage_scan.linting.suppress import read_baseline
    from sqllineage_scan.pipeline.check import CheckOptions, check_repository, report_on

    root = Path(path)
    folder = root if root.is_dir() else root.parent
    settings = load_settings(folder, None if configuration is None else Path(configuration))
    rules = load_rules(rule_folders(settings, folder))
    known = (baseline or settings.baseline) if use_baseline else None
    checked = CheckOptions(
        rules=rules,
        settings=rule_settings(settings, rules),
        baseline=None if known is None else read_baseline(Path(known) if baseline else folder / known, str(known)),
        changed=None if changed is None else frozenset(changed),
        gone=frozenset(gone),
        least=Severity(least),
        contracts=settings.contracts,
        files=None if contracts is None else tuple(contracts),
        only=frozenset(only),
        shown=Severity(shown) if known is None else Severity.NOTE,  # a baseline goes by fingerprints
    )
    if not root.is_dir():
        return report_on(load(root), None, checked, None)
    chosen = _checked(replace(options_from(settings, root=root), processes=1) if options is None else options)
    if since is not None:
        from sqllineage_scan.pipeline.diff import compare_with_revision

        checked = replace(checked, compare=lambda graph: compare_with_revision(root, since, graph, chosen))
    return check_repository(root, chosen, checked, progress)


def _checked(options: ScanOptions) -> ScanOptions:
    return replace(
        options,
        dialect=None if options.dialect is None else check_dialect(options.dialect),
        dialects={pattern: check_dialect(dialect) for pattern, dialect in options.dialects.items()},
    )


def compare_contracts(
    old: str | os.PathLike[str], new: str | os.PathLike[str], *, path: str | os.PathLike[str] = "."
) -> ContractDiff:
    """What two versions of an ODCS contract promise otherwise: files from ``path``, or ``main:contracts/orders.yaml`` of git."""
    from sqllineage_scan.diff.contracts import compare_contracts as compared
    from sqllineage_scan.pipeline.contracts import revised

    root = Path(path)
    return compared(revised(root, str(old))[0], revised(root, str(new))[0])


def contract_of(
    names: str | Iterable[str],
    path: str | os.PathLike[str] = ".",
    *,
    version: str = "1.0.0",
    status: str = "draft",
    title: str = "",
    id: str = "",  # noqa: A002, the standard's word
    options: ScanOptions | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Contract:
    """A contract that promises what the SQL of the repository at ``path`` makes of the datasets ``names``."""
    from sqllineage_scan.config.rules import rule_folders, rule_settings
    from sqllineage_scan.linting.load import load_rules
    from sqllineage_scan.pipeline.contracts import Words, contract_of_sql

    root = _repository(path)
    settings = load_settings(root)
    chosen = _checked(replace(options_from(settings, root=root), processes=1) if options is None else options)
    rules = rule_settings(settings, load_rules(rule_folders(settings, root)))
    words = Words(settings=rules, version=version, status=status, name=title, id=id, progress=progress)
    return contract_of_sql(root, [names] if isinstance(names, str) else list(names), chosen, words)


def drift(
    observed: str | os.PathLike[str],
    path: str | os.PathLike[str] = ".",
    *,
    kind: str | None = None,
    options: ScanOptions | None = None,
    configuration: str | os.PathLike[str] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> DriftReport:
    """Where the repository at ``path`` differs from what the file ``observed`` tells of its database (docs/drift.md)."""
    from sqllineage_scan.config.rules import rule_folders, rule_settings
    from sqllineage_scan.linting.load import load_rules
    from sqllineage_scan.pipeline.drift import drift as compared

    root = _repository(path)
    settings = load_settings(root, None if configuration is None else Path(configuration))
    chosen = _checked(replace(options_from(settings, root=root), processes=1) if options is None else options)
    rules = rule_settings(settings, load_rules(rule_folders(settings, root)))
    return compared(root, Path(observed), chosen, rules, kind=kind, progress=progress)


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

    found = _two_graphs(base, head)
    if found is not None:
        return compare_with_document(*found, (_label(base), _label(head)))
    root = _repository(path)
    revisions = Revisions.of(str(base), None if head is None else str(head), tip=tip, fetch=fetch)
    return compare_revisions(root, revisions, _options_of(options, root), progress)


def write_diff_site(
    base: str | os.PathLike[str] | LineageGraph,
    head: str | os.PathLike[str] | LineageGraph | None,
    output: str | os.PathLike[str],
    *,
    path: str | os.PathLike[str] = ".",
    tip: bool = False,
    fetch: bool = True,
    options: ScanOptions | Callable[[Path], ScanOptions] | None = None,
    title: str = "",
    templates: str | os.PathLike[str] | None = None,
    force: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> Diff:
    """What ``compare`` finds, as a site in the folder ``output``: head's, with what only base had, and marks on all that
    differs. Of lineage documents the SQL is not shown, since only revisions have files.
    """
    from sqllineage_scan.pipeline.diff import Revisions, compare_with_document
    from sqllineage_scan.pipeline.diff_site import Side, Sides, both_sides

    def written(sides: Sides) -> Diff:
        _write_compared(sides, Path(output), title, None if templates is None else Path(templates), force, progress)
        return sides.diff

    found = _two_graphs(base, head)
    if found is not None:
        before, after = (Side(graph, None, None) for graph in found)
        return written(Sides(before, after, compare_with_document(*found, (_label(base), _label(head)))))
    root = _repository(path)
    revisions = Revisions.of(str(base), None if head is None else str(head), tip=tip, fetch=fetch)
    with both_sides(root, revisions, _options_of(options, root), progress) as sides:
        return written(sides)


def _write_compared(  # noqa: PLR0917 -- what, where and how
    sides: Sides,
    output: Path,
    title: str,
    templates: Path | None,
    force: bool,  # noqa: FBT001
    progress: Callable[[str, int, int], None] | None,
) -> None:
    from sqllineage_scan.outputs.site import write as site
    from sqllineage_scan.outputs.site.comparison import Compared
    from sqllineage_scan.pipeline.memory import rare_collection
    from sqllineage_scan.pipeline.texts import RepositoryTexts

    options = site.SiteOptions(title=title, source_url=sides.head.source_url, templates=templates, force=force)
    compared = Compared(sides.base.graph, sides.diff, RepositoryTexts(sides.base.root), sides.base.source_url)
    with rare_collection():
        site.write_site(sides.head.graph, output, RepositoryTexts(sides.head.root), options, progress=progress, compared=compared)


def _two_graphs(
    base: str | os.PathLike[str] | LineageGraph, head: str | os.PathLike[str] | LineageGraph | None
) -> tuple[LineageGraph, LineageGraph] | None:
    """Of two documents or graphs; None of two revisions."""
    before, after = _graph(base), None if head is None else _graph(head)
    if before is not None and after is not None:
        return before, after
    if before is not None or after is not None:
        raise UsageError("a lineage document is compared with another one, not with a revision")
    return None


def _repository(path: str | os.PathLike[str]) -> Path:
    root = Path(path)
    if not root.is_dir():
        raise UsageError(f"no such folder: {root}")
    return root


def _options_of(options: ScanOptions | Callable[[Path], ScanOptions] | None, root: Path) -> Callable[[Path], ScanOptions]:
    def options_of(folder: Path) -> ScanOptions:
        if callable(options):
            return _checked(options(folder))
        return _checked(replace(options_from(load_settings(folder), root=root), processes=1) if options is None else options)

    return options_of


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
    schema: Mapping[str, Any] | None = None,
    default_catalog: str | None = None,
    default_schema: str | None = None,
) -> LineageGraph:
    """The lineage graph of some SQL. ``schema`` says which columns tables have: ``{"db.orders": {"id": "int"}}``, without types
    ``{"db.orders": ["id"]}``, or nested ``{"db": {"orders": {"id": "int"}}}``. Names may be quoted as in SQL.
    Without ``dialect`` it is guessed from the words of the SQL; ``"ansi"`` asks for generic SQL.

    A bare SELECT writes the dataset ``<query>``.
    """
    from sqllineage_scan.pipeline.statement import analyze

    spoken = None if dialect is None else check_dialect(dialect)
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
    runs: str | os.PathLike[str] | None = None,
    force: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> None:
    """Write the static site of ``graph`` to the folder ``path``: open its ``index.html``.

    ``source`` is the repository, for the SQL that the site shows and for links to its host. Files of ``templates`` stand
    in for those of the same name of ours. ``runs`` is a file of run records, whose shares are drawn over time. A folder that is
    neither empty nor a site is left alone, but for ``force``.
    """
    from sqllineage_scan.discover.host import source_url
    from sqllineage_scan.inputs.runs import read_runs
    from sqllineage_scan.outputs.site import write as site
    from sqllineage_scan.pipeline.memory import rare_collection
    from sqllineage_scan.pipeline.texts import RepositoryTexts
    from sqllineage_scan.pipeline.watch import stage

    root = None if source is None else Path(source)
    options = site.SiteOptions(
        title=title,
        source_url=None if root is None else source_url(root),
        templates=None if templates is None else Path(templates),
        force=force,
        runs=() if runs is None else read_runs(Path(runs), graph.name),
    )
    with rare_collection(), stage("write") as turn:
        turn.count(datasets=len(graph.datasets))
        site.write_site(graph, Path(path), RepositoryTexts(root), options, progress=progress)
