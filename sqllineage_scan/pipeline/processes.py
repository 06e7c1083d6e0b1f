"""Files compiled in other processes of this machine."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from sqllineage_scan.pipeline.work import compile_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.pipeline.work import Compiled
    from sqllineage_scan.pipeline.workshop import Workshop

_CHUNK = 16


def compile_in_processes(files: Sequence[SourceFile], workshop: Workshop, workers: int) -> Iterator[tuple[SourceFile, Compiled]]:
    context = get_context("spawn")  # forking a process that has threads may hang it
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(workshop,)) as executor:
        yield from zip(files, executor.map(_work, files, chunksize=_CHUNK), strict=True)


_workshop: Workshop | None = None  # one a worker process: set once, when it starts


def _start_worker(workshop: Workshop) -> None:
    global _workshop  # noqa: PLW0603 -- what a process is given at its start has no other home
    _workshop = workshop


def _work(file: SourceFile) -> Compiled:
    assert _workshop is not None
    return compile_file(file, _workshop)
