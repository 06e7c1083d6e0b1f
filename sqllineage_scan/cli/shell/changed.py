"""Which files have changed since a revision, as git tells."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from sqllineage_scan.discover.revision import GitRepository
from sqllineage_scan.errors import UsageError

_FROM = "PRE_COMMIT_FROM_REF"  # what pre-commit compares with, when it is told to: on push, in CI


class Changed(NamedTuple):
    """``paths`` from the root that is checked; ``gone``: names of models whose files are deleted or renamed."""

    paths: frozenset[str]
    gone: frozenset[str]


def changed_files(root: Path, revision: str | None, *, hook: bool = False) -> Changed | None:
    """None where a hook has nothing that changed: `pre-commit run --all-files` means everything."""
    since = revision or os.environ.get(_FROM) or "HEAD"
    try:
        git = GitRepository(root if root.is_dir() else root.parent, instead="without --changed all of it is checked")
        if hook and revision is None and since == "HEAD" and not git.has_commits:
            return None  # the first commit: everything is new
        pairs = git.changed_since(git.forked(since, git.commit("HEAD", fetch=False), fetch=False))
    except UsageError as error:
        raise UsageError(f"git cannot tell what has changed: {error}") from error
    if hook and revision is None and not pairs:
        return None
    gone = {PurePosixPath(path).stem for status, path in pairs if status == "D"}
    return Changed(frozenset(path for _, path in pairs), frozenset(gone))
