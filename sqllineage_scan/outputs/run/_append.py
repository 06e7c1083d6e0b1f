"""A file of run records: lines are added at its end, never changed, and never twice for one run."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from io import StringIO
from typing import IO, TYPE_CHECKING

from sqllineage_scan.errors import UsageError
from sqllineage_scan.outputs.run.json import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqllineage_scan.domain.run import Run


def append(path: Path, run: Run) -> bool:
    """Whether it was added: False where the file has a record of that run. Several processes may do it at once; a line that
    one of them did not finish, because it was killed, stays as it is and spoils no other.
    """
    out = StringIO()
    write(run, out)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file, _locked(file):
            file.seek(0)
            last = b"\n"
            for line in file:
                if _run_id(line) == run.id:
                    return False
                last = line
            torn = b"" if last.endswith(b"\n") else b"\n"
            file.write(torn + out.getvalue().encode("utf-8", "backslashreplace"))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error
    return True


def _run_id(line: bytes) -> str | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found.get("run_id") if isinstance(found, dict) else None


@contextmanager
def _locked(file: IO[bytes]) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # Windows: appending is whole there all the same, and two at once are rare
        yield
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
    except OSError:  # a file system that has no locks
        yield
        return
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
