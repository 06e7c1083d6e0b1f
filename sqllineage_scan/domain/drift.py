"""Where the repository and what was observed of a database differ."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.domain.span import Span


class ObservedColumn(NamedTuple):
    """``tags`` is None where the source knows nothing of tags. ``logical_type``: of a contract, ODCS' word."""

    name: str
    type: str = ""
    logical_type: str = ""
    tags: tuple[str, ...] | None = None


class ObservedDataset(NamedTuple):
    """``names``: what it may be called, the most exact first: a unique id of dbt's, ``SHOP.PUBLIC.ORDERS``."""

    names: tuple[str, ...]
    columns: tuple[ObservedColumn, ...]


@dataclass(frozen=True, slots=True)
class Observed:
    """What a file tells of a database. ``whole``: a table of a schema that it lists, and that it does not list, is not there."""

    source: str  # the file
    kind: str  # catalog, csv, duckdb …
    datasets: tuple[ObservedDataset, ...]
    whole: bool = True


class ExpectedColumn(NamedTuple):
    name: str
    type: str
    tags: tuple[str, ...]
    span: Span | None


class Expected(NamedTuple):
    """What the repository says of a dataset. ``made``: it makes it; ``closed``: it knows all of its columns."""

    id: DatasetId
    made: bool
    closed: bool
    columns: tuple[ExpectedColumn, ...]
    span: Span | None


class DriftKind(StrEnum):
    """The order is from worst to least."""

    MISSING_DATASET = "missing_dataset"  # the repository makes it, the database has it not
    MISSING_COLUMN = "missing_column"
    TYPE = "type"
    TAGS = "tags"
    EXTRA_COLUMN = "extra_column"  # the database has it, the SQL does not make it
    EXTRA_DATASET = "extra_dataset"

    @property
    def breaks(self) -> bool:
        """Whether SQL of the repository that relies on what it says fails, or goes wrong."""
        return self in (DriftKind.MISSING_DATASET, DriftKind.MISSING_COLUMN, DriftKind.TYPE)


class Drift(NamedTuple):
    kind: DriftKind
    subject: str
    expected: str
    observed: str
    why: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class DriftReport:
    """``datasets`` and ``columns``: how many could be compared; ``uncovered``: datasets of schemas of which the source tells
    nothing; ``unsure``: observed tables whose name fits several datasets.
    """

    source: str
    kind: str
    drifts: tuple[Drift, ...]
    datasets: int
    columns: int
    uncovered: int
    unsure: tuple[str, ...] = ()

    def of(self, kinds: Sequence[DriftKind]) -> tuple[Drift, ...]:
        return tuple(each for each in self.drifts if each.kind in kinds)

    @property
    def breaking(self) -> tuple[Drift, ...]:
        return tuple(each for each in self.drifts if each.kind.breaks)
