"""How git is asked: in a way that runs nothing which the repository chose."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NOTHING_RUNS = (
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
    *("-c", "protocol.ext.allow=never"),
)


def git(root: Path, *words: str) -> list[str]:
    """The command line that asks git, about the repository that ``root`` is in."""
    return ["git", *_NOTHING_RUNS, "-C", os.fspath(root), *words]
