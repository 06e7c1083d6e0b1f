"""The blocks of a macro file, cut out as text: a broken macro costs no other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG = re.compile(
    r"""\{\#.*?\#\}
      | \{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}
      | \{%[-+]?\s*(?P<begin>macro|docs)\s+(?P<name>\w+)
      | \{%[-+]?\s*end(?P<end>macro|docs)\b[^%]*%\}""",
    re.VERBOSE | re.DOTALL,
)
NO_MARKERS = str.maketrans("\x01\x02", "  ")  # \x01 and \x02 are ours, see template.py


def blocks(text: str, kind: str) -> Iterator[tuple[str, str]]:
    """(name, text) of every ``{% macro name(…) %} … {% endmacro %}``, or of every docs block, of a file."""
    name, start = "", -1
    for tag in _TAG.finditer(text):
        if tag["begin"] == kind and start < 0:
            name, start = tag["name"], tag.start()
        elif tag["end"] == kind and start >= 0:
            yield name, text[start : tag.end()].translate(NO_MARKERS)
            start = -1
