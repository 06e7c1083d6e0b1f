"""Who answers for data, what the glossary calls it, how it is classified; and where each of that comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import ColumnId, DatasetId


@dataclass(frozen=True, slots=True)
class GovernanceRule:
    """What the configuration says of the datasets that fit all of its patterns; with ``columns``, of their columns.

    [[governance]]
    paths = ["models/finance/"]      of the files that make them, as in .gitignore
    datasets = ["finance.*"]         by name
    columns = ["*email*"]
    owner = "finance-data"
    tags = ["pii"]
    """

    number: int  # of the table in the configuration, from 1
    paths: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    owner: str | None = None
    stewards: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


class HeldKind(StrEnum):
    OWNER = "owner"
    STEWARD = "steward"
    TERM = "term"
    TAG = "tag"
    ACCESS = "access"


class Held(NamedTuple):
    """One thing that a dataset or column has. ``origin`` says who says so; ``source`` is the column that it is inherited from,
    along edges that pass the value on as it is, with the confidence of the best way.
    """

    kind: HeldKind
    text: str
    origin: str = ""
    source: ColumnId | None = None
    confidence: float = 1.0


class Governed(NamedTuple):
    """A dataset, or with ``column`` one of its columns, and all that it has."""

    dataset: DatasetId
    column: str
    held: tuple[Held, ...]
