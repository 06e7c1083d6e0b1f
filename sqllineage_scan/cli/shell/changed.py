"""Which files have changed since a revision, as git tells."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from sqllineage_scan.errors import UsageError

_FROM = "PRE_COMMIT_FROM_REF"  # what pre-commit compares with, when it is told to: on push, in CI


class Changed(NamedTuple):
    """``paths`` from the root that is checked; ``gone``: names of models whose files are deleted or renamed."""

    paths: frozenset[str]
    gone: frozenset[str]


def changed_files(root: Path, revision: str | None, *, hook: bool = False) -> Changed | None:
    """None where a hook has nothing that changed: `pre-commit run --all-files` means everything."""
    since = revision or os.environ.get(_FROM) or "HEAD"
    folder = root if root.is_dir() else root.parent
    if hook and revision is None and since == "HEAD" and not _knows(folder, "HEAD"):
        return None  # the first commit: everything is new
    base = since if since == "HEAD" else _git(folder, "merge-base", since, "HEAD").strip()
    listed = _git(folder, "diff", "--name-status", "-z", "--relative", "--no-renames", base, "--").split("\0")
    pairs = list(zip(listed[::2], listed[1::2], strict=False))
    if hook and revision is None and not pairs:
        return None
    gone = {PurePosixPath(path).stem for status, path in pairs if status == "D"}
    return Changed(frozenset(path for _, path in pairs), frozenset(gone))


def _knows(folder: Path, revision: str) -> bool:
    arguments = ["git", "rev-parse", "--verify", "-q", revision]
    asked = subprocess.run(arguments, cwd=folder, capture_output=True, check=False)  # noqa: S603 -- no shell
    return asked.returncode == 0


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)  # noqa: S603, S607 -- no shell
    except FileNotFoundError:
        raise UsageError("git is not installed, and only git knows what has changed") from None
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        said = words[0].removeprefix("fatal: ") if words else f"git {arguments[0]} failed"
        raise UsageError(f"git cannot tell what has changed: {said}")
    return done.stdout.decode("utf-8", "surrogateescape")
