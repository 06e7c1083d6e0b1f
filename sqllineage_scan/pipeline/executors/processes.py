"""Processes of this machine, as a ``concurrent.futures.Executor`` that outlives them: one that ends, or is ended because its
task took too much, costs that task an exception, and another takes its place.

The standard library's pool gives up altogether when one of its processes is killed.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections import deque
from concurrent.futures import BrokenExecutor, Executor, Future
from multiprocessing import get_context
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sqllineage_scan.pipeline.limits import Limits, bound_process

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

_Result = TypeVar("_Result")

_AHEAD = 2  # tasks that a worker has: the one it works on and the next, so that it never waits for us
_FAILED_STARTS = 3  # in a row, and there is no use in trying
_LONGEST_END = 5.0  # seconds that a process has to end when it is told to
_LOOK = 1.0  # seconds between looks at the clock


class LostWorkerError(Exception):
    """The process that worked on this has ended. ``code`` is its exit code, a negative one that of a signal; ``late``: we ended
    it, since it took too long.
    """

    def __init__(self, code: int | None, *, late: bool = False) -> None:
        super().__init__(f"the process ended with {code}")
        self.code, self.late = code, late


class _Task(NamedTuple):
    call: tuple[Any, ...]
    future: Future[Any]


class _Worker:
    """A process and what it has to do. The first of ``tasks`` is the one that it works on."""

    def __init__(self, given: tuple[Any, ...], limits: Limits) -> None:
        context = get_context("spawn")  # forking a process that has threads may hang it
        self.link, theirs = context.Pipe()
        self.tasks: deque[_Task] = deque()
        self.ready = False
        self.since = time.monotonic()  # it began what it does
        self.process = context.Process(target=_serve, args=(theirs, given, limits), daemon=True)
        self.process.start()
        theirs.close()

    def give(self, task: _Task) -> None:
        if not self.tasks:
            self.since = time.monotonic()
        self.link.send(task.call)
        self.tasks.append(task)

    def end(self, wait: float = 0.1) -> int | None:
        """Its exit code. Without a link it ends by itself, when it is done; it may be about to, which says why."""
        self.link.close()
        self.process.join(wait)
        self.process.terminate()
        self.process.join(_LONGEST_END)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        return self.process.exitcode


class Processes(Executor):
    """``submit(function, *arguments)`` calls ``function(*arguments, *given)`` in one of ``count`` processes."""

    def __init__(self, count: int, given: tuple[Any, ...] = (), limits: Limits | None = None) -> None:
        self._count, self._given, self._limits = count, given, limits or Limits(0, 0)
        self._waiting: deque[_Task] = deque()
        self._workers: list[_Worker] = []  # the keeper's alone
        self._lock = threading.Lock()  # of what follows, and of _waiting
        self._bell, self._cord = get_context("spawn").Pipe(duplex=False)
        self._rung = self._closing = self._cancelled = False
        self._failed_starts = 0
        self._keeper: threading.Thread | None = None

    def submit(self, function: Callable[..., _Result], /, *arguments: Any, **named: Any) -> Future[_Result]:
        future: Future[_Result] = Future()
        with self._lock:
            if self._closing:
                raise RuntimeError("no more work is taken")
            self._waiting.append(_Task((function, arguments, named), future))
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name="sqllineage-scan-processes", daemon=True)
                self._keeper.start()
            self._ring()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 -- Executor's own
        with self._lock:
            self._closing = True
            self._cancelled |= cancel_futures
            self._ring()
        if wait and self._keeper is not None:
            self._keeper.join()

    def _ring(self) -> None:
        if not self._rung:
            self._rung = True
            self._cord.send_bytes(b"!")

    def _keep(self) -> None:
        """The thread that hands work out until there is none, and looks after those who do it."""
        if hasattr(signal, "pthread_sigmask"):  # processes inherit it: Ctrl-C in a terminal is for us, not for them
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            while not self._is_over():
                self._hand_out()
                ready = wait([self._bell, *(worker.link for worker in self._workers)], timeout=_LOOK)
                if self._bell in ready:
                    with self._lock:
                        self._bell.recv_bytes()
                        self._rung = False
                for worker in list(self._workers):
                    self._look_after(worker)
        finally:
            for worker in self._workers:
                if self._cancelled:
                    worker.process.terminate()
                else:
                    worker.link.close()
            for worker in self._workers:
                worker.end(_LONGEST_END)
            for task in (*self._waiting, *(task for worker in self._workers for task in worker.tasks)):
                task.future.cancel()

    def _is_over(self) -> bool:
        with self._lock:
            busy = self._waiting or any(worker.tasks for worker in self._workers)
            return self._cancelled or (self._closing and not busy)

    def _hand_out(self) -> None:
        while self._waiting:
            worker = min(self._workers, key=lambda each: len(each.tasks), default=None)
            if (worker is None or worker.tasks) and len(self._workers) < self._count:
                worker = self._started()
            if worker is None or len(worker.tasks) >= _AHEAD:
                return
            with self._lock:
                task = self._waiting.popleft()
            try:
                worker.give(task)
            except OSError:  # it has ended meanwhile, without a look at this
                self._put_back([task])
                return

    def _started(self) -> _Worker | None:
        while self._failed_starts < _FAILED_STARTS:
            try:
                self._workers.append(_Worker(self._given, self._limits))
            except (RuntimeError, OSError):  # a script that does not guard its work; a machine without memory
                self._failed_starts += 1
            else:
                return self._workers[-1]
        with self._lock:
            left, self._waiting = self._waiting, deque()
        for task in left:
            task.future.set_exception(BrokenExecutor("no process could be started"))
        return None

    def _put_back(self, tasks: list[_Task]) -> None:
        with self._lock:
            self._waiting.extendleft(reversed(tasks))

    def _look_after(self, worker: _Worker) -> None:
        try:
            while worker.link.poll():
                self._answered(worker, *worker.link.recv())
        except (EOFError, OSError):
            self._lost(worker)
            return
        patience = self._limits.patience
        if patience is not None and worker.ready and worker.tasks and time.monotonic() - worker.since > patience:
            self._lost(worker, late=True)

    def _answered(self, worker: _Worker, said: str, value: Any) -> None:
        worker.since = time.monotonic()
        if said == "ready":
            worker.ready, self._failed_starts = True, 0
        elif said == "result":
            worker.tasks.popleft().future.set_result(value)
        else:
            worker.tasks.popleft().future.set_exception(value)

    def _lost(self, worker: _Worker, *, late: bool = False) -> None:
        """What it worked on has failed; what it had not begun is for somebody else."""
        self._workers.remove(worker)
        code = worker.end()
        if not worker.ready:
            self._failed_starts += 1
        elif worker.tasks:
            worker.tasks.popleft().future.set_exception(LostWorkerError(code, late=late))
        self._put_back(list(worker.tasks))


def _leave(number: int, frame: object) -> None:
    """With what there is to tidy up: semaphores that some package has made."""
    del frame
    sys.exit(128 + number)


def _serve(link: Connection, given: tuple[Any, ...], limits: Limits) -> None:
    """The life of a worker. It ends when whoever started it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    bound_process(limits)
    link.send(("ready", None))
    while True:
        try:
            function, arguments, named = link.recv()
        except EOFError:
            return
        try:
            answer = ("result", function(*arguments, *given, **named))
        except Exception as error:  # noqa: BLE001 -- whoever submitted it is told
            answer = ("error", error)
        link.send(answer)
