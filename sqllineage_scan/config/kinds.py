"""What a configuration key may hold: the type of its field, as TOML and JSON Schema know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import Field


@dataclass(frozen=True, slots=True)
class Kind:
    name: str  # as an error message calls it
    schema: dict[str, Any]  # as JSON Schema calls it
    holds: Callable[[Any], bool]
    frozen: Callable[[Any], Any]  # the value as a frozen dataclass keeps it


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_named_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_table, value))


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


_TEXT = Kind("a text", {"type": "string"}, _is_text, str)
_KINDS = {
    "str": _TEXT,
    "str | None": _TEXT,
    "bool": Kind("true or false", {"type": "boolean"}, _is_truth, bool),
    "int": Kind("a whole number", {"type": "integer", "minimum": 0}, _is_whole, int),
    "tuple[str, ...]": Kind("a list of texts", {"type": "array", "items": {"type": "string"}}, _are_texts, tuple),
    "tuple[Mapping[str, Any], ...]": Kind("a list of tables", {"type": "array", "items": {"type": "object"}}, _are_tables, tuple),
    "Mapping[str, str]": Kind(
        "a table of texts", {"type": "object", "additionalProperties": {"type": "string"}}, _are_named_texts, dict
    ),
    "Mapping[str, Any]": Kind("a table", {"type": "object"}, _is_table, dict),
}


def kind_of(field: Field[Any]) -> Kind:
    """By the annotation as written: ``from __future__ import annotations`` keeps it a text."""
    return _KINDS[str(field.type)]


def described(value: Any) -> str:
    """A value from TOML, for an error message: what it is and, where short, what it says."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list)):
        return "a table" if isinstance(value, dict) else "a list"
    return repr(value)
