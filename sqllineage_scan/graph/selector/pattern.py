"""Wildcards as dbt has them: ``*`` any text, ``?`` one letter, ``[ab]`` one of them."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WILD = re.compile(r"[*?[]")


def is_pattern(text: str) -> bool:
    return bool(_WILD.search(text))


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))


def fits(text: str, pattern: str) -> bool:
    return text == pattern or (is_pattern(pattern) and _compiled(pattern).match(text) is not None)


def any_fits(texts: Iterable[str], pattern: str) -> bool:
    return any(fits(text, pattern) for text in texts)


def path_fits(path: str, pattern: str) -> bool:
    """Whether ``pattern`` names the file, or a folder that it is in, from the root or from any folder on the way.

    warehouse/models/marts/orders.sql    warehouse/models, marts, marts/*, models/**/orders.sql
    """
    parts, wanted = path.split("/"), pattern.removeprefix("./").strip("/").split("/")
    starts = range(1) if pattern.startswith("/") else range(len(parts))
    return any(_begins(parts[start:], wanted) for start in starts)


def _begins(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    if not wanted:
        return True
    if wanted[0] == "**":
        return any(_begins(parts[skipped:], wanted[1:]) for skipped in range(len(parts) + 1))
    return bool(parts) and fits(parts[0], wanted[0]) and _begins(parts[1:], wanted[1:])
