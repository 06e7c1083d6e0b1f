"""Who reads files: ``--executor NAME`` is a module of ``pipeline/executors/``."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

OWN = "processes"  # of this machine: what there is without a word


@contextmanager
def executor_of(name: str | None, scheduler: str | None) -> Iterator[Executor | None]:
    """None for processes of this machine, which are started when there is enough to do."""
    if name in (None, OWN):
        if scheduler is not None:
            raise UsageError("--scheduler says where --executor dask is; say both")
        yield None
        return
    from sqllineage_scan.pipeline import executors

    known = sorted(module.name for module in iter_modules(executors.__path__))
    if name not in known:
        raise UsageError(f"no executor is called {name!r}; known are {', '.join(known)}")
    with import_module(f"{executors.__name__}.{name}").connected(scheduler) as executor:
        yield executor
