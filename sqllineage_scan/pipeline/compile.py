"""All files compiled, here or in other processes; the result is the same bytes either way."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from sqllineage_scan.pipeline.work import Workshop, read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqllineage_scan.domain.source import CompiledFile, SourceFile

_WORTH_A_PROCESS = 200  # files; a process costs about what 100 files do
_CHUNK = 16


def compile_files(
    files: Sequence[SourceFile], workshop: Workshop, processes: int, progress: Callable[[str, int, int], None] | None = None
) -> list[CompiledFile]:
    """``read_file`` on each, in the order given. ``processes`` 0: as many as there are cores, when there is enough to do."""
    workers = processes if processes > 0 else min(os.cpu_count() or 1, max(1, len(files) // _WORTH_A_PROCESS))
    if workers <= 1 or len(files) <= 1:
        return _here(files, workshop, progress)
    compiled: list[CompiledFile] = []
    context = get_context("spawn")  # forking a process that has threads may hang it
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(workshop,)) as executor:
        for done in executor.map(_work, files, chunksize=_CHUNK):
            compiled.append(done)
            if progress is not None:
                progress("compile", len(compiled), len(files))
    return compiled


def _here(
    files: Sequence[SourceFile], workshop: Workshop, progress: Callable[[str, int, int], None] | None
) -> list[CompiledFile]:
    compiled = []
    for file in files:
        compiled.append(read_file(file, workshop))
        if progress is not None:
            progress("compile", len(compiled), len(files))
    return compiled


_workshop: Workshop | None = None  # one a worker process: set once, when it starts


def _start_worker(workshop: Workshop) -> None:
    global _workshop  # noqa: PLW0603 -- what a process is given at its start has no other home
    _workshop = workshop


def _work(file: SourceFile) -> CompiledFile:
    assert _workshop is not None
    return read_file(file, _workshop)
