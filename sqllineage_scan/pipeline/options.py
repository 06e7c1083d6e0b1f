"""What a caller may say about a scan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Executor
    from pathlib import Path

    from sqllineage_scan.domain.governance import GovernanceRule


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    dialect: str | None = None
    dialects: Mapping[str, str] = field(default_factory=dict)  # path pattern -> dialect
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    default_catalog: str | None = None
    default_schema: str | None = None
    namespace: str = ""
    targets: tuple[str, ...] = ()
    governance: tuple[GovernanceRule, ...] = ()
    profiles_dir: str | None = None  # where profiles.yml is, absolute or from the scanned root
    profile: str | None = None  # dbt's --profile and --target
    target: str | None = None
    vars: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)  # the environment variables that templates may read, with their values
    artifacts: bool = True  # whether what dbt left in target/ may be used where it is fresh
    processes: int = 1  # 0: as many as the machine has cores, when there is enough work
    executor: Executor | None = None  # who compiles files instead: of concurrent.futures, or one that is used like those
    max_seconds: int = 60  # CPU time that one file may take; 0: no limit
    max_memory: int = 4096  # megabytes of one process that compiles files; 0: no limit
    cache_dir: Path | None = None  # folder of the cache; None: nothing is kept from scan to scan
    labels: Mapping[str, str] = field(default_factory=dict)  # of the run record: role, environment
    cache_secret: str = ""  # seals its entries, where others can write to that folder too
