"""What one file may cost. A file that costs more becomes a finding; its neighbours are read."""

from __future__ import annotations

import contextlib
import gc
import signal
import threading
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_GRACE = 2  # times the limit, after which whoever does not listen is stopped from outside


class Limits(NamedTuple):
    """``seconds``: CPU time of one file, since on a busy machine everything takes long. ``memory``: bytes of one process that
    compiles files; this process has no limit. 0 is no limit.
    """

    seconds: int = 60
    memory: int = 4 << 30

    @property
    def last(self) -> int:
        """CPU seconds after which a process is ended: compiled code may not hear that it should stop."""
        return self.seconds * _GRACE

    @property
    def patience(self) -> float | None:
        """Seconds of the clock after which a process that waits for something is ended."""
        return self.seconds * 20.0 if self.seconds else None


class OutOfTimeError(BaseException):
    """Not an ``Exception``: nothing that copes with faulty templates and SQL should take it for one."""


def _stop(number: int, frame: FrameType | None) -> None:
    del number
    if not _is_lost(frame):
        raise OutOfTimeError


def _is_lost(frame: FrameType | None) -> bool:
    """Whether what is raised here reaches nobody, as in a finalizer or a callback of the collector. The timer rings again."""
    deaf = {weakref.finalize.__call__.__code__, *(getattr(each, "__code__", None) for each in gc.callbacks)}
    while frame is not None:
        if frame.f_code in deaf or frame.f_code.co_name == "__del__":
            return True
        frame = frame.f_back
    return False


@contextmanager
def bounded(seconds: int) -> Iterator[None]:
    """``OutOfTimeError`` inside after so many CPU seconds, where the system has such a clock and nobody else uses it."""
    timer = getattr(signal, "ITIMER_PROF", None)
    if not seconds or timer is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    if signal.getsignal(signal.SIGPROF) is not signal.SIG_DFL:  # a profiler's
        yield
        return
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(timer, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)


_AGAIN = 0.5  # seconds after which the timer rings again
_bound: list[Limits] = []  # of this process, where it is one that we started to compile files


def bound_process(limits: Limits) -> None:
    """Limit this process, once: its memory; and what it does when its CPU time is up, which is to end."""
    _bound[:] = [limits]
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if limits.memory and (hard == resource.RLIM_INFINITY or limits.memory < hard):
            resource.setrlimit(resource.RLIMIT_AS, (limits.memory, hard))


def bound_next() -> None:
    """Let this process end after so many more seconds of CPU time, if it is one of ours."""
    limits = next(iter(_bound), None)
    if limits is None or not limits.seconds:
        return
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + limits.last + 1, hard))
