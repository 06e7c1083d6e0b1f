"""The commits of a repository with the files that each of them touched, from git's objects: nothing is checked out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.discover.dbt import PROJECT_FILES
from sqllineage_scan.discover.revision import REGULAR, Entry, is_readable
from sqllineage_scan.domain.commit import Commit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqllineage_scan.discover.revision import GitRepository

_FORMAT = "%x00%H%x00%P%x00%an%x00%cI%x00%s"
_FACTS = 5
_PLAIN_SQL = (".sql", ".ddl", ".hql")
_NAMES = frozenset(
    {*PROJECT_FILES, ".sqlfluff", "profiles.yml", "profiles.yaml", "packages.yml", "dependencies.yml", "manifest.json"}
)


class Touched(NamedTuple):
    """A file that a commit touched: its blob before and after; None where it was or is no file that a scan reads."""

    path: str
    before: str | None
    after: str | None


class Change(NamedTuple):
    """A commit, its first parent ("" for the first of all), and what lies between them."""

    commit: Commit
    parent: str
    touched: tuple[Touched, ...]


def commits(git: GitRepository, head: str, *, since: str | None = None, most: int | None = None) -> list[Change]:
    """``head`` and its first parents, the newest first, with the files below the scanned folder that each of them touched.

    A merge is what it brought into the branch. ``since``: as git understands it (``2024-01-01``, ``2 weeks ago``).
    """
    words = ["log", "--first-parent", "-m", "--raw", "--no-renames", "--no-abbrev", "--no-color", "--no-show-signature", "-z"]
    words += ["--encoding=UTF-8", f"--format={_FORMAT}", *(["--relative"] if git.prefix else [])]
    words += [f"--since={since}"] if since is not None else []
    words += [f"--max-count={most}"] if most is not None else []
    return list(_parsed(git.said([*words, head, "--"])))


def _parsed(told: bytes) -> Iterator[Change]:
    """git-scm.com, git-diff, "Raw output format": ``:100644 100644 <blob> <blob> M NUL path NUL``; a commit begins behind an
    empty word.
    """
    words = iter(told.split(b"\0"))
    facts: list[str] = []
    touched: list[Touched] = []
    for word in words:
        if word.lstrip(b"\n").startswith(b":"):
            touched += _touched(word, next(words))
        elif not word:
            if facts:
                yield _change(facts, touched)
            facts = [next(words, b"").decode("utf-8", "replace") for _ in range(_FACTS)]
            touched = []
    if facts and facts[0]:
        yield _change(facts, touched)


def _touched(word: bytes, name: bytes) -> Iterator[Touched]:
    mode, other_mode, blob, other_blob, _ = word.decode().lstrip("\n:").split()
    path = os.fsdecode(name)
    before, after = (blob if mode in REGULAR else None), (other_blob if other_mode in REGULAR else None)
    if before != after and is_readable(path):
        yield Touched(path, before, after)


def _change(facts: list[str], touched: list[Touched]) -> Change:
    name, parents, author, date, summary = facts
    return Change(Commit(name, author, date, summary), parents.partition(" ")[0], tuple(touched))


class Tree:
    """The files of a commit that a scan may read, and those of its neighbours, one after the other."""

    def __init__(self, files: Mapping[str, Entry]) -> None:
        self.files: dict[str, Entry] = dict(files)

    def undo(self, change: Change) -> bool:
        """Become the parent of the commit that it is. Whether a scan could find that anything is different."""
        seen = any(self._sees(item.path) for item in change.touched)
        for path, before, _ in change.touched:
            if before is None:
                self.files.pop(path, None)
            else:
                self.files[path] = Entry(path, before, 0)
        return seen or any(self._sees(item.path) for item in change.touched)

    def _sees(self, path: str) -> bool:
        """Whether a scan reads such a file: any SQL, and of the rest what is in a dbt project or says how to read others."""
        name = path.rpartition("/")[2].lower()
        if name in _NAMES or name.endswith(_PLAIN_SQL):
            return True
        return any(path.startswith(root) for root in self._projects())

    def _projects(self) -> Iterable[str]:
        folders = {path.rpartition("/")[0] for path in self.files if path.rpartition("/")[2] in PROJECT_FILES}
        return [f"{folder}/" if folder else "" for folder in folders]
