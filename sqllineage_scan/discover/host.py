"""Where the repository is hosted, as far as its clone says: the address of a file there. Asks git, never the network."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from sqllineage_scan.discover.git import git
from sqllineage_scan.domain.checkout import Checkout

if TYPE_CHECKING:
    from pathlib import Path

_SHORT = re.compile(r"(?:[\w.-]+@)?([\w.-]+):(?!/)(.+)")  # git@github.com:shop/warehouse.git
_OF_HOST = {
    "github": "/blob/{revision}/{file}#L{line}",
    "gitlab": "/-/blob/{revision}/{file}#L{line}",
    "bitbucket": "/src/{revision}/{file}#lines-{line}",
    "codeberg": "/src/commit/{revision}/{file}#L{line}",
    "gitea": "/src/commit/{revision}/{file}#L{line}",
}
"""By a word of the host's name; ``file`` and ``line`` stay to be filled in."""


def source_url(root: Path) -> str | None:
    """``https://github.com/shop/warehouse/blob/<commit>/{path}#L{line}``; None when the host is not known."""
    revision = _git(root, "rev-parse", "--verify", "HEAD")
    return commit_url(root, revision) if revision else None


def commit_url(root: Path, revision: str) -> str | None:
    """The same, of any commit."""
    remote = _git(root, "config", "--get", "remote.origin.url")
    prefix = _git(root, "rev-parse", "--show-prefix")
    if not remote or prefix is None:
        return None
    return file_url(remote, revision, prefix)


def below_root(root: Path) -> str:
    """``transform/dbt``: where the folder is in its repository; "" at the top, and where there is none."""
    return (_git(root, "rev-parse", "--show-prefix") or "").strip("/")


def differs(root: Path) -> bool | None:
    """Whether files that git knows are other than in the commit; None where git does not say."""
    said = _git(root, "status", "--porcelain", "--untracked-files=no", "--ignore-submodules=all")
    return None if said is None else bool(said)


def checkout(root: Path) -> Checkout | None:
    """What git says of the clone at ``root``; None where it is none, or has no commit."""
    said = _git(root, "log", "-1", "--format=%H%n%cI")
    if not said:
        return None
    revision, committed = said.split("\n")[:2]
    remote = _git(root, "config", "--get", "remote.origin.url") or ""
    branch = _git(root, "rev-parse", "--abbrev-ref", "HEAD") or ""
    return Checkout(
        revision=revision,
        committed=committed,
        repository=without_secrets(remote),
        file_url=source_url(root),
        branch="" if branch == "HEAD" else branch,
        tag=_git(root, "describe", "--tags", "--exact-match") or "",
    )


def without_secrets(remote: str) -> str:
    """https://user:token@host/path   https://host/path"""
    return re.sub(r"^(\w+://)[^/@]*@", r"\1", remote)


def file_url(remote: str, revision: str, prefix: str = "") -> str | None:
    """``prefix``: the folder that is scanned, below the root of the repository. User names and passwords are left out."""
    short = _SHORT.fullmatch(remote)
    if short and "://" not in remote:
        host, path = short[1], short[2]
    else:
        try:
            parts = urlsplit(remote)
            host, path = parts.hostname or "", parts.path
            if parts.port and parts.scheme in ("http", "https"):
                host = f"{host}:{parts.port}"
        except ValueError:
            return None
    shape = next((shape for word, shape in _OF_HOST.items() if word in host), None)
    repository = path.strip("/").removesuffix(".git")
    if shape is None or not repository:
        return None
    file = f"{quote(prefix)}{{path}}"
    return f"https://{host}/{quote(repository)}" + shape.format(revision=revision, file=file, line="{line}")


def _git(root: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(git(root, *words), capture_output=True, check=True, timeout=30)  # noqa: S603 -- fixed words and a path
    except (OSError, subprocess.SubprocessError):
        return None
    return os.fsdecode(done.stdout).strip()
