"""What a contract promises to those who read a dataset, whatever the contract is written in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.span import Span


class PromisedColumn(NamedTuple):
    """``logical_type`` is one of ODCS' words (string, integer, number …), ``type`` the database's own. "" and None: not said."""

    name: str
    span: Span
    type: str = ""
    logical_type: str = ""
    tags: tuple[str, ...] = ()
    classification: str = ""
    required: bool | None = None  # no NULL
    unique: bool | None = None
    key: bool | None = None  # a part of the primary key
    description: str = ""

    @property
    def shown_type(self) -> str:
        return self.type or self.logical_type


class PromisedDataset(NamedTuple):
    """``names``: what it may be called in the database, the most exact first: ``shop.public.orders``, ``orders``."""

    name: str
    names: tuple[str, ...]
    span: Span
    columns: tuple[PromisedColumn, ...] = ()
    tags: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract, as its file says it. ``datasets`` () where it has no schema."""

    path: str
    id: str = ""
    name: str = ""
    version: str = ""
    status: str = ""
    datasets: tuple[PromisedDataset, ...] = ()

    @property
    def label(self) -> str:
        return self.name or self.id or self.path


@dataclass(frozen=True, slots=True)
class Contracts:
    """The contracts that the configuration names, and what is wrong with their files."""

    contracts: tuple[Contract, ...] = ()
    findings: tuple[Finding, ...] = ()


class Bump(StrEnum):
    """What a version says of a change (semver.org, 2.0.0); the order is from least to most."""

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"


class TermChange(NamedTuple):
    """One thing that two versions of a contract say otherwise. ``subject``: ``orders``, ``orders.amount``."""

    kind: str  # missing, extra, type, tags, required, unique, key, description
    subject: str
    before: str
    after: str
    bump: Bump  # that it needs
    why: str
    span: Span | None = None

    @property
    def breaking(self) -> bool:
        return self.bump is Bump.MAJOR


@dataclass(frozen=True, slots=True)
class ContractDiff:
    """``needed`` is what the changes need, ``made`` what the two versions say; ``judged`` is empty where that is enough."""

    old: Contract
    new: Contract
    changes: tuple[TermChange, ...]
    needed: Bump
    made: Bump | None  # None: one of the two is no semantic version
    judged: str = ""
    findings: tuple[Finding, ...] = field(default=())

    @property
    def breaking(self) -> tuple[TermChange, ...]:
        return tuple(change for change in self.changes if change.breaking)
