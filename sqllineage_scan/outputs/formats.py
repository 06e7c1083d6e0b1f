"""The registry of formats is the folder: each module of ``outputs/<thing>/`` is a format with ``write(thing, out)``."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, TextIO

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    Writer = Callable[[Any, TextIO], None]


@cache
def formats(thing: str) -> tuple[str, ...]:
    """The names of the formats of a ``lineage``, a ``subject``, …"""
    package = find_spec(f"sqllineage_scan.outputs.{thing}")
    places = package.submodule_search_locations if package else None
    return tuple(sorted(module.name for module in iter_modules(places) if not module.name.startswith("_")))


def writer(thing: str, name: str) -> Writer:
    """The function that writes ``thing`` in the format called ``name``; only that format's module is imported."""
    known = formats(thing)
    if name not in known:
        close = get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(known)}"
        raise UsageError(f"no format is called {name!r}; {hint}")
    write: Writer = import_module(f"sqllineage_scan.outputs.{thing}.{name}").write
    return write
