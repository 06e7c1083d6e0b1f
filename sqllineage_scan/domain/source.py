"""Files on their way from the disk to ``Unit``s: discovered, rendered, compiled."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.span import Span, made

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqllineage_scan.domain.acknowledgement import Acknowledgement
    from sqllineage_scan.domain.dbt import DbtNode, Declarations, NodeProperties
    from sqllineage_scan.domain.facts import Suppression
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.unit import Unit


class FileKind(StrEnum):
    SQL = "sql"  # plain .sql, outside any dbt project's paths
    MODEL = "model"
    PYTHON_MODEL = "python_model"
    SNAPSHOT = "snapshot"
    ANALYSIS = "analysis"
    TEST = "test"  # a dbt singular test
    MACRO = "macro"
    SEED = "seed"
    PROPERTIES = "properties"  # a .yml beside models: sources, descriptions, exposures
    PROJECT = "project"  # dbt_project.yml
    DOCS = "docs"  # Markdown that holds docs blocks


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that the scan will read. ``path`` is relative to the scanned root, with ``/``."""

    path: str
    kind: FileKind
    dbt_project: str | None = None  # root of the dbt project (DbtProject.root) it belongs to
    dialect: str = ""  # "" is the parser's own superset
    dialect_guess: str = ""  # why, when the dialect was guessed: "backticks, SAFE_CAST"; with dialect "": why there is no guess
    part: int = 0  # of a file with several nodes: which of them, from 0
    properties: Mapping[str, NodeProperties] = field(default_factory=dict, hash=False)  # what YAML says of its nodes, by name


@dataclass(frozen=True, slots=True)
class DbtProject:
    """A ``dbt_project.yml`` and what lies beside it, nothing evaluated yet."""

    root: str  # folder relative to the scanned root, "" for the root itself
    name: str
    settings: Mapping[str, Any]  # dbt_project.yml as read: strings may hold Jinja
    target: Mapping[str, Any]  # the chosen output of profiles.yml: type, schema, database, …; {} when there is no profile
    dialect: str = ""
    parent: str | None = None  # root of the project that has this one installed as a package
    packages: tuple[str, ...] = ()  # roots of the packages whose macros it sees: installed ones, and local: ../shared
    packages_path: str = ""  # where `dbt deps` installs packages, from the scanned root
    target_path: str = ""  # where dbt writes manifest.json, from the scanned root


@dataclass(frozen=True, slots=True)
class Project:
    """What ``discover`` found below one root."""

    name: str
    files: tuple[SourceFile, ...]
    dbt_projects: tuple[DbtProject, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceMap:
    """From an offset in rendered text to a place in the source file.

    Rendered text is a run of segments. Segment *i* starts at rendered offset ``starts[i]`` and comes from source offset
    ``origins[i]``; a *literal* segment runs along with the source, character by character, while all of a *generated*
    one (the output of ``{{ … }}``) belongs to the whole source range ``origins[i]`` to ``ends[i]``.
    """

    path: str
    line_starts: tuple[int, ...]  # source offset of each line's first character
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    ends: tuple[int, ...]  # for a generated segment the source offset behind its tag; -1 for a literal one

    def span(self, start: int, end: int) -> Span:
        """The source span of rendered text ``[start, end)``."""
        starts, lines = self.starts, self.line_starts
        behind = bisect_right(starts, start) or 1
        if self.ends[behind - 1] < 0 and (behind == len(starts) or end <= starts[behind]):  # nearly always
            first = self.origins[behind - 1] + start - starts[behind - 1]
            last = first + (end - start if end > start else 1)
        else:
            first = self._source_range(start)[0]
            last = max(first, self._source_range(max(start, end - 1))[1])
        line = bisect_right(lines, first)
        begin = lines[line - 1]
        if line == len(lines) or last < lines[line]:  # nearly everything stands on one line
            return made((self.path, line, first - begin + 1, line, last - begin + 1))
        end_line = bisect_right(lines, last)
        return made((self.path, line, first - begin + 1, end_line, last - lines[end_line - 1] + 1))

    def collapsed(self, start: int, end: int) -> SourceMap:
        """The map of a text all of which stands for rendered ``[start, end)``: SQL that a script puts together."""
        first, last = self._source_range(start)[0], self._source_range(max(start, end - 1))[1]
        return SourceMap(self.path, self.line_starts, (0,), (first,), (last,))

    def _source_range(self, offset: int) -> tuple[int, int]:
        index = max(bisect_right(self.starts, offset) - 1, 0)
        if self.ends[index] >= 0:
            return self.origins[index], self.ends[index]
        place = self.origins[index] + offset - self.starts[index]
        return place, place + 1


def line_starts(text: str) -> tuple[int, ...]:
    """The offset of each line's first character."""
    starts = [0]
    position = text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return tuple(starts)


def identity_map(path: str, text: str) -> SourceMap:
    """The map of a file that holds no template: rendered text and source are the same."""
    return SourceMap(path, line_starts(text), (0,), (0,), (-1,))


@dataclass(frozen=True, slots=True)
class Hole:
    """A template expression that could not be rendered; an identifier stands in for it in the text."""

    token: str  # the stand-in, as it stands in the rendered text
    expression: str  # what the template says there: nobody_knows('a')
    reason: str
    span: Span
    star: str = ""  # the stand-in means *all columns* of the relation of this token (dbt_utils.star); "" for other holes
    excluded: tuple[str, ...] = ()  # of such a star: dbt_utils.star(from, except=['id'])
    alias: str = ""  # …, relation_alias='o'
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One way of rendering a file. ``names`` gives the meaning of stand-in identifiers: ``ref__0`` is ``ref('orders')``."""

    text: str
    source_map: SourceMap
    condition: str = ""  # "is_incremental()" for the way that is only taken then
    names: Mapping[str, RelationName] = field(default_factory=dict)
    holes: tuple[Hole, ...] = ()
    artifact: str = ""  # how dbt's artifacts know this text, where it is not our own rendering


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """A file after templating: one text, or several where the repository alone cannot decide a condition."""

    variants: tuple[Rendered, ...]
    node: DbtNode | None = None
    findings: tuple[Finding, ...] = ()


class FileStatus(StrEnum):
    READ = "read"
    PARTIAL = "partial"  # some statement in it is not understood, a finding says which
    FAILED = "failed"  # nothing could be read, a finding says why


@dataclass(frozen=True, slots=True)
class CompiledFile:
    """All that one file says, with no regard to any other: what workers send back and what a cache may keep."""

    path: str
    kind: FileKind
    dialect: str
    status: FileStatus
    statements: int = 0
    units: tuple[Unit, ...] = ()
    node: DbtNode | None = None
    declarations: Declarations | None = None
    seed_columns: tuple[str, ...] | None = None
    holes: tuple[Hole, ...] = ()
    findings: tuple[Finding, ...] = ()
    understood: int = 0  # statements whose meaning for lineage is known
    suppressions: tuple[Suppression, ...] = ()  # -- noqa: CL02
    acknowledgements: tuple[Acknowledgement, ...] = ()  # changes that its comments say are meant
    content: str = ""  # digest of a file whose rows are made in a way that is not read here: a seed, a Python model
    part: str = ""  # the name of its node, where the file has more than this one and it is not the first

    @property
    def key(self) -> str:
        """What stands for the file, or for this part of it, where jobs and places are named: snapshots/all.sql#orders."""
        return f"{self.path}#{self.part}" if self.part else self.path
