"""The fields that a column's declared type lists: ``struct<zip string, city string>``, ``row(zip varchar)``, arrays of those."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_STRUCT = re.compile(r"(?:struct|row|tuple|object|record|nested)\s*([<(])", re.IGNORECASE)
_ARRAY = re.compile(r"(?:array|list|nullable|lowcardinality|setof|repeated)\s*([<(])", re.IGNORECASE)
_FIELD = re.compile(r'\s*(?:"((?:[^"]|"")*)"|`([^`]*)`|([^\s:"`<(]+))\s*:?\s*(\S.*)$', re.DOTALL)
_CLOSES = {"<": ">", "(": ")", "[": "]"}


@lru_cache(maxsize=4096)
def fields_of_type(kind: str | None) -> Mapping[str, str]:
    """The fields and their types; empty for a type that lists none. An array has the fields of its items."""
    text = (kind or "").strip()
    while text.endswith("[]"):
        text = text[:-2].rstrip()
    array = _ARRAY.match(text)
    if array is not None:
        return fields_of_type(_inside(text, array.end() - 1))
    struct = _STRUCT.match(text)
    if struct is None:
        return {}
    found: dict[str, str] = {}
    for part in _parts(_inside(text, struct.end() - 1)):
        field = _FIELD.match(part)
        if field is not None:
            name = next(group for group in field.groups()[:3] if group is not None)
            found[name.lower()] = field[4].strip()
    return found


def is_struct(kind: str | None) -> bool:
    """``struct(x int)``, but not ``struct(x int)[]``."""
    text = (kind or "").strip()
    return _STRUCT.match(text) is not None and not text.endswith("]")


def _inside(text: str, start: int) -> str:
    """What stands between the bracket at ``start`` and the one that closes it."""
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] in _CLOSES) - (text[place] in _CLOSES.values())
        if depth == 0:
            return text[start + 1 : place]
    return text[start + 1 :]


def _parts(text: str) -> Iterator[str]:
    """Split at the commas outside brackets."""
    depth, start = 0, 0
    for place, sign in enumerate(text):
        depth += (sign in _CLOSES) - (sign in _CLOSES.values())
        if sign == "," and depth == 0:
            yield text[start:place]
            start = place + 1
    yield text[start:]
