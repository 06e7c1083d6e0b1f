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
from sqllineage_scan.pipeline.watch import looked_at, stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqllineage_scan.discover.revision import Commit, Entry
    from sqllineage_scan.domain.change import Diff
    from sqllineage_scan.domain.linked import KeptFile
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
    looked_at(root, None if revisions.head is None else head.id)
    with Unpacked(git) as unpacked, rare_collection():
        folder = root if revisions.head is None else unpacked.become(head.id)
        options = options_of(folder)
        kept: dict[bytes, KeptFile] = {}
        with opened(options.cache_dir, options.cache_secret) as store:
            after = scan_repository(folder, options, progress, store, kept)
            before = scan_repository(unpacked.become(base.id), options, progress, store, kept)
    with stage("compare") as turn:
        turn.count(datasets=len(after.datasets))
        return _compared(before, after, revisions, base, head)


def _compared(before: LineageGraph, after: LineageGraph, revisions: Revisions, base: Commit, head: Commit) -> Diff:
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
        self._ignored: list[str] | None = None  # what of the work tree is linked to
        self._links: list[str] = []
        self._folder = TemporaryDirectory(prefix="sqllineage-scan-", ignore_cleanup_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def become(self, commit: str) -> Path:
        """Two commits differ in little: what is the same stays."""
        return self.hold(self._git.files(commit))

    def hold(self, files: Mapping[str, Entry]) -> Path:
        """Just these files, and links to what git ignores. A link goes before what is written: a revision may have a file where
        the work tree has an installed package, and that one is not ours to write into.
        """
        place = Path(self._folder.name) / (self._git.root.resolve().name or "repository")
        place.mkdir(exist_ok=True)
        fresh = [entry for path, entry in files.items() if (held := self._files.get(path)) is None or held.blob != entry.blob]
        gone = self._files.keys() - files.keys()
        if fresh or gone or self._ignored is None:
            for link in self._links:
                with suppress(OSError):
                    (place / link).unlink()
            for path in gone:
                _remove(place, path)
            self._git.write(fresh, place)
            self._ignored = self._git.ignored_and_read() if self._ignored is None else self._ignored
            self._links = self._git.overlay(place, self._ignored)
        self._files = dict(files)
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
