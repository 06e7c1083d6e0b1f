"""The folder that a site is written to: taken only when it is empty or ours, and cleared of an older run's pages."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqllineage_scan.errors import UsageError
from sqllineage_scan.outputs.files import check_writable

if TYPE_CHECKING:
    from pathlib import Path

MARKER = "sqllineage-scan-site.txt"
OURS = ("api", "assets", "data", "dataset")  # folders in which nobody else writes
_MARK = (
    "This folder is a site written by sqllineage-scan site: open index.html.\n"
    f"The next run replaces it, and removes from {', '.join(OURS)} whatever it does not write itself.\n"
)


@dataclass(slots=True)
class SiteFolder:
    """``written``: paths below ``path`` of this run."""

    path: Path
    _old: bool = False
    _written: set[str] = field(default_factory=set)
    _made: set[str] = field(default_factory=set)

    def write(self, path: str, data: bytes) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._made:
            (self.path / folder).mkdir(parents=True, exist_ok=True)
            self._made.add(folder)
        place = self.path / path
        if place.is_symlink():
            place.unlink()  # what it points at is not ours
        place.write_bytes(data)
        self._written.add(path)

    def write_text(self, path: str, text: str) -> None:
        self.write(path, text.encode("utf-8", "replace"))  # file names that are no UTF-8 show as ?

    def remove_stale(self) -> None:
        """Pages of datasets that are gone. Not after the first run: then nothing there was ours."""
        if not self._old:
            return
        for name in OURS:
            for base, _, files in os.walk(self.path / name, topdown=False):
                for file in files:
                    place = (self.path / name).__class__(base, file)
                    if place.relative_to(self.path).as_posix() not in self._written:
                        place.unlink()
                if not os.listdir(base):  # noqa: PTH208 -- base is a text
                    os.rmdir(base)  # noqa: PTH106


def check_folder(path: Path, *, force: bool) -> None:
    """Say so before an hour's work that ``path`` is somebody else's."""
    if path.exists() and not path.is_dir():
        raise UsageError(f"cannot write {path}: it is a file")
    check_writable(path / MARKER)
    if not path.is_dir():
        return
    for name in OURS:
        if (path / name).is_symlink():
            raise UsageError(f"cannot write {path}: its {name} is a link to somewhere else")
    if not force and any(path.iterdir()) and not (path / MARKER).is_file():
        raise UsageError(f"{path} is no site of ours and not empty: give another folder, or --force to write into it")


def open_folder(path: Path, *, force: bool) -> SiteFolder:
    """Marked before anything else is written, so that a run that was cut off can be repeated."""
    check_folder(path, force=force)
    old = (path / MARKER).is_file()
    path.mkdir(parents=True, exist_ok=True)
    folder = SiteFolder(path, _old=old)
    folder.write_text(MARKER, _MARK)
    return folder
