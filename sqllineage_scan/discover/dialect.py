"""Which dialect a file speaks: what a configuration says, else what its own words betray."""

from __future__ import annotations

import configparser
import posixpath
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.dialects import canonical_name, dialect, own_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_ENOUGH = 3  # below this weight, signs are no guess but chance
_MARGIN = 1.3  # how much stronger than the next the best must be
_READ = 65_536  # characters of a file that are looked at


class Guess(NamedTuple):
    """A dialect and the signs it was told by: ``("tsql", "GO, [brackets]")``."""

    dialect: str
    signs: str


def from_sqlfluff(root: Path, paths: Iterable[str]) -> dict[str, str]:
    """The dialect that a ``.sqlfluff`` sets, by its folder (docs.sqlfluff.com, "Configuration": files nest)."""
    found: dict[str, str] = {}
    for path in paths:
        if posixpath.basename(path) != ".sqlfluff":
            continue
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read_string((root / path).read_text(encoding="utf-8", errors="replace"))
        except (configparser.Error, OSError):
            continue
        name = canonical_name(parser.get("sqlfluff", "dialect", fallback=""))
        if name:
            found[posixpath.dirname(path)] = name
    return found


def nearest(folders: Mapping[str, str], path: str) -> str | None:
    """The entry of the folder nearest above ``path``."""
    folder = posixpath.dirname(path)
    while True:
        if folder in folders:
            return folders[folder]
        if not folder:
            return None
        folder = posixpath.dirname(folder)


def guess_by_folder(root: Path, paths: Iterable[str]) -> dict[str, Guess]:
    """A guess for every file, from the signs in its folder; where they are too few, from those of the folder above.

    One file alone betrays little; the files of a folder are nearly always of one dialect.
    """
    weights: dict[str, Counter[str]] = {}
    signs: dict[str, dict[str, Counter[str]]] = {}
    everything = list(paths)
    for path in everything:
        seen = _signs(_beginning(root / path))
        folder = posixpath.dirname(path)
        while True:
            for name, sign, weight in seen:
                weights.setdefault(folder, Counter())[name] += weight
                signs.setdefault(folder, {}).setdefault(name, Counter())[sign] += 1
            if not folder:
                break
            folder = posixpath.dirname(folder)
    return {path: _decide(path, weights, signs) for path in everything}


def _decide(path: str, weights: Mapping[str, Counter[str]], signs: Mapping[str, Mapping[str, Counter[str]]]) -> Guess:
    folder = posixpath.dirname(path)
    while True:
        ranked = sorted(weights.get(folder, Counter()).items(), key=lambda item: (-item[1], item[0]))
        if ranked and ranked[0][1] >= _ENOUGH and (len(ranked) == 1 or ranked[0][1] >= _MARGIN * ranked[1][1]):
            name = ranked[0][0]
            shown = [sign for sign, _ in sorted(signs[folder][name].items(), key=lambda item: (-item[1], item[0]))[:3]]
            return Guess(name, ", ".join(shown))
        if not folder:
            return Guess("", "nothing in it is peculiar to one dialect")
        folder = posixpath.dirname(folder)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], str, int], ...]:
    return tuple(
        (name, re.compile(pattern, re.IGNORECASE | re.MULTILINE), sign, weight)
        for name in own_files()
        for pattern, sign, weight in dialect(name).hints
    )


def _signs(text: str) -> list[tuple[str, str, int]]:
    return [(name, sign, weight) for name, pattern, sign, weight in _patterns() if pattern.search(text)]


_NOISE = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def _beginning(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return _NOISE.sub(" ", file.read(_READ).decode("utf-8", errors="replace"))
    except OSError:
        return ""
