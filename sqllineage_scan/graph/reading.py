"""A cursor through parsed JSON that knows where it is: what does not fit is one clear line naming the place."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from enum import StrEnum

Word = TypeVar("Word", bound="StrEnum")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Place:
    """One value of the document. ``path`` is how JavaScript would reach it: ``datasets[3].columns[0].name``."""

    value: Any
    path: str = ""
    what: str = "a lineage document"

    def get(self, key: str) -> Place:
        found = self.find(key)
        if found is None:
            raise UsageError(f"not {self.what}: {self._name()} has no {key!r}")
        return found

    def find(self, key: str) -> Place | None:
        """None when the key is absent or null, which both mean *unknown*."""
        if not isinstance(self.value, dict):
            raise self._wrong("an object")
        value = self.value.get(key)
        return None if value is None else Place(value, f"{self.path}.{key}" if self.path else key, self.what)

    def entries(self) -> Iterator[tuple[str, Place]]:
        if not isinstance(self.value, dict):
            raise self._wrong("an object")
        return ((key, Place(value, f"{self.path}.{key}", self.what)) for key, value in self.value.items())

    def items(self) -> Iterator[Place]:
        if not isinstance(self.value, list):
            raise self._wrong("a list")
        return (Place(value, f"{self.path}[{number}]", self.what) for number, value in enumerate(self.value))

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self._wrong("a text")
        return self.value

    def whole(self) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self._wrong("a whole number")
        return self.value

    def fraction(self) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
            raise self._wrong("a number")
        return float(self.value)

    def truth(self) -> bool:
        if not isinstance(self.value, bool):
            raise self._wrong("true or false")
        return self.value

    def word(self, words: type[Word]) -> Word:
        text = self.text()
        try:
            return words(text)
        except ValueError:
            close = get_close_matches(text, [word.value for word in words], n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(word.value for word in words)}"
            raise UsageError(f"not {self.what}: {self.path} is {text!r}; {hint}") from None

    def text_at(self, key: str, default: str = "") -> str:
        found = self.find(key)
        return default if found is None else found.text()

    def texts_at(self, key: str) -> tuple[str, ...]:
        return self.all_at(key, Place.text)

    def all_at(self, key: str, read: Callable[[Place], Value]) -> tuple[Value, ...]:
        found = self.find(key)
        return () if found is None else tuple(read(item) for item in found.items())

    def maybe(self, key: str, read: Callable[[Place], Value]) -> Value | None:
        found = self.find(key)
        return None if found is None else read(found)

    def _wrong(self, expected: str) -> UsageError:
        return UsageError(f"not {self.what}: {self._name()} must be {expected}, not {_described(self.value)}")

    def _name(self) -> str:
        return self.path or "the top level"


def _described(value: Any) -> str:
    if value is None:
        return "null"
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a fraction"}
    return names.get(type(value), type(value).__name__)
