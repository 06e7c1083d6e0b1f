"""A thread with room for what nests deeply: ``c1 || '|' || c2 || …`` over a wide table is a level a column, and Python's own
limit is reached by some 240 of them.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Result = TypeVar("_Result")

_LEVELS = 50_000  # calls; 10,000 parentheses take some 30,000
_STACK = 512 << 20  # bytes, of which the system gives what is used: 100,000 levels of sqlglot's compiled parser used 100 MB
_NAME = "sqllineage-scan-deep"
_LOOK = 0.05  # seconds
_TRIES = 20  # looks, to end a thread


class _EndedError(BaseException):
    """Raised in the thread with the big stack."""


def has_room() -> bool:
    """Whether this already is the thread with the big stack."""
    return threading.current_thread().name == _NAME


def with_room(work: Callable[[], _Result]) -> _Result:
    """``work()`` in a thread that may nest ``_LEVELS`` deep. What it raises is raised here; ``RecursionError`` also where the
    system gives no such thread.
    """
    results: list[_Result] = []
    raised: list[BaseException] = []
    done = threading.Event()  # of a join() that is interrupted Python 3.11 believes that the thread has ended

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 -- it is raised again in the thread that waits
            raised.append(error)
        finally:
            done.set()

    limit, stack = sys.getrecursionlimit(), threading.stack_size()
    thread = threading.Thread(target=run, name=_NAME)
    try:
        threading.stack_size(_STACK)
        sys.setrecursionlimit(max(limit, _LEVELS))
        thread.start()
        while not done.wait(_LOOK):  # the system may give a signal to that thread, and only this one runs its handler
            pass
    except (RuntimeError, ValueError) as error:
        raise RecursionError("no thread with a stack so big") from error
    except BaseException:  # no time is left, or Ctrl-C: that only whoever waits is told
        _end(thread, done)
        raise
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(stack)
    if raised:
        raise raised[0]
    return results[0]


def _end(thread: threading.Thread, done: threading.Event) -> None:
    """It would go on, and take the time of the files that come next. What compiled code does is done first."""
    import ctypes

    for _ in range(_TRIES):
        if thread.ident is None or done.is_set():
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_EndedError))
        done.wait(_LOOK)
