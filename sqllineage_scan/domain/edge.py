"""Edges of the graph. Column edges decide a value, row edges decide which rows there are; the two stay apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.evidence import Band, Evidence, band_of, confidence_of

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import ColumnId, DatasetId, JobId
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.domain.transformation import Transformation, TransformationSubtype


class ColumnEdge(NamedTuple):
    """``source`` decides the value of ``target``:  insert into t select sum(o.amt) as amount from o  →  o.amt -> t.amount."""

    source: ColumnId
    target: ColumnId
    job: JobId
    transformation: Transformation
    evidence: tuple[Evidence, ...]
    span: Span | None = None

    @property
    def confidence(self) -> float:
        return confidence_of(self.evidence)

    @property
    def band(self) -> Band:
        return band_of(self.confidence)


class RowEdge(NamedTuple):
    """``source`` decides which rows ``target`` has:  … from o where o.status = 'paid'  →  o.status => t  FILTER."""

    source: ColumnId
    target: DatasetId
    job: JobId
    subtype: TransformationSubtype
    evidence: tuple[Evidence, ...]
    span: Span | None = None

    @property
    def confidence(self) -> float:
        return confidence_of(self.evidence)


class DatasetEdge(NamedTuple):
    """``target`` is made from ``source``, whether or not any column is known."""

    source: DatasetId
    target: DatasetId
    job: JobId
    evidence: tuple[Evidence, ...]

    @property
    def confidence(self) -> float:
        return confidence_of(self.evidence)
