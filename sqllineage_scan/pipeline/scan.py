"""A repository into its lineage graph: every stage, in order. Read this file first."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.dialects import default_part
from sqllineage_scan.discover.artifacts import has_artifacts
from sqllineage_scan.discover.project import DiscoverOptions, discover
from sqllineage_scan.domain.source import FileKind
from sqllineage_scan.linting.codeowners import read_code_owners
from sqllineage_scan.pipeline.cache.compiled import CompiledCache
from sqllineage_scan.pipeline.cache.linked import LinkedCache
from sqllineage_scan.pipeline.cache.settings import remembered
from sqllineage_scan.pipeline.cache.store import opened
from sqllineage_scan.pipeline.compile import compile_files
from sqllineage_scan.pipeline.decode import read_text
from sqllineage_scan.pipeline.governance import with_governance
from sqllineage_scan.pipeline.hands import HowToCompile
from sqllineage_scan.pipeline.limits import Limits
from sqllineage_scan.pipeline.linked import Nothing, examine_all, link_all
from sqllineage_scan.pipeline.memory import no_collection, rare_collection
from sqllineage_scan.pipeline.watch import scanned, stage
from sqllineage_scan.pipeline.workshop import Workshop
from sqllineage_scan.render.environment import build_environment
from sqllineage_scan.render.project_settings import reader_of_settings
from sqllineage_scan.resolve.link import LinkOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sqllineage_scan.domain.dataset import Column
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.linked import KeptFile
    from sqllineage_scan.domain.source import CompiledFile, Project, SourceFile
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.pipeline.cache.store import Store
    from sqllineage_scan.pipeline.linked import Examined, Left
    from sqllineage_scan.pipeline.options import ScanOptions
    from sqllineage_scan.render.environment import RenderEnvironment


def scan_repository(
    root: Path,
    options: ScanOptions,
    progress: Callable[[str, int, int], None] | None = None,
    store: Store | None = None,
    kept: dict[bytes, KeptFile] | None = None,
) -> LineageGraph:
    """Discover, compile every file alone, link all of them once, trace, build.

    ``progress(stage, done, total)`` is called as files are compiled. No input of any kind ends a scan: what cannot be
    read is among the graph's findings. ``store`` is an open cache, for who scans more than once: both sides of a diff. ``kept``:
    what the scan before this one has read of it, and afterwards what this one has.
    """
    with rare_collection(), nullcontext(store) if store is not None else opened(options.cache_dir, options.cache_secret) as cache:
        neighbour = None if kept is None else Neighbour(None, kept)
        compiled = compile_repository(root, options, progress, cache, incremental=True, neighbour=neighbour)
        linking = link_options(options, compiled.columns)
        with no_collection(), stage("link") as turn:
            graph = link_all(compiled.name, compiled.files, compiled.findings, linking, compiled.left)
            graph = with_governance(graph, read_code_owners(root), options.governance)
            turn.count(datasets=len(graph.datasets))
    scanned(root, options, graph)
    return graph


def examine_repository(
    root: Path,
    options: ScanOptions,
    progress: Callable[[str, int, int], None] | None = None,
    store: Store | None = None,
) -> Examined:
    """The same, with the facts that rules ask for and the graph does not say."""
    with rare_collection(), nullcontext(store) if store is not None else opened(options.cache_dir, options.cache_secret) as cache:
        compiled = compile_repository(root, options, progress, cache, incremental=True)
        linking = link_options(options, compiled.columns)
        with no_collection(), stage("link") as turn:
            examined = examine_all(compiled.name, compiled.files, compiled.findings, linking, compiled.left)
            examined = replace(examined, graph=with_governance(examined.graph, read_code_owners(root), options.governance))
            turn.count(datasets=len(examined.graph.datasets))
    scanned(root, options, examined.graph)
    return examined


class Neighbour(NamedTuple):
    """Of one tree after the other, each but for a few files what the last was. ``listed``: all files of this one, where
    somebody knows them; ``kept``: what was read of the cache for the last.
    """

    listed: Sequence[str] | None
    kept: dict[bytes, KeptFile]


class CompiledRepository(NamedTuple):
    """All that the files of one folder say, each alone."""

    name: str
    files: Sequence[CompiledFile]
    findings: tuple[Finding, ...]  # of the repository as a whole; those of a file are with it
    columns: Mapping[str, Sequence[Column]]  # of tables that nothing but dbt's catalog describes, by dbt's unique id
    left: Left  # what other scans have left of them


def compile_repository(
    root: Path,
    options: ScanOptions,
    progress: Callable[[str, int, int], None] | None = None,
    store: Store | None = None,
    *,
    incremental: bool = False,
    wanted: Callable[[SourceFile], bool] | None = None,
    neighbour: Neighbour | None = None,
) -> CompiledRepository:
    """The first half of a scan. Paths are relative to ``root``, and entries of ``store`` are found by content: a tree of
    another revision, wherever it was unpacked, shares those of its files that are the same. ``incremental``: of files that
    were linked before there may be only the heads. ``wanted``: only such files. ``neighbour``: what is known of a tree of
    another commit, from a moment ago.
    """
    with stage("discover") as turn:
        project, workshop = discovered(root, options, store, None if neighbour is None else neighbour.listed)
        turn.count(files=len(project.files))
    cache = CompiledCache(store) if store is not None else None
    artifacts = options.artifacts and any(has_artifacts(root, owner) for owner in project.dbt_projects)
    kept = None if neighbour is None else neighbour.kept
    linked = _linked_cache(store, options, workshop, whole=artifacts, memory=kept) if store is not None and incremental else None
    with stage("compile") as turn:
        files = compile_files(project.files, workshop, _how(options), progress, cache, linked=linked, wanted=wanted, turn=turn)
        turn.count(files=len({file.path for file in files}), statements=sum(file.statements for file in files))
    left = Nothing() if linked is None else linked
    if not artifacts:
        return CompiledRepository(project.name, files, project.findings, {}, left)
    from sqllineage_scan.pipeline.artifacts import use_artifacts

    used = use_artifacts(project, files, workshop)
    if linked is not None:
        for before, after in zip(files, used.files, strict=True):
            if before is not after:
                linked.changed(before.path)
    return CompiledRepository(project.name, used.files, (*project.findings, *used.findings), used.columns, left)


def discovered(
    root: Path, options: ScanOptions, store: Store | None, listed: Sequence[str] | None = None
) -> tuple[Project, Workshop]:
    """What there is to compile, and what all of it can see."""
    evaluate = remembered(reader_of_settings(options.env, options.vars), store, options.env, options.vars)
    project = discover(root, replace(_discover_options(options), listed=listed), evaluate)
    return project, Workshop(root, environments(root, project, options))


def _how(options: ScanOptions) -> HowToCompile:
    return HowToCompile(options.processes, Limits(options.max_seconds, options.max_memory << 20), options.executor)


def _linked_cache(
    store: Store, options: ScanOptions, workshop: Workshop, *, whole: bool, memory: dict[bytes, KeptFile] | None = None
) -> LinkedCache:
    """``whole``: whole files are wanted, not only heads."""
    cache = CompiledCache(store)

    def compiled(file: SourceFile, key: bytes) -> tuple[CompiledFile, ...]:
        found = cache.find({key: file}).get(key)
        if found is None:
            from sqllineage_scan.pipeline.work import compile_file

            found = compile_file(file, workshop).parts
        return found

    settings = (options.namespace, options.default_catalog or "", options.default_schema or "", *options.targets)
    return LinkedCache(store, settings, None if whole else compiled, memory)


def link_files(name: str, files: Sequence[CompiledFile], findings: Sequence[Finding], options: LinkOptions) -> LineageGraph:
    """From compiled files to the graph: the part that needs all of them, and no SQL."""
    with no_collection():
        return link_all(name, files, findings, options, Nothing())


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


def link_options(options: ScanOptions, columns: Mapping[str, Sequence[Column]]) -> LinkOptions:
    catalog, schema = (default_part(each, options.dialect) for each in (options.default_catalog, options.default_schema))
    return LinkOptions(options.namespace, catalog, schema, options.targets, by_unique_id=columns)
