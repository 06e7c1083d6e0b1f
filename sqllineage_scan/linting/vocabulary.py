"""The words of ``where:``. What can be asked of a thing is in ``subjects/``; how it can be asked is here, and both are closed.

where:
  evidence: {any: [candidate]}
  readers: {more_than: 0}
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from sqllineage_scan.linting.item import Item
    from sqllineage_scan.linting.material import Material


def _items(value: Any) -> Collection[Any]:
    if value is None or value == "":
        return ()
    return value if isinstance(value, (tuple, list, set, frozenset)) else (value,)


def _matches(value: Any, pattern: str) -> bool:
    return any(re.search(pattern, str(item)) for item in _items(value))


TESTS: Mapping[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "is": ("equals the value", lambda value, wanted: value == wanted),
    "is_not": ("does not equal the value", lambda value, wanted: value != wanted),
    "any": ("is, or has among its items, one of the list", lambda value, wanted: any(item in wanted for item in _items(value))),
    "none": ("neither is nor has any of the list", lambda value, wanted: not any(item in wanted for item in _items(value))),
    "matches": ("is, or has, a text that the regular expression finds", _matches),
    "more_than": ("is a number greater than the value", lambda value, wanted: value is not None and value > wanted),
    "less_than": ("is a number less than the value", lambda value, wanted: value is not None and value < wanted),
    "at_least": ("is that number or greater", lambda value, wanted: value is not None and value >= wanted),
    "at_most": ("is that number or less", lambda value, wanted: value is not None and value <= wanted),
    "known": ("is there (true) or not (false)", lambda value, wanted: bool(_items(value)) is wanted),
}
"""How an attribute can be tested: the name of the test, what it says, and the test."""


class Word(NamedTuple):
    """A subject: what ``each:`` may name, what can be asked of it, and how it is found."""

    name: str
    meaning: str
    attributes: Mapping[str, str]
    each: Callable[[Material], Iterator[Item]]
    needs: tuple[str, ...]  # "facts", "change": beside the graph
    of_origins: bool  # its items compare the readers of a dataset, and are that dataset's


@cache
def subjects() -> tuple[str, ...]:
    """The modules of ``subjects/``."""
    package = find_spec("sqllineage_scan.linting.subjects")
    places = package.submodule_search_locations if package else None
    return tuple(sorted(module.name for module in iter_modules(places)))


@cache
def word(name: str) -> Word:
    """The subject of that name; only its own module is imported."""
    module = import_module(f"sqllineage_scan.linting.subjects.{name}")
    meaning = (module.__doc__ or "").strip().partition("\n\n")[0]
    needs, of_origins = tuple(getattr(module, "NEEDS", ())), bool(getattr(module, "OF_ORIGINS", False))
    return Word(name, meaning, module.ATTRIBUTES, module.each, needs, of_origins)
