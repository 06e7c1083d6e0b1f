"""The graphs of neighbouring commits: one folder becomes one tree after the other, and what stays the same is not done again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from sqllineage_scan.graph.build import build_graph
from sqllineage_scan.pipeline.diff import Unpacked
from sqllineage_scan.pipeline.linked import link_all
from sqllineage_scan.pipeline.memory import no_collection
from sqllineage_scan.pipeline.scan import Neighbour, compile_repository, link_options
from sqllineage_scan.pipeline.watch import stage

if TYPE_CHECKING:
    from sqllineage_scan.discover.history import Tree
    from sqllineage_scan.discover.revision import GitRepository
    from sqllineage_scan.domain.linked import KeptFile
    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.pipeline.cache.store import Store
    from sqllineage_scan.pipeline.options import ScanOptions


class Trees:
    """dbt's artifacts are left aside: they are of the present, whatever commit is looked at."""

    def __init__(self, git: GitRepository, options: ScanOptions, store: Store | None) -> None:
        self._options, self._store = replace(options, artifacts=False), store
        self._unpacked = Unpacked(git)
        self._kept: dict[bytes, KeptFile] = {}
        self._last: LineageGraph | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._unpacked.__exit__()

    def graph(self, tree: Tree) -> LineageGraph:
        """Of a tree. That of the last one, where all that a graph is made of is the same: a README, a workflow changed."""
        folder = self._unpacked.hold(tree.files)
        if not tree.files:
            return build_graph(name=folder.name)
        neighbour = Neighbour(sorted(tree.files), self._kept)
        compiled = compile_repository(folder, self._options, None, self._store, incremental=True, neighbour=neighbour)
        made_of = compiled.left.made_of(compiled.name, compiled.files, compiled.findings)
        if self._last is None or not made_of or self._last.made_of != made_of:
            linking = link_options(self._options, compiled.columns)
            with no_collection(), stage("link"):
                self._last = link_all(compiled.name, compiled.files, compiled.findings, linking, compiled.left)
        return self._last
