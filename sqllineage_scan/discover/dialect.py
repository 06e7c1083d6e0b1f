"""Which dialect a file speaks: what a configuration says, else what its own words betray."""

from __future__ import annotations

import configparser
import posixpath
import re
from collections import Counter
from functools import cache, lru_cache
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.dialects import canonical_name, dialect, own_files
from sqllineage_scan.discover.needed_words import may_fit, needed_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_ENOUGH = 3  # below this weight, signs are no guess but chance
_MARGIN = 1.3  # how much stronger than the next the best must be
_NEIGHBOURS = 3  # what it weighs that the folder above speaks a dialect, by its signs
_CERTAIN = 9  # …, that files below the same folder do, of which it is known
_HABIT = 2.5  # how often one sign counts at most against the neighbours: it is one habit, in however many files
_COMMON = (
    "snowflake", "bigquery", "postgres", "databricks", "tsql", "redshift", "duckdb", "mysql", "oracle", "clickhouse", "trino",
)  # fmt: skip
_READ = 65_536  # characters of a file that are looked at


class Guess(NamedTuple):
    """A dialect and the signs it was told by: ``("tsql", "GO, [brackets]")``."""

    dialect: str
    signs: str


_NO_GUESS = Guess("", "nothing in it is peculiar to one dialect")


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


def guess_by_folder(root: Path, paths: Iterable[str], known: Mapping[str, str] | None = None) -> dict[str, Guess]:
    """A guess for every file: from the signs in its folder, weighed against what its neighbours speak.

    One file alone betrays little; the files of a folder are nearly always of one dialect, and those of a repository often.
    ``known`` are files of which it is certain: those of a dbt project with a profile.
    """
    betrayed: dict[str, _Signs] = {}
    everything = list(paths)
    for path in everything:
        seen = _signs(_beginning(root / path))
        for folder in _upwards(path):
            betrayed.setdefault(folder, _Signs()).add(seen)
    certain: dict[str, Counter[str]] = {}
    for path, name in (known or {}).items():
        for folder in _upwards(path):
            certain.setdefault(folder, Counter())[name] += 1
    decided: dict[str, Guess] = {}
    for folder in sorted(betrayed, key=lambda folder: (folder.count("/"), bool(folder), folder)):  # from the top down
        above = decided[posixpath.dirname(folder)] if folder else _NO_GUESS
        near = _known_near(certain.get(folder))
        decided[folder] = _decide(betrayed[folder], near or above, _CERTAIN if near else _NEIGHBOURS)
    return {path: decided[posixpath.dirname(path)] for path in everything}


def guess_by_text(text: str) -> Guess:
    """A guess for a text that stands alone."""
    signs = _Signs()
    signs.add(_signs(_NOISE.sub(" ", text[:_READ])))
    return _decide(signs, _NO_GUESS, _NEIGHBOURS)


def likely_dialects(text: str) -> list[str]:
    """Those to try on a text that generic SQL cannot read: by the signs in it, however few, then as common as they are."""
    signs = _Signs()
    signs.add(_signs(_NOISE.sub(" ", text[:_READ])))
    weights = signs.weights()
    return sorted(dict.fromkeys((*_COMMON, *weights)), key=lambda name: -weights.get(name, 0))


class _Signs:
    """The signs seen below one folder, by the dialect that they speak for."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[tuple[str, int]]] = {}

    def add(self, seen: Iterable[tuple[str, str, int]]) -> None:
        for name, sign, weight in seen:
            self.counts.setdefault(name, Counter())[sign, weight] += 1

    def weights(self, most: float = inf) -> dict[str, float]:
        """By dialect; ``most``: how often a sign that many files have counts."""
        return {
            name: sum(weight * min(count, most) for (_, weight), count in counts.items()) for name, counts in self.counts.items()
        }

    def shown(self, name: str) -> str:
        ranked = sorted(self.counts[name].items(), key=lambda item: (-item[1], item[0][0]))
        return ", ".join(sign for (sign, _), _ in ranked[:3])


def _upwards(path: str) -> Iterator[str]:
    """The folders above a file, the nearest first, the root last."""
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _known_near(certain: Counter[str] | None) -> Guess | None:
    """What the files nearby speak of which it is known, where that is one dialect."""
    if certain is None or len(certain) != 1:
        return None
    return Guess(next(iter(certain)), "the files nearby speak it")


def _decide(signs: _Signs, neighbours: Guess, weight: float) -> Guess:
    """What the neighbours speak, unless the folder's own signs say clearly that it is another dialect."""
    weights = signs.weights(_HABIT if neighbours.dialect else inf)
    if neighbours.dialect:
        weights[neighbours.dialect] = weights.get(neighbours.dialect, 0) + weight
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] < _ENOUGH or (len(ranked) > 1 and ranked[0][1] < _MARGIN * ranked[1][1]):
        return neighbours
    name = ranked[0][0]
    own = name in signs.counts and (name != neighbours.dialect or weights[name] - weight >= _ENOUGH)
    return Guess(name, signs.shown(name)) if own else neighbours


class _Sign(NamedTuple):
    """``needs``: as ``needed_words`` has it."""

    dialect: str
    name: str
    weight: int
    pattern: re.Pattern[str]
    needs: tuple[tuple[str, ...], ...]


@cache
def _every_sign() -> tuple[_Sign, ...]:
    return tuple(
        _Sign(spoken, name, weight, re.compile(pattern, re.IGNORECASE | re.MULTILINE), needed_words(pattern))
        for spoken in own_files()
        for pattern, name, weight in dialect(spoken).hints
    )


@lru_cache(maxsize=512)  # a history is the same few files again and again
def _signs(text: str) -> tuple[tuple[str, str, int], ...]:
    lower = text.lower()
    return tuple(
        (sign.dialect, sign.name, sign.weight)
        for sign in _every_sign()
        if may_fit(sign.needs, lower) and sign.pattern.search(text)
    )


_NOISE = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def _beginning(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return _NOISE.sub(" ", file.read(_READ).decode("utf-8", errors="replace"))
    except OSError:
        return ""
