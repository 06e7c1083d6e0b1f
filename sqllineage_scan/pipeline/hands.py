"""Who compiles what was not compiled before: this process, others, or an executor of other machines."""

from __future__ import annotations

import os
import signal
from collections import deque
from concurrent.futures import BrokenExecutor, CancelledError, Future
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from sqllineage_scan.pipeline.batch import ENDED, compile_batch, compile_within, given_up, out_of_time
from sqllineage_scan.pipeline.cache.codec import DamagedError
from sqllineage_scan.pipeline.cache.compiled import codec
from sqllineage_scan.pipeline.executors.processes import LostWorkerError, Processes
from sqllineage_scan.pipeline.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor
    from types import TracebackType

    from sqllineage_scan.domain.source import CompiledFile, SourceFile
    from sqllineage_scan.pipeline.batch import Answer
    from sqllineage_scan.pipeline.workshop import Workshop

_WORTH_A_PROCESS = 200  # files; a process costs about what 100 files do
_BATCH_FILES, _BATCH_BYTES = 16, 48_000
_REMOTE_FILES, _REMOTE_BYTES = 64, 400_000  # what all files see is sent along with each batch
_TRIES = 3  # of a file whose worker is lost: the first time with its batch; a machine may be switched off


class HowToCompile(NamedTuple):
    """Where files are compiled, and what they may cost. ``processes`` 0: as many as there are cores, when there is enough to do.
    An ``executor`` is asked instead of processes of this machine; it need not have the folder, texts are sent along.
    """

    processes: int = 1
    limits: Limits = Limits(0, 0)
    executor: Executor | None = None


class Missing(NamedTuple):
    """A file to compile. ``size``: bytes, since the largest go first."""

    file: SourceFile
    size: int


class Done(NamedTuple):
    """``content``: SHA-256 of what was read, b"" where it is not to be kept; ``data``: the parts through the codec, where they
    come from another process.
    """

    file: SourceFile
    parts: tuple[CompiledFile, ...]
    content: bytes
    data: bytes | None = None


class Hands:
    """Whoever compiles, for the length of a ``with``. Others are started when there is enough for them to do."""

    def __init__(self, workshop: Workshop, how: HowToCompile) -> None:
        self._workshop, self._how = workshop, how
        self._own: Executor | None = None  # processes that we have started
        self._given: tuple[Any, ...] | None = None  # what somebody else's executor was sent

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._own is not None:
            self._own.shutdown(wait=True, cancel_futures=error is not None)

    def compiled(self, missing: Sequence[Missing]) -> Iterator[Done]:
        """All of them, in any order."""
        if self._how.executor is not None:
            yield from self._by(self._how.executor, missing)
            return
        enough = max(1, len(missing) // _WORTH_A_PROCESS)
        workers = min(self._how.processes or min(os.cpu_count() or 1, enough), len(missing))
        if workers <= 1 and self._own is None:
            yield from (self._here(item.file) for item in missing)
        else:
            yield from self._by(self._processes(workers), missing)

    def _processes(self, workers: int) -> Executor:
        if self._own is None:
            self._own = Processes(workers, (self._workshop, self._how.limits), self._how.limits)
        return self._own

    def _here(self, file: SourceFile) -> Done:
        return Done(file, *compile_within(file, self._workshop, self._how.limits))

    def _by(self, executor: Executor, missing: Sequence[Missing]) -> Iterator[Done]:
        """The largest first, so that none is left when all else is done. A batch whose worker is lost is tried file by file;
        a file that loses its worker again is given up, and is a finding.
        """
        answered: SimpleQueue[tuple[Future[list[Answer]], tuple[Missing, ...], int]] = SimpleQueue()
        ordered = sorted(missing, key=lambda item: (-item.size, item.file.path))
        pending = deque((batch, 1) for batch in batches(ordered, *self._batch_size(executor)))
        under_way = 0
        while pending or under_way:
            while pending:
                batch, tries = pending.popleft()
                future = self._submitted(executor, batch)
                future.add_done_callback(lambda done, batch=batch, tries=tries: answered.put((done, batch, tries)))  # type: ignore[misc]
                under_way += 1
            future, batch, tries = answered.get()
            under_way -= 1
            try:
                answers = future.result()
            except LostWorkerError as error:
                if tries < _TRIES:
                    pending.extend(((item,), tries + 1) for item in batch)
                else:
                    yield from (Done(item.file, (given_up(item.file, self._why(error)),), b"") for item in batch)
            except (BrokenExecutor, CancelledError):
                yield from self._without(executor, batch)
            else:
                yield from (self._done(item.file, answer) for item, answer in zip(batch, answers, strict=True))

    def _submitted(self, executor: Executor, batch: tuple[Missing, ...]) -> Future[list[Answer]]:
        files = [item.file for item in batch]
        try:
            if executor is self._own:
                return executor.submit(compile_batch, files, ())  # type: ignore[call-arg]  # they have the rest
            texts = [read_bytes(self._workshop.root, file) for file in files]
            return executor.submit(compile_batch, files, texts, *self._sent(executor))
        except RuntimeError as error:  # it is broken, or was shut down by somebody else
            failed: Future[list[Answer]] = Future()
            failed.set_exception(BrokenExecutor(str(error)))
            return failed

    def _sent(self, executor: Executor) -> tuple[Any, ...]:
        """What all files see, for others: without the name of a folder that they do not have. An executor that can keep a
        value on its machines (``scatter``) is sent it once.
        """
        if self._given is None:
            scatter = getattr(executor, "scatter", None)
            seen = replace(self._workshop, root=Path())
            self._given = (scatter(seen) if scatter is not None else seen, self._how.limits)
        return self._given

    def _batch_size(self, executor: Executor) -> tuple[int, int]:
        return (_BATCH_FILES, _BATCH_BYTES) if executor is self._own else (_REMOTE_FILES, _REMOTE_BYTES)

    def _without(self, executor: Executor, batch: tuple[Missing, ...]) -> Iterator[Done]:
        """Somebody else's executor is broken: processes of our own; these cannot be started: this process."""
        if executor is self._own:
            yield from (self._here(item.file) for item in batch)
        else:
            yield from self._by(self._processes(self._how.processes or os.cpu_count() or 1), batch)

    def _done(self, file: SourceFile, answer: Answer) -> Done:
        if answer.data is None:
            return self._here(file)
        try:
            return Done(file, codec().decode(answer.data), answer.content, answer.data)
        except DamagedError:
            return self._here(file)

    def _why(self, error: LostWorkerError) -> str:
        if error.late or error.code == -getattr(signal, "SIGXCPU", 0):
            return out_of_time(self._how.limits)
        return ENDED


def read_bytes(root: Path, file: SourceFile) -> bytes | None:
    """None where it cannot be read: whoever compiles it says so."""
    try:
        return (root / file.path).read_bytes()
    except OSError:
        return None


def batches(ordered: Sequence[Missing], files: int, size: int) -> Iterator[tuple[Missing, ...]]:
    """Runs of files: so many, or so many bytes."""
    batch: list[Missing] = []
    left = size
    for item in ordered:
        batch.append(item)
        left -= item.size
        if len(batch) >= files or left <= 0:
            yield tuple(batch)
            batch, left = [], size
    if batch:
        yield tuple(batch)
