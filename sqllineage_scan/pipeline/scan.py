"""A repository into its lineage graph: every stage, in order. Read this file first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.discover.project import DiscoverOptions, discover
from sqllineage_scan.domain.source import FileKind
from sqllineage_scan.graph.build import build_graph
from sqllineage_scan.lineage.coverage import coverage_of
from sqllineage_scan.lineage.edges import trace_all
from sqllineage_scan.lineage.facts import facts_of
from sqllineage_scan.lineage.version import with_versions
from sqllineage_scan.pipeline.artifacts import Used, use_artifacts
from sqllineage_scan.pipeline.compile import compile_files
from sqllineage_scan.pipeline.decode import read_text
from sqllineage_scan.pipeline.memory import rare_collection
from sqllineage_scan.pipeline.work import Workshop
from sqllineage_scan.render.environment import build_environment
from sqllineage_scan.render.project_settings import reader_of_settings
from sqllineage_scan.resolve.link import Linked, LinkOptions, link

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sqllineage_scan.domain.dataset import Column
    from sqllineage_scan.domain.facts import Facts
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.source import CompiledFile, Project
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.pipeline.options import ScanOptions
    from sqllineage_scan.render.environment import RenderEnvironment


class Examined(NamedTuple):
    """A repository for those who judge it: the graph, and what the graph does not say."""

    graph: LineageGraph
    facts: Facts


def scan_repository(root: Path, options: ScanOptions, progress: Callable[[str, int, int], None] | None = None) -> LineageGraph:
    """Discover, compile every file alone, link all of them once, trace, build.

    ``progress(stage, done, total)`` is called as files are compiled. No input of any kind ends a scan: what cannot be
    read is among the graph's findings.
    """
    with rare_collection():
        name, files, findings, link_options = _compiled(root, options, progress)
        return link_files(name, files, findings, link_options)


def examine_repository(root: Path, options: ScanOptions, progress: Callable[[str, int, int], None] | None = None) -> Examined:
    """The same scan, with the facts that rules ask for."""
    with rare_collection():
        name, files, findings, link_options = _compiled(root, options, progress)
        linked = link(files, link_options)
        return Examined(_graph(name, files, findings, linked), facts_of(files, linked.units))


def _compiled(
    root: Path, options: ScanOptions, progress: Callable[[str, int, int], None] | None
) -> tuple[str, Sequence[CompiledFile], tuple[Finding, ...], LinkOptions]:
    project = discover(root, _discover_options(options), reader_of_settings(options.env, options.vars))
    workshop = Workshop(root, environments(root, project, options))
    files = compile_files(project.files, workshop, options.processes, progress)
    used = use_artifacts(project, files, workshop) if options.artifacts else Used(files, {}, ())
    return project.name, used.files, (*project.findings, *used.findings), _link_options(options, used.columns)


def link_files(name: str, files: Sequence[CompiledFile], findings: Sequence[Finding], options: LinkOptions) -> LineageGraph:
    """From compiled files to the graph: the part that needs all of them, and no SQL."""
    return _graph(name, files, findings, link(files, options))


def _graph(name: str, files: Sequence[CompiledFile], findings: Sequence[Finding], linked: Linked) -> LineageGraph:
    lineage = trace_all(linked.units)
    coverage = coverage_of(
        files,
        linked.datasets,
        (*lineage.column_edges, *lineage.row_edges),
        references=linked.references,
        resolved=linked.resolved,
        missing_columns=linked.missing_columns,
        missing_datasets=linked.missing_datasets,
        cycles=linked.cycles,
    )
    return build_graph(
        name=name,
        revision=None,
        dialects=_dialects(files),
        datasets=with_versions(linked.datasets, linked.units, lineage.dataset_edges, linked.cycles),
        jobs=lineage.jobs,
        column_edges=lineage.column_edges,
        row_edges=lineage.row_edges,
        dataset_edges=lineage.dataset_edges,
        exposures=linked.exposures,
        nodes=linked.nodes,
        findings=(*findings, *(finding for file in files for finding in file.findings), *linked.findings),
        coverage=coverage,
    )


def environments(root: Path, project: Project, options: ScanOptions) -> dict[str, RenderEnvironment]:
    """What templates can see, by the root of their dbt project: its settings, its macros and those of its packages. The
    files of an installed package see what the project sees that has it installed, as dbt has it.
    """
    names = {found.root: found.name for found in project.dbt_projects}
    macros: dict[str, dict[str, tuple[str, str]]] = {found.root: {} for found in project.dbt_projects}
    for file in project.files:
        if file.kind in (FileKind.MACRO, FileKind.DOCS) and file.dbt_project is not None:
            text = read_text(root, file.path).text
            if text is not None:
                macros[file.dbt_project][file.path] = (names[file.dbt_project], text)
    found: dict[str, RenderEnvironment] = {}
    for owner in project.dbt_projects:
        if owner.parent is None:
            packages = tuple(other for other in project.dbt_projects if other.root in owner.packages)
            seen = {path: macro for each in (*packages, owner) for path, macro in macros[each.root].items()}
            environment = build_environment(owner, seen, packages, dict(options.env), dict(options.vars))
            owned = (each.root for each in packages if each.parent == owner.root)
            found.update(dict.fromkeys((*owned, owner.root), environment))
    return found


def _discover_options(options: ScanOptions) -> DiscoverOptions:
    return DiscoverOptions(
        dialect=options.dialect,
        dialects=options.dialects,
        include=options.include,
        exclude=options.exclude,
        profiles_dir=options.profiles_dir,
        profile=options.profile,
        target=options.target,
        artifacts=options.artifacts,
    )


def _link_options(options: ScanOptions, columns: Mapping[str, Sequence[Column]]) -> LinkOptions:
    return LinkOptions(options.namespace, options.default_catalog, options.default_schema, options.targets, by_unique_id=columns)


def _dialects(files: Sequence[CompiledFile]) -> dict[str, int]:
    """How many files with statements speak each dialect; the generic one is called ansi."""
    counts: dict[str, int] = {}
    for file in files:
        if file.statements:
            name = file.dialect or "ansi"
            counts[name] = counts.get(name, 0) + 1
    return counts
