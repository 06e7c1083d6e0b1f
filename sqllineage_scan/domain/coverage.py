"""How much of the repository was understood, and what hides the rest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqllineage_scan.domain.source import FileKind, FileStatus
    from sqllineage_scan.domain.span import Span


class GapKind(StrEnum):
    UNREADABLE = "unreadable"  # a file that is no text
    UNPARSED = "unparsed"  # a statement no parser understood
    UNSUPPORTED = "unsupported"  # parsed, but its meaning for lineage is not known here
    HOLE = "hole"  # a template expression that could not be rendered
    UNKNOWN_COLUMNS = "unknown_columns"  # a dataset whose columns nothing in the repository says
    MISSING_COLUMN = "missing_column"  # a column read from a dataset that has none of that name
    MISSING_DATASET = "missing_dataset"  # ref('nobody'), source('no', 'where')
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something not understood. ``hides`` counts what it costs: edges lost or made less than certain by it."""

    kind: GapKind
    subject: str  # the dataset, macro or statement
    reason: str
    hides: int
    help: str  # the one-line fix
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What became of one file: every discovered file has exactly one."""

    path: str
    kind: FileKind
    status: FileStatus
    statements: int


@dataclass(frozen=True, slots=True)
class Coverage:
    files: tuple[FileRecord, ...] = ()
    statements: int = 0
    statements_understood: int = 0
    references: int = 0  # column references in all expressions
    references_resolved: int = 0  # bound to exactly one column
    gaps: tuple[Gap, ...] = ()  # most hiding first
