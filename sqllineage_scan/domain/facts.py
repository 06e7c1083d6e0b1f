"""What rules ask of statements and the lineage document does not say: small values, one set a statement, that may be cached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqllineage_scan.domain.dataset import Column, DatasetKind
    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.job import JobKind
    from sqllineage_scan.domain.names import ColumnId, DatasetId, JobId, NameKind
    from sqllineage_scan.domain.span import Span


class ReadFact(NamedTuple):
    """One item of FROM: ``from raw.orders o``."""

    dataset: DatasetId
    kind: NameKind  # how it is named there: table, ref, source …
    written: str
    span: Span
    certain: bool


class WriteFact(NamedTuple):
    """What makes a dataset: ``create view v as select …``, a dbt model. Of an INSERT ``kind`` is None."""

    target: DatasetId
    kind: DatasetKind | None
    span: Span


class StarFact(NamedTuple):
    """``select o.*``. ``outputs``: the datasets whose columns it gives; ``open``: it passes over a query that is open itself."""

    span: Span
    datasets: tuple[DatasetId, ...]
    outputs: tuple[DatasetId, ...]
    open: bool


class KeyFact(NamedTuple):
    """One side of ``on o.id = p.order_id``, seen through CTEs: the column of a dataset, and what a cast makes of it."""

    column: ColumnId | None
    type: str
    name: str
    span: Span


class JoinFact(NamedTuple):
    left: KeyFact
    right: KeyFact
    evidence: tuple[Evidence, ...]


class IdleJoinFact(NamedTuple):
    """A LEFT JOIN none of whose columns is read. ``keys``: what its rows are matched by; ``grouped``: it has one row for each."""

    span: Span
    alias: str
    keys: tuple[ColumnId, ...]
    names: tuple[str, ...]  # of the keys, also where they are those of a query
    grouped: bool


class OperandFact(NamedTuple):
    """An operand of UNION, INTERSECT, EXCEPT behind the first. Columns that nobody named are ``""``."""

    operator: str
    number: int
    first: tuple[str, ...]
    names: tuple[str, ...]
    span: Span


class InsertFact(NamedTuple):
    """``insert into t (a, b) select x, y``: what goes where. ``listed``: the statement names the target's columns."""

    target: DatasetId
    listed: bool
    names: tuple[str, ...]  # of the values, in their order
    columns: tuple[str, ...]  # of the target that take them, in the same order
    span: Span


class RepeatFact(NamedTuple):
    """A name that a result has more than once: ``create table t as select a.id, b.id from …``."""

    target: DatasetId
    kind: DatasetKind
    name: str
    span: Span


class UnusedFact(NamedTuple):
    """A column of a CTE or subquery that nothing reads."""

    name: str
    relation: str  # its alias, "" where it has none
    span: Span


class DropFact(NamedTuple):
    """``alter table t drop column a``; of a RENAME the new name."""

    column: ColumnId
    renamed: str
    span: Span


class TypeFact(NamedTuple):
    """What a statement makes of a column of what it writes: ``select cast(a as int) as b``."""

    column: ColumnId
    type: str


@dataclass(frozen=True, slots=True)
class StatementFacts:
    job: JobId
    kind: JobKind
    reads: tuple[ReadFact, ...] = ()
    writes: tuple[WriteFact, ...] = ()
    stars: tuple[StarFact, ...] = ()
    joins: tuple[JoinFact, ...] = ()
    idle_joins: tuple[IdleJoinFact, ...] = ()
    operands: tuple[OperandFact, ...] = ()
    inserts: tuple[InsertFact, ...] = ()
    repeats: tuple[RepeatFact, ...] = ()
    unused: tuple[UnusedFact, ...] = ()
    drops: tuple[DropFact, ...] = ()
    types: tuple[TypeFact, ...] = ()


class DeclaredDataset(NamedTuple):
    """What a properties file lists of a model, seed, snapshot or source, with the place of each column."""

    unique_id: str
    span: Span
    columns: tuple[Column, ...]
    places: tuple[Span, ...]


class Suppression(NamedTuple):
    """``-- noqa: CL02`` in sqlfluff's syntax. ``rules`` () means all; ``action`` disable and enable bound a range of lines."""

    span: Span
    rules: tuple[str, ...] = ()
    action: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    statements: tuple[StatementFacts, ...] = ()
    declared: tuple[DeclaredDataset, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
