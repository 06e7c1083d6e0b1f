"""A Dask cluster (extra ``[dask]``): for repositories that have outgrown one machine.

The cluster sees no folder of ours: each task is sent its files' bytes, and each worker once what all files see. Dask gives the
tasks of a lost worker to others by itself. Limits of time and memory are the cluster's own.
"""

from __future__ import annotations

from concurrent.futures import Executor, Future
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from sqllineage_scan.errors import UsageError
from sqllineage_scan.pipeline.cache.versions import programs
from sqllineage_scan.pipeline.executors.processes import LostWorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Result = TypeVar("_Result")
_PATIENCE = "10s"  # for a scheduler to answer


class DaskExecutor(Executor):
    """Of a ``distributed.Client``, which stays the caller's."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)

    def submit(self, function: Callable[..., _Result], /, *arguments: Any, **named: Any) -> Future[_Result]:
        ours: Future[_Result] = Future()
        self._executor.submit(function, *arguments, **named).add_done_callback(lambda theirs: _pass_on(theirs, ours))
        return ours

    def scatter(self, value: Any) -> Any:
        """A value that every worker keeps, in place of itself."""
        return self._client.scatter(value, broadcast=True, hash=False)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 -- Executor's own
        del cancel_futures  # it cancels them in any case, unless it waits
        self._executor.shutdown(wait)


@contextmanager
def connected(scheduler: str | None) -> Iterator[Executor]:
    """The executor of the cluster whose scheduler has this address; of a new one on this machine without."""
    try:
        distributed: Any = import_module("distributed")  # it has no types
    except ImportError:
        raise UsageError("--executor dask needs Dask: pip install 'sqllineage-scan[dask]'") from None
    if scheduler is None:
        with (
            distributed.LocalCluster(threads_per_worker=1, dashboard_address=None) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield DaskExecutor(client)
        return
    try:
        client = distributed.Client(scheduler, timeout=_PATIENCE)
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(f"no Dask scheduler answers at {scheduler}: {error}") from error
    with client:
        _check(client, scheduler)
        yield DaskExecutor(client)


def _check(client: Any, scheduler: str) -> None:
    """The same programs everywhere, or the result would hang on who happens to read which file."""
    try:
        found = client.run(programs)
    except Exception as error:  # a worker without our package cannot even be asked
        raise UsageError(f"the workers of {scheduler} cannot run sqllineage-scan; install it there: {error}") from error
    if not found:
        raise UsageError(f"the Dask cluster at {scheduler} has no workers")
    others = sorted(worker for worker, digest in found.items() if digest != programs())
    if others:
        what = "other versions of Python, sqllineage-scan or its parsers than here"
        raise UsageError(f"{len(others)} of {len(found)} workers of {scheduler} have {what}, {others[0]} for one")


def _pass_on(theirs: Future[_Result], ours: Future[_Result]) -> None:
    if theirs.cancelled():
        ours.cancel()
        ours.set_running_or_notify_cancel()
        return
    error = theirs.exception()
    if error is None:
        ours.set_result(theirs.result())
    elif type(error).__name__ == "KilledWorker":  # several workers have ended while they had it
        ours.set_exception(LostWorkerError(None))
    else:
        ours.set_exception(error)
