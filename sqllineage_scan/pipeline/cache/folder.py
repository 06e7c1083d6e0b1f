"""Where the cache is, and the marks that tell git, backups and people what it is.

Without a word about it, the cache of every repository is the user's own (``~/.cache/sqllineage-scan``, and what other systems
have in its place). A key is made of content alone, so branches, work trees, clones and both sides of a diff share entries; a
checkout that may not be written to has a cache too; and no pull request can bring one along. CI names a folder, with
``--cache-dir`` or ``SQLLINEAGE_SCAN_CACHE_DIR``, and keeps that.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "sqllineage-scan"
VARIABLE = "SQLLINEAGE_SCAN_CACHE_DIR"
SECRET = "SQLLINEAGE_SCAN_CACHE_SECRET"  # noqa: S105 -- the name of a variable
_TAG = "CACHEDIR.TAG"
_MARKS = {
    ".gitignore": "*\n",
    # https://bford.info/cachedir: backups leave out a folder that holds this
    _TAG: "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of sqllineage-scan; it may be deleted at any time.\n",
}


def default_folder(environment: Mapping[str, str]) -> Path | None:
    """The user's own, or None where there is none: a user without a home."""
    said = environment.get(VARIABLE)
    if said:
        return Path(said)
    from platformdirs import user_cache_path

    folder = user_cache_path(NAME, appauthor=False)
    return folder if folder.is_absolute() else None


def prepare(folder: Path) -> bool:
    """Make the folder with its marks. Whether it can be written to; a folder that is not there and cannot be made is an
    ``OSError``.
    """
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not is_writable(folder):
        return False
    for name, text in _MARKS.items():
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")
    return True


def is_writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK)
