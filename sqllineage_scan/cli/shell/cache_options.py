"""What a command line may say of the cache."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from sqllineage_scan.pipeline.options import ScanOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheOptions:
    folder: Path | None = None
    off: bool = False

    def over(self, options: ScanOptions) -> ScanOptions:
        if self.off:
            return replace(options, cache_dir=None)
        if self.folder is None:
            return options
        if self.folder.exists() and not self.folder.is_dir():
            raise UsageError(f"--cache-dir {self.folder} is no folder")
        return replace(options, cache_dir=self.folder)
