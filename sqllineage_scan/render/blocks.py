"""The blocks of a macro or snapshot file, found by their tags alone: a broken macro costs no other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG = re.compile(
    r"""\{\#.*?(?:\#\}|\Z)
      | \{%[-+]?\s*raw\s*[-+]?%\}.*?(?:\{%[-+]?\s*endraw\b|\Z)
      | \{%[-+]?\s*(?P<begin>macro|docs|snapshot)\s+(?P<name>\w+)
      | \{%[-+]?\s*end(?P<end>macro|docs|snapshot)\b[^%]*%\}""",
    re.VERBOSE | re.DOTALL,
)
NO_MARKERS = str.maketrans("\x01\x02", "  ")  # \x01 and \x02 are ours, see markers.py


class Block(NamedTuple):
    name: str
    start: int
    last: int  # where its end tag starts
    end: int


def blocks(text: str, kind: str) -> Iterator[Block]:
    """Every ``{% macro name(…) %} … {% endmacro %}`` of a file, or every block of another kind."""
    name, start = "", -1
    for tag in _TAG.finditer(text):
        if tag["begin"] == kind and start < 0:
            name, start = tag["name"], tag.start()
        elif tag["end"] == kind and start >= 0:
            yield Block(name, start, tag.start(), tag.end())
            start = -1
