"""What a scan is given, held in memory so that parts of it can be taken away: files, and the schemas of tables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.discover.project import DiscoverOptions, discover
from sqllineage_scan.domain.dataset import Column
from sqllineage_scan.domain.source import FileKind, SourceFile
from sqllineage_scan.lineage.edges import Edge, trace_all
from sqllineage_scan.pipeline.decode import read_text
from sqllineage_scan.pipeline.memory import rare_collection
from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import environments, link_files
from sqllineage_scan.pipeline.work import compile_sql, read_file
from sqllineage_scan.pipeline.workshop import Workshop
from sqllineage_scan.resolve.link import LinkOptions, link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from sqllineage_scan.domain.bound import BoundUnit
    from sqllineage_scan.domain.source import CompiledFile
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.render.environment import RenderEnvironment

WITH_SQL = frozenset({FileKind.SQL, FileKind.MODEL, FileKind.SNAPSHOT, FileKind.ANALYSIS, FileKind.TEST})
Schema = dict[tuple[str, ...], tuple[str, ...]]


class Script(NamedTuple):
    """A file with SQL in it, before it is rendered and parsed."""

    file: SourceFile
    text: str
    environment: RenderEnvironment | None = None


@dataclass(frozen=True)
class World:
    """One repository. ``others`` are its files without SQL, compiled; ``schema`` lists tables whose columns are all known."""

    name: str
    scripts: Mapping[str, Script]
    others: tuple[CompiledFile, ...] = ()
    schema: Schema = field(default_factory=dict)
    compiled: dict[tuple[str, str, str, str], CompiledFile] = field(default_factory=dict, compare=False)

    def files(self, scripts: Mapping[str, Script]) -> list[CompiledFile]:
        """Everything compiled, in the order of paths; a text that was compiled before is not compiled again."""
        found = [self.compile(script) for script in scripts.values()]
        return sorted((*found, *self.others), key=lambda file: file.path)

    def compile(self, script: Script) -> CompiledFile:
        key = (script.file.path, script.file.dialect, script.file.dialect_guess, script.text)
        if key not in self.compiled:
            self.compiled[key] = compile_sql(script.file, script.text, script.environment)
        return self.compiled[key]


def graph_of(name: str, files: Iterable[CompiledFile], schema: Schema) -> LineageGraph:
    with rare_collection():
        return link_files(name, list(files), (), _options(schema))


def bound_units(files: Iterable[CompiledFile], schema: Schema) -> tuple[BoundUnit, ...]:
    """The units with every name bound: which columns each relation has."""
    return link(list(files), _options(schema)).bound


def edges_of(files: Iterable[CompiledFile], schema: Schema) -> list[Edge]:
    """The edges of a scan, of equal ones the surest, without the rest of what a graph holds."""
    with rare_collection():
        lineage = trace_all(link(list(files), _options(schema)).bound)
    best: dict[object, Edge] = {}
    for edge in (*lineage.column_edges, *lineage.row_edges, *lineage.dataset_edges):
        subtype = getattr(edge, "transformation", None) or getattr(edge, "subtype", None)
        key = (edge.source, edge.target, edge.job, getattr(subtype, "subtype", subtype))
        if key not in best or edge.confidence > best[key].confidence:
            best[key] = edge
    return list(best.values())


def _options(schema: Schema) -> LinkOptions:
    return LinkOptions(schema={parts: [Column(name) for name in columns] for parts, columns in schema.items()})


def repository(root: Path, keep: Callable[[SourceFile], bool] = lambda _: True) -> World:
    """The world of a folder on the disk."""
    with rare_collection():
        project = discover(root, DiscoverOptions())
        seen = environments(root, project, ScanOptions())
        workshop = Workshop(root, seen)
        scripts: dict[str, Script] = {}
        others: list[CompiledFile] = []
        for file in project.files:
            if file.kind not in WITH_SQL:
                others.extend(read_file(file, workshop))
                continue
            text = read_text(root, file.path).text
            if text is not None and keep(file):
                environment = seen.get(file.dbt_project or "") if file.dbt_project is not None else None
                scripts[file.path] = Script(file, text, environment)
    return World(root.resolve().name, scripts, tuple(others))


def plain(name: str, texts: Mapping[str, str], dialect: str, schema: Schema) -> World:
    """A world of plain SQL files."""
    scripts = {path: Script(SourceFile(path, FileKind.SQL, dialect=dialect), text) for path, text in texts.items()}
    return World(name, scripts, (), schema)


def in_dialect(script: Script, dialect: str, guess: str = "") -> Script:
    return script._replace(file=replace(script.file, dialect=dialect, dialect_guess=guess))
