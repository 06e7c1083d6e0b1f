"""Bytes by key, in one SQLite file that outlives the scan. Whatever is wrong with it costs time, never a result.

A value is kept with a digest over itself, its key and its namespace, so damage is seen when it is read; with a secret the
digest is one that only its holder can make (``ScanOptions.cache_secret``, for caches that others can write to). What is
read is data for a codec that checks it, never code.

Only one process of a scan opens the file. Two scans may share it: SQLite locks it, for as long as a batch takes to write.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import tempfile
import time
from contextlib import closing, contextmanager
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqllineage_scan.pipeline.cache.folder import prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

FILE = "cache-1.sqlite"  # another layout of the table is another file: two versions of us may take turns
APPLICATION_ID = 0x53514C43  # "SQLC", in the header of the file (SQLite's "file format", offset 68)
LIMIT = 1 << 30  # bytes of the file; beyond it, what was not asked for the longest goes
_LARGEST = 64 << 20  # bytes of a value
_TABLE = (
    "CREATE TABLE entry (namespace TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, used INTEGER NOT NULL,"
    " PRIMARY KEY (namespace, key))"
)
_HEADER, _MAGIC, _ID_AT = 100, b"SQLite format 3\0", 68
_BATCH = 500  # keys of one question: SQLite takes 999 parameters everywhere
_SEAL = 16
_PATIENCE = 10.0  # seconds to wait for another scan's batch
_DAY = 86400
_KEPT = 0.8  # of the limit, after an eviction

log = logging.getLogger("sqllineage_scan.cache")


class Store:
    """``read`` and ``write`` never raise: a store that is damaged, full or locked is empty from then on."""

    def __init__(self, folder: Path, *, secret: bytes = b"", limit: int = LIMIT) -> None:
        self._path, self._limit = folder / FILE, limit
        self._secret = blake2b(secret).digest() if secret else b""
        self._today = int(time.time()) // _DAY
        self._stale: list[tuple[str, bytes]] = []  # read today, and not marked so yet
        self._writable = False
        self._connection = self._opened(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def is_open(self) -> bool:
        return self._connection is not None

    def read(self, namespace: str, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """The values of those keys that have one. ``namespace`` tells kinds of values apart: "compiled", "linked" …"""
        found: dict[bytes, bytes] = {}
        try:
            for some in _batches(list(keys)):
                for key, value, used in self._rows(namespace, some):
                    payload = self._unsealed(namespace, key, value)
                    if payload is not None:
                        found[key] = payload
                        if used < self._today:
                            self._stale.append((namespace, key))
        except sqlite3.Error as error:
            self._give_up(error)
        return found

    def write(self, namespace: str, entries: Mapping[bytes, bytes]) -> None:
        """Keep values, all at once or none: an interruption leaves what was there before."""
        rows = [
            (namespace, key, self._seal(namespace, key, value) + value, self._today)
            for key, value in entries.items()
            if len(value) <= _LARGEST
        ]
        self._change("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)", rows)

    def forget(self, namespace: str, keys: Iterable[bytes]) -> None:
        """Drop what turned out to be of no use."""
        self._change("DELETE FROM entry WHERE namespace = ? AND key = ?", [(namespace, key) for key in keys])

    def close(self) -> None:
        """Remember what was used, make room where the file has outgrown its limit, and let go of it."""
        stale, self._stale = self._stale, []
        self._change(
            "UPDATE entry SET used = ? WHERE namespace = ? AND key = ?",
            [(self._today, namespace, key) for namespace, key in stale],
        )
        try:
            if self._connection is not None:
                if self._writable and self._size() > self._limit:
                    self._evict(self._connection)
                self._connection.close()
        except sqlite3.Error as error:
            self._give_up(error)
        self._connection = None

    def _opened(self, folder: Path) -> sqlite3.Connection | None:
        try:
            self._writable = prepare(folder)
            if self._path.is_symlink() or (self._path.exists() and not self._path.is_file()):
                log.warning("%s is no regular file: nothing is cached", self._path)
                return None
            if self._writable and not self._is_ours():
                self._discard()
            if self._writable and not self._path.exists():
                self._make()
            return self._connected() if self._is_ours() else None
        except (OSError, sqlite3.Error) as error:
            return self._second_try(error)

    def _second_try(self, error: Exception) -> sqlite3.Connection | None:
        """A damaged file is made anew, once."""
        if _is_damage(error) and self._writable:
            try:
                self._discard()
                self._make()
                return self._connected()
            except (OSError, sqlite3.Error) as again:
                error = again
        log.warning("nothing is cached in %s: %s", self._path.parent, error)
        return None

    def _is_ours(self) -> bool:
        """Whether the header says so, before SQLite is let near the file."""
        if not self._path.exists():
            return False
        with self._path.open("rb") as file:
            header = file.read(_HEADER)
        return header.startswith(_MAGIC) and int.from_bytes(header[_ID_AT : _ID_AT + 4], "big") == APPLICATION_ID

    def _make(self) -> None:
        """An empty one, put in place whole: another scan that looks meanwhile sees none or all of it."""
        descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{FILE}.", suffix=".part")
        os.close(descriptor)
        made = Path(name)
        try:
            with closing(sqlite3.connect(made, isolation_level=None)) as connection:
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(_TABLE)
            if not self._path.exists():  # the other scan's is as good as ours
                made.rename(self._path)
        finally:
            made.unlink(missing_ok=True)

    def _connected(self) -> sqlite3.Connection:
        mode = "rw" if self._writable else "ro"
        address = f"{self._path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.execute("PRAGMA synchronous = OFF")  # a crash of the machine may damage it: seen, and a cold scan
            made = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
            if made != [(_TABLE,)]:
                raise sqlite3.DatabaseError("it holds other tables than ours")  # noqa: TRY301 -- told like any other damage
        except BaseException:
            connection.close()
            raise
        return connection

    def _rows(self, namespace: str, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes, int]]:
        if self._connection is None:
            return
        marks = ", ".join("?" * len(keys))
        query = f"SELECT key, value, used FROM entry WHERE namespace = ? AND key IN ({marks}) AND length(value) <= ?"  # noqa: S608 -- marks
        for key, value, used in self._connection.execute(query, (namespace, *keys, _LARGEST + _SEAL)):
            if type(key) is bytes and type(value) is bytes and type(used) is int:
                yield key, value, used

    def _change(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        if self._connection is None or not self._writable or not rows:
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(statement, rows)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._give_up(error)
        except BaseException:  # Ctrl-C: the batch was not written, the file is what it was
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _seal(self, namespace: str, key: bytes, value: bytes) -> bytes:
        made = blake2b(namespace.encode(), digest_size=_SEAL, key=self._secret)
        made.update(b"\0" + len(key).to_bytes(4, "big") + key)
        made.update(value)
        return made.digest()

    def _unsealed(self, namespace: str, key: bytes, value: bytes) -> bytes | None:
        payload = value[_SEAL:]
        return payload if compare_digest(value[:_SEAL], self._seal(namespace, key, payload)) else None

    def _size(self) -> int:
        assert self._connection is not None
        pages, free, size = (
            int(self._connection.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    def _evict(self, connection: sqlite3.Connection) -> None:
        excess = self._size() - int(self._limit * _KEPT)
        gone: list[tuple[int]] = []
        for rowid, size in connection.execute("SELECT rowid, length(value) FROM entry ORDER BY used, rowid"):
            if excess <= 0:
                break
            gone.append((rowid,))
            excess -= size
        self._change("DELETE FROM entry WHERE rowid = ?", gone)
        connection.executescript("PRAGMA incremental_vacuum")  # execute() would free one page and stop

    def _give_up(self, error: sqlite3.Error) -> None:
        """Go on without; what is damaged is made anew, so that the next scan has a cache again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            log.warning("the cache %s is not used any more: %s", self._path, error)
            connection.close()
            if self._writable and _is_damage(error):
                self._discard()

    def _discard(self) -> None:
        for name in (FILE, f"{FILE}-journal"):
            self._path.with_name(name).unlink(missing_ok=True)


@contextmanager
def opened(folder: Path | None, secret: str = "") -> Iterator[Store | None]:
    """The store in ``folder`` for the length of a ``with``, or None."""
    if folder is None:
        yield None
        return
    with Store(folder, secret=secret.encode(errors="surrogateescape")) as store:
        yield store


def _is_damage(error: Exception) -> bool:
    """Not a lock, a full disk or a missing permission: those pass."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)


def _batches(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(keys), _BATCH):
        yield keys[start : start + _BATCH]
