"""A comparison of two revisions with all that its site shows: both graphs, and both sides' files while it is written."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.diff.compare import compare_graphs
from sqllineage_scan.discover.host import commit_url
from sqllineage_scan.discover.revision import GitRepository
from sqllineage_scan.domain.change import Revision
from sqllineage_scan.pipeline.cache.store import opened
from sqllineage_scan.pipeline.diff import WORK_TREE, Unpacked
from sqllineage_scan.pipeline.memory import rare_collection
from sqllineage_scan.pipeline.scan import scan_repository
from sqllineage_scan.pipeline.watch import looked_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqllineage_scan.domain.change import Diff
    from sqllineage_scan.domain.linked import KeptFile
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.pipeline.diff import Revisions
    from sqllineage_scan.pipeline.options import ScanOptions

    Progress = Callable[[str, int, int], None]


class Side(NamedTuple):
    """``root`` is None where the files are not at hand."""

    graph: LineageGraph
    root: Path | None
    source_url: str | None


class Sides(NamedTuple):
    base: Side
    head: Side
    diff: Diff


@contextmanager
def both_sides(
    root: Path, revisions: Revisions, options_of: Callable[[Path], ScanOptions], progress: Progress | None = None
) -> Iterator[Sides]:
    """As ``compare_revisions``; the files of each side are there until the block ends."""
    git = GitRepository(root)
    head = git.commit(revisions.head or "HEAD", fetch=revisions.fetch)
    base = git.forked(revisions.base, head, tip=revisions.tip, fetch=revisions.fetch)
    looked_at(root, None if revisions.head is None else head.id)
    with Unpacked(git) as new, Unpacked(git) as old:
        folder = root if revisions.head is None else new.become(head.id)
        before = old.become(base.id)
        options = options_of(folder)
        kept: dict[bytes, KeptFile] = {}
        with rare_collection(), opened(options.cache_dir, options.cache_secret) as store:
            now = scan_repository(folder, options, progress, store, kept)
            then = scan_repository(before, options, progress, store, kept)
        label = Revision(WORK_TREE) if revisions.head is None else Revision(head.label, head.id)
        diff = compare_graphs(then, now, (Revision(base.label, base.id), label))
        # files of the work tree that are not committed have no page at the host
        url = None if revisions.head is None else commit_url(root, head.id)
        yield Sides(Side(then, before, commit_url(root, base.id)), Side(now, folder, url), diff)
