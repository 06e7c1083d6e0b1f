"""The registry of formats is the folder: each module of ``outputs/<thing>/`` is a format with ``write(thing, out)``.

A module may also say ``BINARY`` (it writes bytes), ``ENDING`` (of its files) and ``remarks(thing)`` (what to tell the person),
and ``SURROUNDINGS`` (``write(thing, out, around=…)``: outputs/surroundings.py).
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    Writer = Callable[..., None]  # the thing, and a stream of text or of bytes


@cache
def formats(thing: str) -> tuple[str, ...]:
    """The names of the formats of a ``lineage``, a ``subject``, …"""
    package = find_spec(f"sqllineage_scan.outputs.{thing}")
    places = package.submodule_search_locations if package else None
    return tuple(sorted(module.name for module in iter_modules(places) if not module.name.startswith("_")))


def writer(thing: str, name: str) -> Writer:
    """The function that writes ``thing`` in the format called ``name``; only that format's module is imported."""
    write: Writer = _module(thing, name).write
    return write


def is_binary(thing: str, name: str) -> bool:
    """Whether its ``write`` wants a stream of bytes: the module says ``BINARY = True``."""
    return bool(getattr(_module(thing, name), "BINARY", False))


def ending(thing: str, name: str) -> str:
    """Of a file in that format: its name, or what the module calls its ``ENDING``."""
    return str(getattr(_module(thing, name), "ENDING", name))


def remarks(thing: str, name: str, value: Any, **extra: Any) -> tuple[str, ...]:
    """What the person who asked should know of this output, a sentence each: that it was cut, that names were guessed."""
    found = getattr(_module(thing, name), "remarks", None)
    return tuple(found(value, **extra)) if found else ()


def takes_surroundings(thing: str, name: str) -> bool:
    """Whether its ``write`` also takes ``around``, what the repository says beside the graph: ``SURROUNDINGS = True``."""
    return bool(getattr(_module(thing, name), "SURROUNDINGS", False))


def _module(thing: str, name: str) -> Any:
    known = formats(thing)
    if name not in known:
        close = get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(known)}"
        raise UsageError(f"no format is called {name!r}; {hint}")
    return import_module(f"sqllineage_scan.outputs.{thing}.{name}")
