"""The lineage document: ``lineage.json``."""

from __future__ import annotations

import json
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from sqllineage_scan.graph.encode import sections
from sqllineage_scan.outputs.harmless import in_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqllineage_scan.graph.model import LineageGraph

_OF_AN_ITEM = "\n    "  # of the lists that the document is made of
_ENCODER = msgspec.json.Encoder()


def write(graph: LineageGraph, out: TextIO) -> None:
    """Everything in it is sorted already, so the same graph gives the same bytes."""
    write_parts(sections(graph), out)


def write_parts(parts: Iterable[tuple[str, Any]], out: TextIO) -> None:
    """A document of these parts, in this order."""
    out.writelines(map(in_json, _document(parts)))


def _document(parts: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """The document's text in pieces, made as it is written, so that neither it nor its values are ever all in memory."""
    before = "{\n  "
    for key, value in parts:
        yield f"{before}{quoted(key)}: "
        before = ",\n  "
        if isinstance(value, (str, dict)):
            yield indented(value, "\n  ")
            continue
        opening = f"[{_OF_AN_ITEM}"
        for item in value:
            yield f"{opening}{_item(item)}"
            opening = f",{_OF_AN_ITEM}"
        yield "[]" if opening[0] == "[" else "\n  ]"
    yield "\n}\n"


def _item(value: Any) -> str:
    """``indented`` by msgspec, in a third of the time; half a character, which it refuses, is rare (LONE_SURROGATES)."""
    try:
        return msgspec.json.format(_ENCODER.encode(value), indent=2).decode().replace("\n", _OF_AN_ITEM)
    except UnicodeEncodeError:
        return indented(value, _OF_AN_ITEM)


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
