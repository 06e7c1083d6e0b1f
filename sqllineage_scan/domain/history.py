"""What became of datasets, commit by commit: which commit gave them another version, from what, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqllineage_scan.domain.change import ChangeKind
    from sqllineage_scan.domain.commit import Commit
    from sqllineage_scan.domain.names import ColumnId, DatasetId


class What(StrEnum):
    """What of a dataset another commit made different; several may be at once."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    DEFINITION = "definition"  # the words of its own statements, or how it is built
    ROWS = "rows"  # its own filters, joins, groupings
    SCHEMA = "schema"  # its columns: which there are, their types, their order
    INPUTS = "inputs"  # it reads other datasets, or what it reads has another version


class InputState(NamedTuple):
    """Something that a dataset reads, and the version that it had then."""

    dataset: DatasetId
    version: str | None


class ToldChange(NamedTuple):
    """One thing that differs, as ``diff`` tells it. ``column`` "": of the dataset as a whole. ``own``: made here; else it
    follows from a change upstream. ``was``: what a renamed column was called.
    """

    kind: ChangeKind
    column: str
    own: bool
    before: str = ""
    after: str = ""
    was: str = ""
    details: tuple[str, ...] = ()


class FormerReads(NamedTuple):
    """What a column was made from before the commit, where that was something else. ``reads`` None: it was not there."""

    column: str
    reads: tuple[ColumnId, ...] | None


@dataclass(frozen=True, slots=True)
class DatasetStep:
    """What one commit did to one dataset. A version is None where the dataset is not there; ``was``: its former name."""

    dataset: DatasetId
    before: str | None
    after: str | None
    what: tuple[What, ...]
    was: DatasetId | None = None
    changes: tuple[ToldChange, ...] = ()
    inputs: tuple[InputState, ...] = ()  # that it has behind the commit
    former_inputs: tuple[InputState, ...] = ()  # those that it read before, as far as they were others or had other versions
    new_inputs: tuple[DatasetId, ...] = ()  # that it did not read before
    former_reads: tuple[FormerReads, ...] = ()


@dataclass(frozen=True, slots=True)
class CommitRecord:
    """All that one commit did to the datasets of a repository, seen from its first parent."""

    steps: tuple[DatasetStep, ...] = ()


class Past(NamedTuple):
    """A commit with what it did."""

    commit: Commit
    record: CommitRecord


class Entry(NamedTuple):
    """A commit that the history of a dataset or column tells of. ``steps``: of the dataset, or of all on the column's chain."""

    commit: Commit
    steps: tuple[DatasetStep, ...]


class Blamed(NamedTuple):
    """The commit that changed a column last by itself; None where no commit that was looked at did. ``distance``: from the
    column that was asked for, up the chain.
    """

    column: ColumnId
    distance: int
    commit: Commit | None = None
    change: ToldChange | None = None  # None, where the commit made the whole dataset
    made_here: bool = True  # whether anything in the repository makes or declares it


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked through for an answer. ``is_cut``: the clone is shallow, and has not all of it."""

    head: str  # the newest commit
    commits: int
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """The commits that changed a dataset or column, the newest first."""

    subject: DatasetId | ColumnId
    entries: tuple[Entry, ...]
    looked: Looked


@dataclass(frozen=True, slots=True)
class Blame:
    """Who changed each column of a chain last; the nearest first."""

    subject: DatasetId | ColumnId
    columns: tuple[Blamed, ...]
    looked: Looked
