"""All files compiled: from the cache where they were compiled before, else here or in other processes. The result is the same
bytes either way.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from sqllineage_scan.domain.source import FileKind
from sqllineage_scan.pipeline.cache.compiled import key_of
from sqllineage_scan.pipeline.hands import Hands, HowToCompile, Missing
from sqllineage_scan.pipeline.said import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqllineage_scan.domain.source import CompiledFile, SourceFile
    from sqllineage_scan.pipeline.cache.compiled import CompiledCache
    from sqllineage_scan.pipeline.cache.linked import LinkedCache
    from sqllineage_scan.pipeline.hands import Done
    from sqllineage_scan.pipeline.watch import Turn
    from sqllineage_scan.pipeline.workshop import Workshop

_KEPT_TOGETHER = 256  # files compiled before the cache is told: what an interruption can lose at most
_FOUND_TOGETHER = 2000  # files asked of the cache at once


def compile_files(
    files: Sequence[SourceFile],
    workshop: Workshop,
    how: HowToCompile | int = 1,
    progress: Callable[[str, int, int], None] | None = None,
    cache: CompiledCache | None = None,
    *,
    linked: LinkedCache | None = None,
    wanted: Callable[[SourceFile], bool] | None = None,
    turn: Turn | None = None,
) -> list[CompiledFile]:
    """``compile_file`` on each, in the order given; a number instead of ``how`` is that of processes.

    dbt's YAML comes first: what it says of a model (its config, which version it is) the model's own file must know. With
    ``linked``, of a file that it keeps there is only the head. ``wanted``: only such files. ``turn`` is told what was cached.
    """
    chosen = files if wanted is None else [file for file in files if wanted(file)]
    how = HowToCompile(how) if isinstance(how, int) else how
    with Hands(workshop, how) as hands:
        run = _Run(workshop, hands, cache, progress, len(files), linked=linked)
        run.compile([file for file in files if file.kind is FileKind.PROPERTIES])
        said = Said(declared for parts in run.done.values() for file in parts if (declared := file.declarations) is not None)
        run.compile([said.told(file, workshop) for file in chosen if file.kind is not FileKind.PROPERTIES])
    if turn is not None and cache is not None:
        turn.cache(hits=len(run.done) - run.missed, misses=run.missed)
    return [part for file in chosen for part in run.done[file.path]]


class _Run:
    """One pass over all files."""

    def __init__(
        self,
        workshop: Workshop,
        hands: Hands,
        cache: CompiledCache | None,
        progress: Callable[[str, int, int], None] | None,
        total: int,
        *,
        linked: LinkedCache | None,
    ) -> None:
        self.done: dict[str, tuple[CompiledFile, ...]] = {}
        self.missed = 0  # files that no cache had
        self._workshop, self._hands, self._cache = workshop, hands, cache
        self._linked = linked
        self._progress, self._total = progress, total

    def compile(self, files: Sequence[SourceFile]) -> None:
        missing: list[Missing] = []
        for start in range(0, len(files), _FOUND_TOGETHER):
            missing += self._find(files[start : start + _FOUND_TOGETHER])
        self.missed += len(missing)
        if not missing:
            return
        fresh: dict[bytes, Done] = {}
        try:
            for done in self._hands.compiled(missing):
                self._keep(done.file, done.parts)
                key = key_of(done.file, done.content, self._workshop) if done.content and self._cache is not None else None
                if key is not None:
                    fresh[key] = done
                    self._tell(done.file, key)
                if len(fresh) >= _KEPT_TOGETHER:
                    some, fresh = fresh, {}
                    self._keep_for_next_time(some)
        finally:  # Ctrl-C, too: what is done need not be done again
            self._keep_for_next_time(fresh)

    def _keep_for_next_time(self, fresh: Mapping[bytes, Done]) -> None:
        if self._cache is not None:
            self._cache.keep({key: done.parts for key, done in fresh.items() if done.data is None})
            self._cache.keep_bytes({key: done.data for key, done in fresh.items() if done.data is not None})

    def _find(self, files: Sequence[SourceFile]) -> list[Missing]:
        """Take what the cache has of them; the rest is returned."""
        sizes: dict[str, int] = {}
        wanted: dict[bytes, SourceFile] = {}
        for file in files:
            try:
                if self._cache is None:
                    sizes[file.path] = (self._workshop.root / file.path).stat().st_size
                    continue
                data = (self._workshop.root / file.path).read_bytes()
            except OSError:
                continue  # whoever compiles it says so
            sizes[file.path] = len(data)
            key = key_of(file, sha256(data).digest(), self._workshop)
            if key is not None:
                wanted[key] = file
        heads = self._linked.find(wanted) if self._linked is not None else {}
        compiled = {key: file for key, file in wanted.items() if key not in heads}
        found = self._cache.find(compiled) if self._cache is not None else {}
        for key, parts in (*heads.items(), *found.items()):
            self._tell(wanted[key], key)
            self._keep(wanted[key], parts)
        return [Missing(file, sizes.get(file.path, 0)) for file in files if file.path not in self.done]

    def _tell(self, file: SourceFile, key: bytes) -> None:
        if self._linked is not None:
            self._linked.told(file.path, key)

    def _keep(self, file: SourceFile, parts: tuple[CompiledFile, ...]) -> None:
        self.done[file.path] = parts
        if self._progress is not None:
            self._progress("compile", len(self.done), self._total)
