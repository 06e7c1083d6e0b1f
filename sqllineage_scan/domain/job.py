"""Jobs: the statements that read and write datasets; exposures: who uses them in the end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import DatasetId, JobId
    from sqllineage_scan.domain.span import Span


class JobKind(StrEnum):
    QUERY = "query"
    CREATE = "create"
    INSERT = "insert"
    MERGE = "merge"
    UPDATE = "update"
    DELETE = "delete"
    COPY = "copy"
    RENAME = "rename"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Job:
    """One statement, or one dbt model. Named after its file: ``load.sql``, its third statement ``load.sql#3``."""

    id: JobId
    kind: JobKind
    dialect: str
    span: Span
    reads: tuple[DatasetId, ...] = ()
    writes: tuple[DatasetId, ...] = ()
    unique_id: str | None = None  # dbt's, where the job is a dbt node


@dataclass(frozen=True, slots=True)
class Exposure:
    """A dashboard, notebook, application or model of machine learning: a consumer at the end of the graph."""

    name: str
    kind: str
    owner: str | None
    url: str | None
    depends_on: tuple[DatasetId, ...]
    span: Span
    description: str = ""
    unique_id: str | None = None
