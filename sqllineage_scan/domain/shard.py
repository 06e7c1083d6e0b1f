"""A part of a repository, compiled: what one machine of several writes, and another links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.governance import GovernanceRule
    from sqllineage_scan.domain.source import CompiledFile


@dataclass(frozen=True, slots=True)
class Shard:
    """Shard ``number`` of ``count``, from 1. Those of one repository in one state have the same ``state``."""

    state: str  # a digest of the repository's files, what they see, and how it is scanned
    number: int
    count: int
    name: str  # of the repository
    findings: tuple[Finding, ...]  # of the repository as a whole: the same in every shard
    files: tuple[CompiledFile, ...]
    namespace: str = ""  # how it is linked, as it was configured
    default_catalog: str | None = None
    default_schema: str | None = None
    targets: tuple[str, ...] = ()
    governance: tuple[GovernanceRule, ...] = ()
    owners: tuple[str, tuple[tuple[str, tuple[str, ...]], ...]] | None = None  # CODEOWNERS: its path, its rules
