"""Page names: from any dataset name a file name that every file system takes, and no two alike."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_-])?")
_STRANGE = re.compile(r"[^a-z0-9_-]+")
_LONGEST = 80
_DIGITS = 12
_MARK = "~"  # in no plain name, and needs no escape in a URL
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))]
)  # Windows has them in every folder, with any ending


def slug(name: str) -> str:
    """``analytics.orders`` stays; ``ops."OrderExport"`` becomes ``ops-orderexport~`` and a digest of the name.

    Plain names have lower-case ASCII letters, digits, ``_``, ``-`` and inner dots. All others are told apart by their
    digest, so names that differ in case only stay two files where the file system ignores case.
    """
    if _PLAIN.fullmatch(name) and len(name) <= _LONGEST and name.partition(".")[0] not in _DEVICES:
        return name
    digest = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    spelled = _STRANGE.sub("-", name.lower()).strip("-")[: _LONGEST - _DIGITS - 1]
    return f"{spelled or 'x'}{_MARK}{digest}"


def slugs(names: Iterable[str]) -> dict[str, str]:
    """A slug for each name. Should two digests ever be the same, the later name is numbered."""
    taken: set[str] = set()
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        chosen, number = slug(name), 2
        while chosen in taken:
            chosen, number = f"{slug(name)}{_MARK}{number}", number + 1
        taken.add(chosen)
        found[name] = chosen
    return found


def anchor(column: str) -> str:
    """The place of a column on its dataset's page: ``#c-net_amount``. Every browser takes it as it stands."""
    return f"c-{quote(column, safe='', errors='replace')}"
