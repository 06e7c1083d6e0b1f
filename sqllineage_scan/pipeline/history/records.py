"""What commits did, kept in the cache by commit, first parent, and all that has a say in what a scan finds."""

from __future__ import annotations

import zlib
from dataclasses import fields
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqllineage_scan.domain.history import CommitRecord
from sqllineage_scan.pipeline.cache.codec import Codec, DamagedError, UncodableError
from sqllineage_scan.pipeline.cache.versions import programs
from sqllineage_scan.pipeline.watch import NO_PART_IN_IT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sqllineage_scan.discover.history import Change
    from sqllineage_scan.pipeline.cache.store import Store
    from sqllineage_scan.pipeline.options import ScanOptions

_NAMESPACE = "history"
_LEVEL = 6


class Records:
    """``around``: a digest of what git ignores and a scan reads all the same, installed packages and profiles."""

    def __init__(self, store: Store | None, options: ScanOptions, prefix: str, around: str) -> None:
        self._store = store
        said = [(field.name, getattr(options, field.name)) for field in fields(options) if field.name not in NO_PART_IN_IT]
        self._seen = blake2b(programs() + repr((said, prefix, around)).encode("utf-8", "surrogatepass")).digest()

    def find(self, changes: Sequence[Change]) -> dict[str, CommitRecord]:
        """By commit, of those that somebody has walked already."""
        if self._store is None:
            return {}
        keys = {self._key(change): change.commit.hash for change in changes}
        found: dict[str, CommitRecord] = {}
        for key, data in self._store.read(_NAMESPACE, keys).items():
            record = unpacked(data)
            if record is not None:
                found[keys[key]] = record
        return found

    def keep(self, made: Iterable[tuple[Change, CommitRecord]]) -> None:
        entries: dict[bytes, bytes] = {}
        for change, record in made:
            try:
                entries[self._key(change)] = packed(record)
            except UncodableError:
                continue
        if self._store is not None:
            self._store.write(_NAMESPACE, entries)

    def _key(self, change: Change) -> bytes:
        return blake2b(f"{change.commit.hash} {change.parent}".encode(), key=self._seen, digest_size=32).digest()


@cache
def _codec() -> Codec[CommitRecord]:
    return Codec(CommitRecord)


def packed(record: CommitRecord) -> bytes:
    return zlib.compress(_codec().encode(record), _LEVEL)


def unpacked(data: bytes) -> CommitRecord | None:
    try:
        return _codec().decode(zlib.decompress(data))
    except (DamagedError, zlib.error):
        return None


def digest_of(root: Path, paths: Iterable[str]) -> str:
    """Of the files below some paths, by name and content."""
    found = blake2b()
    for path in sorted(paths):
        place = root / path
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file():
                found.update(file.relative_to(root).as_posix().encode("utf-8", "surrogateescape") + b"\0")
                found.update(blake2b(file.read_bytes()).digest())
    return found.hexdigest()
