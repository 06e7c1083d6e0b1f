"""Some commits in a row, walked: what each did to every dataset. In this process, or in one of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.diff.steps import steps_between
from sqllineage_scan.discover.history import Tree
from sqllineage_scan.discover.revision import GitRepository
from sqllineage_scan.domain.history import CommitRecord
from sqllineage_scan.pipeline.cache.store import opened
from sqllineage_scan.pipeline.history.records import Records, packed
from sqllineage_scan.pipeline.history.trees import Trees
from sqllineage_scan.pipeline.memory import rare_collection

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqllineage_scan.discover.history import Change
    from sqllineage_scan.pipeline.options import ScanOptions

_KEPT_TOGETHER = 20  # commits walked before the cache is told: what an interruption can lose at most


class Where(NamedTuple):
    """What is walked: the folder, how it is scanned, and a digest of what git ignores there and a scan reads all the same."""

    root: Path
    options: ScanOptions
    around: str


def walk(changes: Sequence[Change], trees: Trees, tree: Tree, records: Records) -> Iterator[tuple[Change, CommitRecord]]:
    """``changes``: commits, each the parent of the one before; ``tree``: that of the first, and behind it what the last left."""
    fresh: list[tuple[Change, CommitRecord]] = []
    after = trees.graph(tree)
    try:
        for change in changes:
            before = trees.graph(tree) if tree.undo(change) else after
            record = steps_between(before, after) if before is not after else CommitRecord()
            after = before
            fresh.append((change, record))
            if len(fresh) >= _KEPT_TOGETHER:
                records.keep(fresh)
                fresh = []
            yield change, record
    finally:  # Ctrl-C, too: what is walked need not be walked again
        records.keep(fresh)


def walk_elsewhere(changes: Sequence[Change], where: Where) -> list[bytes]:
    """The same as a task of another process: its records as they are kept."""
    git = GitRepository(where.root)
    with rare_collection(), opened(where.options.cache_dir, where.options.cache_secret) as store:
        records = Records(store, where.options, git.prefix, where.around)
        with Trees(git, where.options, store) as trees:
            tree = Tree(git.files(changes[0].commit.hash))
            return [packed(record) for _, record in walk(changes, trees, tree, records)]
