"""Units whose names are bound: every reference points at a column, every star is expanded. ``resolve`` makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqllineage_scan.domain.dataset import DatasetKind
    from sqllineage_scan.domain.definition import Definition
    from sqllineage_scan.domain.evidence import Evidence
    from sqllineage_scan.domain.names import ColumnId, DatasetId, JobId
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.domain.transformation import TransformationSubtype
    from sqllineage_scan.domain.unit import SetOperator, Unit

ITEM = "="
"""In ``BoundUse.written``: the name of an item of the same list, seen through."""

RelationColumn = tuple[int, int]
"""Column *j* of the unit's relation *i*."""


class BoundUse(NamedTuple):
    """What a reference means. Several ``origins`` are candidates: it is one of them.

    ``rows_of`` names a subquery whose filters and joins decide this value too:
        select (select max(p.day) from payments p where p.order_id = o.id) as last_day   -- p.order_id and o.id are FILTERs
    """

    origins: tuple[ColumnId | RelationColumn, ...]
    subtype: TransformationSubtype
    masking: bool = False
    evidence: tuple[Evidence, ...] = ()
    span: Span | None = None
    rows_of: int | None = None
    written: tuple[str, ...] = ()  # the names that stand for it: ("o", "amount"); of a name that means an item: (ITEM,)


class BoundColumn(NamedTuple):
    name: str
    uses: tuple[BoundUse, ...]
    expression: str
    span: Span
    evidence: tuple[Evidence, ...] = ()  # weighs on whatever flows through: a hole in the expression
    normal: str = ""  # as in ``Projection``


@dataclass(frozen=True, slots=True)
class BoundRelation:
    """``reads``: the datasets and relations of its FROM. ``branches`` and ``operator`` as in ``Relation``."""

    columns: tuple[BoundColumn, ...]
    influences: tuple[BoundUse, ...]
    reads: tuple[BoundRead, ...]
    branches: tuple[int, ...] = ()
    operator: SetOperator | None = None
    distinct: bool = False
    recursive: bool = False  # read by the relations that it reads
    empty: bool = False  # never has a row
    open: bool = False  # may have columns that are not listed


class BoundRead(NamedTuple):
    source: DatasetId | int
    evidence: tuple[Evidence, ...] = ()
    item: int | None = None  # which item of the relation's FROM it is


@dataclass(frozen=True, slots=True)
class BoundWrite:
    """``columns``: (name in the target, position in the relation) pairs."""

    target: DatasetId
    kind: DatasetKind | None
    relation: int | None
    columns: tuple[tuple[str, int], ...]
    evidence: tuple[Evidence, ...] = ()
    span: Span | None = None
    schema_only: bool = False
    in_place: bool = False
    definition: Definition | None = None


@dataclass(frozen=True, slots=True)
class BoundUnit:
    unit: Unit
    job: JobId
    relations: tuple[BoundRelation, ...]
    writes: tuple[BoundWrite, ...]
    reads: tuple[BoundRead, ...] = ()  # of a statement of which only the tables are known
    unique_id: str | None = None
    defines: tuple[DatasetId, ...] = ()  # whose columns its DDL sets or changes
