"""A revision of a repository as a folder of its own, from git's objects: nothing is checked out, no hook is run.

git is asked with a configuration that runs nothing that the repository chose: no hooks, no fsmonitor, no filters, which
``cat-file`` never applies. The user's work tree and index are not touched.
"""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.discover.git import git
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
_PATIENCE = 300  # seconds for one command of git's
_LARGEST = 64 * 1024 * 1024  # bytes of a file that is read
REGULAR = ("100644", "100755")
_WANTED = frozenset(".sql .ddl .hql .yml .yaml .csv .py .md .toml".split())
_WANTED_NAMES = frozenset({".sqlfluff", ".sqlfluffignore", "manifest.json", "catalog.json"})
_INSTALLED = frozenset({"profiles.yml", "profiles.yaml"})
_LFS = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\n")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NO_NAMES = frozenset({"", ".", "..", ".git"})


class Entry(NamedTuple):
    """A file of a tree."""

    path: str  # from the folder that is scanned, with /
    blob: str
    size: int


class Commit(NamedTuple):
    """A revision that git knows. ``label``: as it was named."""

    label: str
    id: str


class GitRepository:
    """The repository that the folder ``root`` is in. ``instead``: what to do where that is none."""

    def __init__(self, root: Path, *, instead: str = "compare two lineage documents instead") -> None:
        self.root = root
        self._instead = instead
        self.prefix = self._say("rev-parse", "--show-prefix").rstrip("\n")

    def commit(self, revision: str, *, fetch: bool) -> Commit:
        """What ``revision`` means. One that is not here is fetched, if that may be."""
        found = self._find(revision)
        if found is None and fetch:
            found = self._fetched(revision)
        if found is None:
            hint = "" if fetch else "; it was not looked for on the remote"
            raise UsageError(f"no commit is called {revision!r} in {self.root.resolve()}{hint}")
        return Commit(revision, found)

    @property
    def has_commits(self) -> bool:
        return self._find("HEAD") is not None

    def merge_base(self, base: Commit, head: Commit) -> str | None:
        """The newest commit that both have; None where that is not known: in a shallow clone, of unrelated histories."""
        return self._ask("merge-base", base.id, head.id) or None

    def forked(self, revision: str, head: Commit, *, tip: bool = False, fetch: bool) -> Commit:
        """What ``revision`` and ``head`` forked from, under the name of the former; where that is not known, or with ``tip``,
        ``revision`` itself.
        """
        named = self.commit(revision, fetch=fetch)
        base = None if tip else self.merge_base(named, head)
        return named if base is None else named._replace(id=base)

    def changed_since(self, commit: Commit) -> list[tuple[str, str]]:
        """The files of the work tree, below ``root``, that ``commit`` has otherwise: git's letter for it, and the path."""
        told = self._say("diff", "--name-status", "-z", "--relative", "--no-renames", "--no-ext-diff", commit.id, "--").split(
            "\0"
        )
        return list(zip(told[::2], told[1::2], strict=False))

    def files(self, commit: str) -> dict[str, Entry]:
        """What a scan may read of a commit, as far as it is regular files with harmless names."""
        return {entry.path: entry for entry in self._entries(commit) if _is_wanted(entry)}

    def write(self, entries: Sequence[Entry], into: Path) -> None:
        """Those files, below ``into``."""
        folders: set[str] = set()
        for entry, content in zip(entries, self._contents([entry.blob for entry in entries]), strict=True):
            target = f"{into}/{entry.path}"
            folder = os.path.dirname(target)  # noqa: PTH120 -- a thousand files
            with suppress(OSError, ValueError):  # a name too long for this system, a file where a folder should be
                if folder not in folders:
                    os.makedirs(folder, exist_ok=True)  # noqa: PTH103
                    folders.add(folder)
                with open(target, "wb") as out:  # noqa: PTH123
                    out.write(self._smudged(entry, content))

    def overlay(self, into: Path, paths: Iterable[str]) -> list[str]:
        """Links to what git ignores and a scan still needs: installed packages, profiles, dbt's artifacts. Without them one
        side would know more than the other. The paths of the links: what is written there would be written into the work tree.
        """
        links: list[str] = []
        for path in paths:
            source, target = self.root / path, into / path
            if target.parent.is_dir() and not target.exists():
                with suppress(OSError):
                    target.symlink_to(source.resolve(), target_is_directory=source.is_dir())
                    links.append(path)
        return links

    def ignored_and_read(self) -> list[str]:
        """What git ignores and a scan reads."""
        listed = self._ask("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory") or ""
        found: list[str] = []
        for name in listed.split("\0"):
            path = name.rstrip("/")
            if not path or _NO_NAMES.intersection(path.split("/")):
                continue
            source = self.root / path
            if _is_installed(source) if name.endswith("/") else source.name in _INSTALLED:
                found.append(path)
        return found

    def _entries(self, commit: str) -> Iterator[Entry]:
        words = ["ls-tree", "-r", "-l", "-z", "--full-tree", commit]
        folder = self.prefix.rstrip("/")
        if folder:
            words += ["--", f"{folder}/"]
        for line in self._bytes(words).split(b"\0"):
            head, _, name = line.partition(b"\t")
            if not name:
                continue
            mode, kind, blob, size = head.decode().split()
            path = os.fsdecode(name).removeprefix(self.prefix)
            if mode in REGULAR and kind == "blob" and size.isdigit() and _is_harmless(path):
                yield Entry(path, blob, int(size))

    def _contents(self, blobs: Sequence[str]) -> Iterator[bytes]:
        """Of each blob, in this order."""
        if not blobs:
            return
        output = self._bytes(["cat-file", "--batch"], "".join(f"{blob}\n" for blob in blobs).encode())
        position = 0
        for _ in blobs:
            end = output.index(b"\n", position)
            words = output[position:end].split()
            size = int(words[2]) if len(words) == 3 and words[2].isdigit() else 0  # noqa: PLR2004 -- "<id> missing"
            yield output[end + 1 : end + 1 + size]
            position = end + 1 + (size + 1 if len(words) == 3 else 0)  # noqa: PLR2004

    def _smudged(self, entry: Entry, content: bytes) -> bytes:
        """A file of git-lfs is a pointer in git; where the work tree has what it points at, that is meant."""
        found = _LFS.match(content)
        if found is None:
            return content
        try:
            real = (self.root / entry.path).read_bytes()
        except OSError:
            return content
        return real if sha256(real).hexdigest().encode() == found[1] else content

    def _find(self, revision: str) -> str | None:
        return self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}") or None

    def _fetched(self, revision: str) -> str | None:
        """From the remote, without tags; of a clone that is shallow the one commit, since that is all it wants to have."""
        remotes = (self._ask("remote") or "").split()
        if not remotes or revision.startswith("-"):
            return None
        remote = "origin" if "origin" in remotes else remotes[0]
        shallow = self.is_shallow
        name = revision.removeprefix(f"{remote}/")
        words = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", *(["--depth=1"] if shallow else []), remote, name]
        if self._ask(*words) is None:
            return None
        return self._find(revision if _COMMIT.fullmatch(revision) else "FETCH_HEAD")

    # git

    def said(self, words: Sequence[str]) -> bytes:
        """What git answers; ``UsageError`` where it has no answer."""
        return self._bytes(words)

    @property
    def is_shallow(self) -> bool:
        """Whether the clone leaves out where its oldest commits come from."""
        return self._ask("rev-parse", "--is-shallow-repository") == "true"

    def _say(self, *words: str) -> str:
        return os.fsdecode(self._bytes(words))

    def _ask(self, *words: str) -> str | None:
        """The answer, or None where git has none."""
        done = self._run(words)
        return os.fsdecode(done.stdout).strip("\n") if done.returncode == 0 else None

    def _bytes(self, words: Sequence[str], given: bytes = b"") -> bytes:
        done = self._run(words, given)
        if done.returncode:
            raise UsageError(_trouble(self.root, os.fsdecode(done.stderr), self._instead))
        return done.stdout

    def _run(self, words: Sequence[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = git(self.root, *words)
        environment: Mapping[str, str] = {**os.environ, **_QUIET}
        try:
            return subprocess.run(command, input=given, capture_output=True, check=False, timeout=_PATIENCE, env=environment)  # noqa: S603 -- fixed words, a path, revisions behind --end-of-options
        except FileNotFoundError:
            raise UsageError(f"git is not installed; {self._instead}") from None
        except subprocess.TimeoutExpired:
            raise UsageError(f"git {words[0]} took more than {_PATIENCE} seconds") from None


def _trouble(root: Path, said: str, instead: str) -> str:
    if "dubious ownership" in said or "safe.directory" in said:
        place = root.resolve()
        return f"{place} belongs to another user, so git does not read it; git config --global --add safe.directory {place}"
    if "not a git repository" in said:
        return f"{root.resolve()} is in no git repository; {instead}"
    lines = [line for line in said.splitlines() if line.strip()]
    return f"git: {lines[-1].removeprefix('fatal: ')}" if lines else "git failed without a word"


def is_readable(path: str) -> bool:
    """Whether a scan may read a file of that name."""
    return _is_harmless(path) and _has_wanted_name(path)


def _is_wanted(entry: Entry) -> bool:
    return entry.size <= _LARGEST and _has_wanted_name(entry.path)


def _has_wanted_name(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    return name in _WANTED_NAMES or PurePosixPath(name).suffix in _WANTED


def _is_harmless(path: str) -> bool:
    """No way out of the folder, nothing that git itself would read."""
    parts = path.split("/")
    return not any(part.lower() in _NO_NAMES or "\\" in part or ":" in part[:2] or "\0" in part for part in parts)


def _is_installed(folder: Path) -> bool:
    """Packages, or artifacts: dbt_packages/dbt_utils/dbt_project.yml, target/manifest.json."""
    try:
        if any((folder / name).is_file() for name in ("manifest.json", "catalog.json")):
            return True
        return any((child / "dbt_project.yml").is_file() for child in folder.iterdir())
    except OSError:
        return False
