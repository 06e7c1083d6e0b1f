"""Which files hold which graphs already: a scan that finds nothing changed need not write the same document again."""

from __future__ import annotations

import os
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqllineage_scan.pipeline.cache.store import opened

if TYPE_CHECKING:
    from pathlib import Path

    from sqllineage_scan.graph.model import LineageGraph
    from sqllineage_scan.pipeline.options import ScanOptions

_NAMESPACE = "written"


def is_written(graph: LineageGraph, path: Path, form: str, options: ScanOptions) -> bool:
    """Whether ``path`` is still as it was left by a scan that wrote this very graph to it, in this format."""
    if not graph.made_of or options.cache_dir is None:
        return False
    state = state_of(path)
    with opened(options.cache_dir, options.cache_secret) as store:
        assert store is not None
        key = _key(path, form)
        return state is not None and store.read(_NAMESPACE, [key]).get(key) == _note(graph, state)


def note_written(graph: LineageGraph, path: Path, form: str, options: ScanOptions) -> None:
    """That ``path`` has just been written."""
    state = state_of(path)
    if graph.made_of and options.cache_dir is not None and state is not None:
        with opened(options.cache_dir, options.cache_secret) as store:
            assert store is not None
            store.write(_NAMESPACE, {_key(path, form): _note(graph, state)})


def _key(path: Path, form: str) -> bytes:
    return blake2b(f"{form}\0{os.path.realpath(path)}".encode("utf-8", "surrogateescape"), digest_size=32).digest()


def _note(graph: LineageGraph, state: bytes) -> bytes:
    return graph.made_of.encode() + b"\0" + state


def state_of(path: Path) -> bytes | None:
    """What changes with every writing of a file, whoever does it."""
    try:
        found = path.stat() if path.is_file() else None
    except OSError:
        return None
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}".encode() if found is not None else None
