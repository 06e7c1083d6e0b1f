"""Two states of a repository into their comparison: each scanned, one cache for both."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

from sqllineage_scan.diff.compare import compare_graphs
from sqllineage_scan.discover.revision import GitRepository
from sqllineage_scan.domain.change import Revision
from sqllineage_scan.pipeline.cache.store import opened
from sqllineage_scan.pipeline.memory import rare_collection
from sqllineage_scan.pipeline.scan import scan_repository

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqllineage_scan.discover.revision import Entry
    from sqllineage_scan.domain.change import Diff
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.pipeline.options import ScanOptions

    Progress = Callable[[str, int, int], None]

WORK_TREE = "work tree"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisions:
    """What to compare. ``head`` None: the work tree as it is. ``tip``: with ``base``
    itself, and not with what both forked from.
    """

    base: str
    head: str | None = None
    tip: bool = False
    fetch: bool = True

    @classmethod
    def of(cls, base: str, head: str | None, *, tip: bool, fetch: bool) -> Revisions:
        """``main``, ``main..feature`` (the tips), ``main...feature`` (from where they forked), as git has it."""
        for dots, only_tips in (("...", False), ("..", True)):
            before, found, after = base.partition(dots)
            if found and head is None:
                return cls(base=before or "HEAD", head=after or "HEAD", tip=tip or only_tips, fetch=fetch)
        return cls(base=base, head=head, tip=tip, fetch=fetch)


def compare_revisions(
    root: Path,
    revisions: Revisions,
    options_of: Callable[[Path], ScanOptions],
    progress: Progress | None = None,
) -> Diff:
    """``options_of(folder)`` are the options that the configuration in a folder says: both sides are scanned with head's."""
    git = GitRepository(root)
    head = git.commit(revisions.head or "HEAD", fetch=revisions.fetch)
    base = git.forked(revisions.base, head, tip=revisions.tip, fetch=revisions.fetch)
    with Unpacked(git) as unpacked, rare_collection():
        folder = root if revisions.head is None else unpacked.become(head.id)
        options = options_of(folder)
        with opened(options.cache_dir, options.cache_secret, twice=True) as store:
            after = scan_repository(folder, options, progress, store)
            before = scan_repository(unpacked.become(base.id), options, progress, store)
    label = Revision(WORK_TREE) if revisions.head is None else Revision(head.label, head.id)
    return compare_graphs(before, after, (Revision(base.label, base.id), label))


def compare_with_revision(root: Path, base: str, head: LineageGraph, options: ScanOptions) -> Diff:
    """The work tree at ``root``, whose graph is there already, with where it forked from ``base``."""
    git = GitRepository(root)
    commit = git.forked(base, git.commit("HEAD", fetch=False), fetch=False)
    with opened(options.cache_dir, options.cache_secret) as store, rare_collection(), Unpacked(git) as unpacked:
        before = scan_repository(unpacked.become(commit.id), options, None, store)
    return compare_graphs(before, head, (Revision(commit.label, commit.id), Revision(WORK_TREE)))


def compare_with_document(base: LineageGraph, head: LineageGraph, labels: tuple[str, str]) -> Diff:
    """Two graphs that are there already: lineage documents, or scans of one's own."""
    return compare_graphs(base, head, (Revision(labels[0], base.revision), Revision(labels[1], head.revision)))


class Unpacked:
    """A private folder with the files of a commit, and then with those of another; it is gone afterwards. It bears the name of
    the scanned folder, which names a project that has no name.
    """

    def __init__(self, git: GitRepository) -> None:
        self._git = git
        self._files: dict[str, Entry] = {}
        self._folder = TemporaryDirectory(prefix="sqllineage-scan-", ignore_cleanup_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def become(self, commit: str) -> Path:
        """Two commits differ in little: what is the same stays."""
        place = Path(self._folder.name) / (self._git.root.resolve().name or "repository")
        place.mkdir(exist_ok=True)
        files = self._git.files(commit)
        for path in self._files.keys() - files.keys():
            _remove(place, path)
        self._git.write([entry for path, entry in files.items() if self._files.get(path) != entry], place)
        self._git.overlay(place)
        self._files = files
        return place


def _remove(place: Path, path: str) -> None:
    """The file, and the folders that it leaves empty."""
    with suppress(OSError):
        target = place / path
        target.unlink(missing_ok=True)
        for folder in target.parents:
            if folder == place:
                break
            folder.rmdir()
