"""The lineage document: ``lineage.json``."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.graph.model import LineageGraph

_CONTROL = re.compile("[\x7f-\x9f]")
_OF_AN_ITEM = "\n    "  # of the lists that the document is made of


def write(graph: LineageGraph, out: TextIO) -> None:
    """Everything in it is sorted already, so the same graph gives the same bytes."""
    out.writelines(map(_escaped, _document(graph.to_dict())))


def _escaped(text: str) -> str:
    """Some terminals take U+0080 to U+009F for control sequences; in JSON they may be escaped like those below a space."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _document(document: dict[str, Any]) -> Iterator[str]:
    """The document's text in pieces, so that it is never all in memory."""
    before = "{\n  "
    for key, value in document.items():
        yield f"{before}{quoted(key)}: "
        before = ",\n  "
        if isinstance(value, list) and value:
            yield f"[\n    {indented(value[0], _OF_AN_ITEM)}"
            yield from (f",{_OF_AN_ITEM}{indented(item, _OF_AN_ITEM)}" for item in value[1:])
            yield "\n  ]"
        else:
            yield indented(value, "\n  ")
    yield "\n}\n"


def indented(value: Any, newline: str) -> str:
    """What ``json.dumps(value, indent=2, ensure_ascii=False)`` writes, in half the time: that one asks again and again what
    it has before it. ``newline`` is the line break and the indentation of the value itself.
    """
    kind = type(value)
    if kind is str:
        return quoted(value)
    if kind is dict and value:
        inner = f"{newline}  "
        parts = [f"{quoted(key)}: {quoted(item) if type(item) is str else indented(item, inner)}" for key, item in value.items()]
        return f"{{{inner}{f',{inner}'.join(parts)}{newline}}}"
    if kind is list and value:
        inner = f"{newline}  "
        return f"[{inner}{f',{inner}'.join([indented(item, inner) for item in value])}{newline}]"
    return repr(value) if kind is int or kind is float else json.dumps(value)
