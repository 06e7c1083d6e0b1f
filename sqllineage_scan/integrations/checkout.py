"""What a CI job has checked out, as git tells: which commits there are to compare, and where in the repository we are."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sqllineage_scan.integrations.runner import Runner

_MERGE = 3  # a commit and its two parents


def base_of(runner: Runner, folder: Path) -> str:
    """The commit to compare HEAD with, as the event has it; empty where nothing came before.

    On ``pull_request`` the checkout is GitHub's merge commit: its first parent is the tip of the base, and the second the
    head of the pull request, so ``fetch-depth: 2`` brings both. Where the head itself is checked out, what it forked from is
    the base; of a shallow clone, which does not know that, the tip of the base.
    """
    pull = runner.pull_request()
    if pull is not None:
        _, head, base = pull
        commits = _git(folder, "rev-list", "--parents", "--max-count=1", "HEAD").split()
        if len(commits) == _MERGE and commits[2] == head:
            return commits[1]
        return _git(folder, "merge-base", base, "HEAD") or base
    group = runner.event.get("merge_group")
    if isinstance(group, dict):
        return str(group.get("base_sha") or "")
    return runner.commit_before()


def below_root(folder: Path) -> str:
    """``warehouse/dbt`` of a repository; empty at its root."""
    return _git(folder, "rev-parse", "--show-prefix").rstrip("/")


def _git(folder: Path, *words: str) -> str:
    command = ["git", "-C", os.fspath(folder), *words]
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)  # noqa: S603 -- fixed words, a path, commits
    except (OSError, subprocess.SubprocessError):
        return ""
    return os.fsdecode(done.stdout).strip()
