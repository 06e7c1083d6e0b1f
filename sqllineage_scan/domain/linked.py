"""What linking one unit asked of the repository and did to it: enough to know, another time, that it would do the same again.

A unit is bound by a deterministic program that sees nothing but the unit and the answers to its questions. So where all the
answers are what they were, the result is too, and nothing has to be bound: its effects are repeated, its edges are those that
were kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqllineage_scan.domain.dataset import Column, SchemaOrigin
    from sqllineage_scan.domain.definition import Definition
    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.facts import StatementFacts
    from sqllineage_scan.domain.job import Job
    from sqllineage_scan.domain.names import ColumnId, DatasetId, RelationName
    from sqllineage_scan.domain.source import CompiledFile
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.domain.unit import Reference


class SeenName(NamedTuple):
    """What a name meant."""

    name: RelationName
    datasets: tuple[DatasetId, ...]
    evidence: tuple[Evidence, ...]
    every: bool


class SeenSchema(NamedTuple):
    """A digest of a dataset's columns as they were before the unit; ``whole``: also of what only descriptions say."""

    dataset: DatasetId
    digest: bytes
    whole: bool


class SchemaEffect(NamedTuple):
    """What is known of a dataset's columns behind the unit, with the digests of that."""

    dataset: DatasetId
    columns: tuple[Column, ...]
    origin: SchemaOrigin
    complete: bool
    passed_over: tuple[str, ...]
    shape: bytes
    whole: bytes


class Demand(NamedTuple):
    """A column that is read and that nobody lists. ``doubt``: the choice that the reading is part of."""

    column: ColumnId
    doubt: Evidence | None


class Consulted(NamedTuple):
    """Whether a dataset had a column when an open star looked for it, why it may not be there, and whether more may be."""

    dataset: DatasetId
    name: str
    listed: bool
    doubt: Evidence | None
    complete: bool


class Listed(NamedTuple):
    """A digest of all the columns that a dataset had when an open star went through them."""

    dataset: DatasetId
    digest: bytes


class Question(NamedTuple):
    """One question to an open star. ``name`` None: what has become known of its inputs since?"""

    target: int
    name: str | None
    doubt: Evidence | None
    consulted: tuple[Consulted, ...]
    listed: tuple[Listed, ...]
    demands: tuple[ColumnId, ...]  # what the star asks in turn
    offered: tuple[str, ...]  # the names that have become known
    left: bool  # there are demands that the next question brings to light


class KeptTarget(NamedTuple):
    """A dataset that the unit writes. ``names``: of an open one, the columns that it had at first."""

    dataset: DatasetId
    open: bool
    names: tuple[str, ...]


class UnitTrace(NamedTuple):
    """All that passed between one unit and the rest of the repository."""

    this: DatasetId | None
    last: DatasetId | None
    unique_id: str | None
    early: tuple[DatasetId, ...]
    names: tuple[SeenName, ...]
    unknown_functions: tuple[tuple[tuple[str, ...], int], ...]
    schemas: tuple[SeenSchema, ...]
    effects: tuple[SchemaEffect, ...]
    targets: tuple[KeptTarget, ...]
    demands: tuple[Demand, ...]
    questions: tuple[Question, ...]
    references: int
    resolved: int
    missing: tuple[Reference, ...]


class Doubts(NamedTuple):
    """What is in doubt about the edges of one job. ``unsure``: by dataset, how many edges are because its columns are not known,
    and where it is read first. ``holes``: by what the template says there, how many edges pass it.
    """

    unsure: tuple[tuple[DatasetId, int, Span | None], ...] = ()
    holes: tuple[tuple[str, int], ...] = ()


class JobEdges(NamedTuple):
    """A job with its edges, as they were traced: equal ones are merged when the graph is built; and what rules ask of it."""

    job: Job
    column_edges: tuple[ColumnEdge, ...]
    row_edges: tuple[RowEdge, ...]
    dataset_edges: tuple[DatasetEdge, ...]
    doubts: Doubts
    facts: StatementFacts
    definitions: tuple[tuple[DatasetId, Definition], ...] = ()  # of what it writes, write by write
    counts: tuple[int, ...] | None = None


class KeptUnit(NamedTuple):
    """``part``: of the file; ``number``: of the unit in that part."""

    part: int
    number: int
    trace: UnitTrace


class KeptJob(NamedTuple):
    """A job under the number of its first unit. ``packed``: its column and row edges, its facts and definitions, in bytes;
    ``counts``: how many column edges there are of each band, in the order of ``Band``, and how many row edges, equal ones merged.
    """

    part: int
    number: int
    job: Job
    dataset_edges: tuple[DatasetEdge, ...]
    doubts: Doubts
    packed: bytes
    counts: tuple[int, ...]


class KeptFile(NamedTuple):
    """What is kept of one file. ``heads``: its parts as they were compiled, without the insides of their statements."""

    heads: tuple[CompiledFile, ...]
    units: tuple[KeptUnit, ...]
    jobs: tuple[KeptJob, ...]
