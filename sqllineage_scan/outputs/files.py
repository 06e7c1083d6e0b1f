"""Write an output to a file all at once or not at all: whoever reads it never sees half a document."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from sqllineage_scan.outputs.formats import Writer

LONE_SURROGATES = "backslashreplace"  # of file names that are no UTF-8: \\udc80, which JSON reads back
_READABLE = 0o666


def write_file(path: Path, thing: Any, write: Writer, *, binary: bool = False) -> None:
    """Write beside ``path``, then put it in place. A path that cannot be written is a ``UsageError``."""
    check_writable(path)
    try:
        if path.exists() and not path.is_file():  # /dev/null, a pipe: nothing to put in place
            with opened(path, binary=binary) as out:
                write(thing, out)
            return
        _replace(Path(os.path.realpath(path)), thing, write, binary=binary)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error


def opened(file: Path | int, *, binary: bool) -> IO[Any]:
    if binary:
        return open(file, "wb")  # noqa: PTH123, it may be a descriptor, and whoever calls closes it
    return open(file, "w", encoding="utf-8", errors=LONE_SURROGATES, newline="\n")  # noqa: PTH123


def check_writable(path: Path) -> None:
    """Say so before an hour's work, not after it."""
    if path.is_dir():
        raise UsageError(f"cannot write {path}: it is a folder")
    nearest = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    if nearest != path and not nearest.is_dir():
        raise UsageError(f"cannot write {path}: {nearest} is a file")
    if not os.access(nearest, os.W_OK):
        raise UsageError(f"cannot write {path}: permission denied")


def _replace(path: Path, thing: Any, write: Writer, *, binary: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with opened(descriptor, binary=binary) as out:
            write(thing, out)
        Path(temporary).chmod(_mode(path))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """What the file had before, or what a new file would get: temporary files are private, outputs are not."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return _READABLE & ~mask
