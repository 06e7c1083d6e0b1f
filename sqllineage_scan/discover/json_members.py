"""A JSON object read member by member: of a manifest of hundreds of megabytes no more than one node is held at a time."""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from typing import Any

_DECODER = JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")


class JsonMembers:
    """A place in a JSON text, in one of its objects. The values between are decoded by the standard library's C code.

    {"metadata": {…}, "nodes": {"model.shop.a": {…}, …}}
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.enter()

    def enter(self) -> None:
        """Go into the object that stands here."""
        self._expect("{")
        self._first = True

    def key(self) -> str | None:
        """The name of the next member; None behind the last, when the object is left."""
        character = self._next()
        if character == "}":
            self._at += 1
            self._first = False  # what follows is a further member of the object around
            return None
        if not self._first:
            self._expect(",")
        self._first = False
        name = self.value()
        self._expect(":")
        return str(name)

    def value(self) -> Any:
        """The value that stands here, whole."""
        self._next()
        found, self._at = _DECODER.raw_decode(self._text, self._at)
        return found

    def _next(self) -> str:
        space = _SPACE.match(self._text, self._at)
        assert space is not None
        self._at = space.end()
        return self._text[self._at : self._at + 1]

    def _expect(self, character: str) -> None:
        if self._next() != character:
            raise JSONDecodeError(f"expected {character!r}", self._text[self._at : self._at + 40], 0)
        self._at += 1
