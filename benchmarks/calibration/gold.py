"""What is right: the edges of a scan that knows everything.

To a repository's own files come the complete columns of every dataset that it only reads: all that it reads of them, and
some that it does not. Of the ways in which a template can be rendered one is taken: that of a table that exists already
(``is_incremental()`` holds), which is what nearly every run of a model is. A statement counts as decided when, knowing all
this, each of its edges follows by a rule of SQL; edges of other statements are nobody's to judge and are left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.calibration.world import Schema, World, bound_units, graph_of
from sqllineage_scan.domain.coverage import GapKind
from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.evidence import EvidenceKind
from sqllineage_scan.domain.source import FileKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from sqllineage_scan.domain.bound import BoundUnit
    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.domain.source import CompiledFile
    from sqllineage_scan.domain.unit import Unit
    from sqllineage_scan.graph.model import LineageGraph

SETTLES = frozenset(
    {EvidenceKind.QUALIFIED, EvidenceKind.SCHEMA, EvidenceKind.SOLE_INPUT, EvidenceKind.POSITION, EvidenceKind.STAR}
)
"""Evidence that settles a matter where every column is known."""

_READ_ONLY = (DatasetKind.SOURCE, DatasetKind.EXTERNAL, DatasetKind.TABLE)
_UNDECIDED = (GapKind.MISSING_COLUMN, GapKind.UNPARSED, GapKind.UNSUPPORTED, GapKind.UNREADABLE, GapKind.MISSING_DATASET)
_TRIES = 4


class Key(NamedTuple):
    """What makes two edges the same, whichever statement they are of."""

    kind: str  # column, row, dataset
    source: str
    column: str
    target: str
    subtype: str


@dataclass(frozen=True)
class Gold:
    """A world of which everything is known, and the edges that are right in it."""

    world: World
    schema: Schema
    files: tuple[CompiledFile, ...]
    units: tuple[BoundUnit, ...]
    edges: dict[Key, str]  # with the job each is of
    columns: dict[str, tuple[str, ...]]  # of every dataset
    undecided: frozenset[str]  # jobs, and files of which no job is decided

    def decided(self, job: str) -> bool:
        return job not in self.undecided and job.split("#", maxsplit=1)[0] not in self.undecided


def gold_of(world: World, rng: Random) -> Gold:
    """Give every dataset that is only read its complete columns, until each name means one thing."""
    known = replace(world, scripts={path: _declared(script) for path, script in world.scripts.items()})
    files = [_one_way(file) for file in known.files(known.scripts)]
    first = graph_of(world.name, files, world.schema)
    needed = {parts: columns for dataset in first.datasets if (parts := _parts(dataset)) and (columns := _read(dataset))}
    made = _written(files)
    schema = {**{parts: columns for parts, columns in needed.items() if parts not in made}, **world.schema}
    distractors = _distractors({parts: columns for parts, columns in schema.items() if parts not in world.schema}, rng)
    for _ in range(_TRIES):
        full = {parts: (*columns, *distractors.get(parts, ())) for parts, columns in schema.items()}
        graph = graph_of(world.name, files, full)
        confused = _confused(graph) & distractors.keys()
        if not confused:
            break
        for parts in confused:
            del distractors[parts]
    edges = {key_of(edge): str(edge.job) for edge in (*graph.column_edges, *graph.row_edges, *graph.dataset_edges)}
    columns = {str(dataset.id): _read(dataset) for dataset in graph.datasets}
    return Gold(known, full, tuple(files), bound_units(files, full), edges, columns, _undecided(files, graph))


def key_of(edge: ColumnEdge | RowEdge | DatasetEdge) -> Key:
    """An edge without its evidence."""
    if not hasattr(edge.source, "column"):
        return Key("dataset", str(edge.source), "", str(edge.target), "")
    source, column = str(edge.source.dataset), edge.source.column
    if hasattr(edge, "transformation"):
        return Key("column", source, column, str(edge.target), edge.transformation.subtype.value)
    return Key("row", source, column, str(edge.target), edge.subtype.value)


def _declared(script: object) -> object:
    return script._replace(file=replace(script.file, dialect_guess=""))


def _one_way(file: CompiledFile) -> CompiledFile:
    """The file as it is rendered for a table that exists already. Of other conditions nobody can say which way is right:
    they keep all ways, and so are undecided.
    """
    if not any(unit.condition for unit in file.units) or not all(
        "is_incremental" in (unit.condition or "is_incremental") for unit in file.units
    ):
        return file
    units: dict[int, Unit] = {}
    for unit in file.units:
        taken = units.get(unit.ordinal)
        if taken is None or taken.condition.startswith("not "):
            units[unit.ordinal] = unit
    return replace(file, units=tuple(replace(unit, condition="") for unit in units.values()))


def _parts(dataset: Dataset) -> tuple[str, ...] | None:
    name = dataset.id.name
    if dataset.origin.complete or dataset.kind not in _READ_ONLY or any(sign in name for sign in '"{`* /'):
        return None
    return tuple(name.split("."))


def _read(dataset: Dataset) -> tuple[str, ...]:
    return tuple(column.name for column in dataset.columns or ())


def _written(files: Iterable[CompiledFile]) -> set[tuple[str, ...]]:
    return {write.target.parts for file in files for unit in file.units for write in unit.writes}


def _distractors(schema: Schema, rng: Random) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Columns that a table has and nobody reads, of names that are common in this world."""
    common = Counter(column for columns in schema.values() for column in columns)
    pool = [name for name, count in common.most_common(60) if count > 1] or list(common)
    found = {}
    for parts, columns in sorted(schema.items()):
        others = [name for name in rng.sample(pool, min(3, len(pool))) if name not in columns]
        found[parts] = (*others, "calibration_extra")
    return found


def _confused(graph: LineageGraph) -> set[tuple[str, ...]]:
    return {
        tuple(edge.source.dataset.name.split("."))
        for edge in (*graph.column_edges, *graph.row_edges)
        if any(item.kind is EvidenceKind.CANDIDATE for item in edge.evidence)
    }


def _undecided(files: Sequence[CompiledFile], graph: LineageGraph) -> frozenset[str]:
    edges = (*graph.column_edges, *graph.row_edges, *graph.dataset_edges)
    jobs = {str(edge.job) for edge in edges if any(item.kind not in SETTLES for item in edge.evidence)}
    paths = {gap.span.path for gap in graph.coverage.gaps if gap.kind in _UNDECIDED and gap.span is not None}
    holes = {file.path for file in files if any(not hole.star for hole in file.holes)}
    odd = {file.path for file in files if file.kind is FileKind.SQL and any("{" in dataset for dataset in _names(file))}
    return frozenset(jobs | paths | holes | odd)


def _names(file: CompiledFile) -> Iterable[str]:
    for unit in file.units:
        for relation in unit.relations:
            for item in relation.inputs:
                yield str(item.source)
