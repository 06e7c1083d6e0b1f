"""Commits from the newest back, each with what it did to every dataset: from the cache where somebody has walked there before."""

from __future__ import annotations

import os
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.discover.history import Tree, commits
from sqllineage_scan.domain.history import Past
from sqllineage_scan.pipeline.cache.store import opened
from sqllineage_scan.pipeline.executors.processes import LostWorkerError, Processes
from sqllineage_scan.pipeline.history.blocks import Where, walk, walk_elsewhere
from sqllineage_scan.pipeline.history.records import Records, digest_of, unpacked
from sqllineage_scan.pipeline.history.trees import Trees
from sqllineage_scan.pipeline.memory import rare_collection
from sqllineage_scan.pipeline.watch import looked_at, scanned, stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from sqllineage_scan.discover.history import Change
    from sqllineage_scan.discover.revision import Commit, GitRepository
    from sqllineage_scan.domain.history import CommitRecord
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.pipeline.options import ScanOptions

    Progress = Callable[[str, int, int], None]

_BLOCK = 40  # commits of one task: each begins with a folder and a scan of its own
_WORTH_PROCESSES = 60  # commits to walk


class Range(NamedTuple):
    """Which commits. ``since``: a date as git understands it; ``most``: the newest so many."""

    head: Commit
    since: str | None = None
    most: int | None = None


class Walk:
    """The history of the repository that the folder of ``git`` is in. ``head``: the graph of the newest commit."""

    def __init__(self, git: GitRepository, wanted: Range, trees: Trees, records: Records, where: Where) -> None:
        self._git, self._trees, self._records, self._where = git, trees, records, where
        changes = commits(git, wanted.head.id, since=wanted.since, most=wanted.most)
        whole = wanted.since is None and (wanted.most is None or len(changes) < wanted.most)
        self.is_cut = git.is_shallow and whole
        self.changes = changes[:-1] if self.is_cut else changes  # where the oldest of a shallow clone came from is not here
        self.newest = wanted.head.id
        self._known = records.find(self.changes)
        self.head: LineageGraph = trees.graph(Tree(git.files(wanted.head.id)))
        looked_at(git.root, wanted.head.id)
        scanned(git.root, where.options, self.head)

    @property
    def to_do(self) -> int:
        return sum(1 for change in self.changes if change.commit.hash not in self._known)

    def pasts(self, progress: Progress | None = None) -> Iterator[Past]:
        """The newest first, as they are found. Going through them again costs nothing."""
        with stage("walk") as turn, self._walkers() as executor:
            turn.cache(hits=len(self.changes) - self.to_do, misses=self.to_do)
            found = self._found(executor) if executor is not None else self._found_here()
            for number, change in enumerate(self.changes, 1):
                name = change.commit.hash
                if name not in self._known:
                    self._known[name] = next(found)
                turn.count(commits=1)
                if progress is not None:
                    progress("commits", number, len(self.changes))
                yield Past(change.commit, self._known[name])

    @contextmanager
    def _walkers(self) -> Iterator[Processes | None]:
        """Processes, where there is enough for them to do. They start none in turn."""
        options = self._where.options
        if self.to_do < _WORTH_PROCESSES or _count(options) < 2:  # noqa: PLR2004 -- one process is this one
            yield None
            return
        alone = self._where._replace(options=replace(options, processes=1, executor=None))
        executor = Processes(_count(options), (alone,))
        try:
            yield executor
        finally:
            executor.shutdown(wait=True, cancel_futures=True)

    def _found_here(self) -> Iterator[CommitRecord]:
        for block in self._blocks(len(self.changes)):
            yield from self._walked_here(block)

    def _walked_here(self, block: Sequence[Change]) -> Iterator[CommitRecord]:
        tree = Tree(self._git.files(block[0].commit.hash))
        yield from (record for _, record in walk(block, self._trees, tree, self._records))

    def _found(self, executor: Processes) -> Iterator[CommitRecord]:
        """The tasks of the next blocks are given out while the first is awaited, and no more: who asked may have had enough.
        What no process does, because it was killed or cannot be started, is done here.
        """
        blocks = self._blocks(_BLOCK)
        waiting: list[tuple[list[Change], Future[list[bytes]]]] = []
        while True:
            free = 2 * _count(self._where.options) - len(waiting)
            waiting += [(block, executor.submit(walk_elsewhere, block)) for block in islice(blocks, free)]
            if not waiting:
                return
            block, task = waiting.pop(0)
            try:
                records = [unpacked(data) for data in task.result()]
            except (BrokenExecutor, CancelledError, LostWorkerError):
                records = []
            whole = [record for record in records if record is not None]
            yield from whole if len(whole) == len(block) else self._walked_here(block)

    def _blocks(self, most: int) -> Iterator[list[Change]]:
        """The commits that nobody has walked, in runs of neighbours."""
        run: list[Change] = []
        for change in list(self.changes):
            known = change.commit.hash in self._known
            if run and (known or len(run) >= most):
                yield run
                run = []
            if not known:
                run.append(change)
        if run:
            yield run


@contextmanager
def walked(git: GitRepository, wanted: Range, options: ScanOptions) -> Iterator[Walk]:
    with rare_collection(), opened(options.cache_dir, options.cache_secret) as store, Trees(git, options, store) as trees:
        where = Where(git.root.resolve(), options, digest_of(git.root, git.ignored_and_read()))
        yield Walk(git, wanted, trees, Records(store, options, git.prefix, where.around), where)


def _count(options: ScanOptions) -> int:
    return options.processes or os.cpu_count() or 1
