"""All files compiled: from the cache where they were compiled before, else here or in other processes. The result is the same
bytes either way.
"""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.source import FileKind
from sqllineage_scan.pipeline.cache.compiled import key_of
from sqllineage_scan.pipeline.said import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqllineage_scan.domain.source import CompiledFile, SourceFile
    from sqllineage_scan.pipeline.cache.compiled import CompiledCache
    from sqllineage_scan.pipeline.cache.linked import LinkedCache
    from sqllineage_scan.pipeline.work import Compiled
    from sqllineage_scan.pipeline.workshop import Workshop

_WORTH_A_PROCESS = 200  # files; a process costs about what 100 files do
_KEPT_TOGETHER = 256  # files compiled before the cache is told: what an interruption can lose at most
_FOUND_TOGETHER = 2000  # files asked of the cache at once


def compile_files(
    files: Sequence[SourceFile],
    workshop: Workshop,
    processes: int,
    progress: Callable[[str, int, int], None] | None = None,
    cache: CompiledCache | None = None,
    *,
    linked: LinkedCache | None = None,
) -> list[CompiledFile]:
    """``compile_file`` on each, in the order given. ``processes`` 0: as many as there are cores, when there is enough to do.

    dbt's YAML comes first: what it says of a model (its config, which version it is) the model's own file must know. With
    ``linked``, of a file that it keeps there is only the head.
    """
    run = _Run(workshop, processes, cache, progress, len(files), linked=linked)
    run.compile([file for file in files if file.kind is FileKind.PROPERTIES])
    said = Said(declared for parts in run.done.values() for file in parts if (declared := file.declarations) is not None)
    run.compile([said.told(file, workshop) for file in files if file.kind is not FileKind.PROPERTIES])
    return [part for file in files for part in run.done[file.path]]


class _Missing(NamedTuple):
    """A file to compile. ``size``: bytes, since the largest go first."""

    file: SourceFile
    size: int


class _Run:
    """One pass over all files."""

    def __init__(
        self,
        workshop: Workshop,
        processes: int,
        cache: CompiledCache | None,
        progress: Callable[[str, int, int], None] | None,
        total: int,
        *,
        linked: LinkedCache | None,
    ) -> None:
        self.done: dict[str, tuple[CompiledFile, ...]] = {}
        self._workshop, self._processes, self._cache = workshop, processes, cache
        self._linked = linked
        self._progress, self._total = progress, total

    def compile(self, files: Sequence[SourceFile]) -> None:
        missing: list[_Missing] = []
        for start in range(0, len(files), _FOUND_TOGETHER):
            missing += self._find(files[start : start + _FOUND_TOGETHER])
        if not missing:
            return
        if self._cache is None:
            for file, compiled in self._compiled(missing):
                self._keep(file, compiled.parts)
            return
        fresh: dict[bytes, tuple[CompiledFile, ...]] = {}
        try:
            for file, compiled in self._compiled(missing):
                self._keep(file, compiled.parts)
                key = key_of(file, compiled.content, self._workshop) if compiled.content else None
                if key is not None:
                    fresh[key] = compiled.parts
                    self._tell(file, key)
                if len(fresh) >= _KEPT_TOGETHER:
                    some, fresh = fresh, {}
                    self._cache.keep(some)
        finally:  # Ctrl-C, too: what is done need not be done again
            self._cache.keep(fresh)

    def _find(self, files: Sequence[SourceFile]) -> list[_Missing]:
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
        return [_Missing(file, sizes.get(file.path, 0)) for file in files if file.path not in self.done]

    def _tell(self, file: SourceFile, key: bytes) -> None:
        if self._linked is not None:
            self._linked.told(file.path, key)

    def _keep(self, file: SourceFile, parts: tuple[CompiledFile, ...]) -> None:
        self.done[file.path] = parts
        if self._progress is not None:
            self._progress("compile", len(self.done), self._total)

    def _compiled(self, missing: Sequence[_Missing]) -> Iterable[tuple[SourceFile, Compiled]]:
        enough = max(1, len(missing) // _WORTH_A_PROCESS)
        workers = min(self._processes or min(os.cpu_count() or 1, enough), len(missing))
        return _here(missing, self._workshop) if workers <= 1 else _elsewhere(missing, self._workshop, workers)


def _here(missing: Sequence[_Missing], workshop: Workshop) -> Iterator[tuple[SourceFile, Compiled]]:
    from sqllineage_scan.pipeline.work import compile_file

    for item in missing:
        yield item.file, compile_file(item.file, workshop)


def _elsewhere(missing: Sequence[_Missing], workshop: Workshop, workers: int) -> Iterator[tuple[SourceFile, Compiled]]:
    from sqllineage_scan.pipeline.processes import compile_in_processes

    largest_first = sorted(missing, key=lambda item: (-item.size, item.file.path))
    yield from compile_in_processes([item.file for item in largest_first], workshop, workers)
