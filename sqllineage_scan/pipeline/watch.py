"""Watching a command work, for its run record: stages say here how long they took, whoever called them.

Nobody watches unless a command wants a record, and nothing that is watched hangs on it: what a stage returns is the same.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from hashlib import sha256
from time import perf_counter
from typing import TYPE_CHECKING

from sqllineage_scan.domain.run import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.pipeline.options import ScanOptions

# said about a scan, with no part in what comes of it
NO_PART_IN_IT = frozenset({"processes", "executor", "cache_dir", "cache_secret", "labels"})


@dataclass(slots=True)
class Turn:
    """A stage at work. Whoever does it counts what it has to do with."""

    processed: dict[str, int] = field(default_factory=dict)
    hits: int | None = None
    misses: int | None = None

    def count(self, **numbers: int) -> None:
        for kind, number in numbers.items():
            self.processed[kind] = self.processed.get(kind, 0) + number

    def cache(self, *, hits: int, misses: int) -> None:
        self.hits, self.misses = (self.hits or 0) + hits, (self.misses or 0) + misses


@dataclass(slots=True)
class Watch:
    """What was seen. Of several scans the first counts: that is head, where two are compared."""

    stages: dict[str, tuple[Turn, float, int]] = field(default_factory=dict)
    root: Path | None = None
    revision: str | None = None  # what of the repository at ``root`` was looked at; None: its work tree
    options: ScanOptions | None = None
    graph: LineageGraph | None = None
    drift: Mapping[str, int] | None = None
    open_findings: Mapping[str, int] | None = None

    def told(self) -> tuple[Stage, ...]:
        """The stages in the order in which they began."""
        return tuple(
            Stage(name, seconds, turns, turn.processed, turn.hits, turn.misses)
            for name, (turn, seconds, turns) in self.stages.items()
        )


_WATCH: ContextVar[Watch | None] = ContextVar("sqllineage_scan.watch", default=None)


@contextmanager
def watching() -> Iterator[Watch]:
    """What happens inside is seen."""
    watch = Watch()
    token = _WATCH.set(watch)
    try:
        yield watch
    finally:
        _WATCH.reset(token)


@contextmanager
def stage(name: str) -> Iterator[Turn]:
    watch = _WATCH.get()
    if watch is None:
        yield Turn()
        return
    turn, before, turns = watch.stages.setdefault(name, (Turn(), 0.0, 0))
    since = perf_counter()
    try:
        yield turn
    finally:
        watch.stages[name] = (turn, before + perf_counter() - since, turns + 1)


def scanned(root: Path, options: ScanOptions, graph: LineageGraph) -> None:
    watch = _WATCH.get()
    if watch is not None and watch.graph is None:
        watch.root, watch.options, watch.graph = watch.root or root, options, graph


def looked_at(root: Path, revision: str | None) -> None:
    """A revision of the repository at ``root``, wherever its files are while it is scanned."""
    watch = _WATCH.get()
    if watch is not None and watch.root is None:
        watch.root, watch.revision = root, revision


def drifted(by_kind: Mapping[str, int]) -> None:
    """How the repository differs from what was observed; nothing at all is a finding too."""
    watch = _WATCH.get()
    if watch is not None:
        watch.drift = dict(by_kind)


def checked(by_severity: Mapping[str, int]) -> None:
    """What rules found and nothing suppresses."""
    watch = _WATCH.get()
    if watch is not None:
        watch.open_findings = dict(by_severity)


def configuration_digest(options: ScanOptions) -> str:
    """Of all that was said about a scan, in the configuration and on the command line; of variables of the environment only
    which, since their values may be secrets.
    """
    said = [
        (item.name, sorted(options.env) if item.name == "env" else _plain(getattr(options, item.name)))
        for item in fields(options)
        if item.name not in NO_PART_IN_IT
    ]
    return f"sha256:{sha256(repr(said).encode('utf-8', 'surrogatepass')).hexdigest()}"


def _plain(value: object) -> object:
    return sorted((str(key), repr(item)) for key, item in value.items()) if isinstance(value, dict) else repr(value)
