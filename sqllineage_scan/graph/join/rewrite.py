"""The same value with other names in it: datasets, jobs and places changed wherever they stand."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from dataclasses import replace as replaced
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Rewrite:
    """``changes``: by type, what becomes of its values. All else is rebuilt only where something in it has changed."""

    def __init__(self, changes: Mapping[type, Callable[[Any], Any]]) -> None:
        self._changes = changes
        self._known: dict[Any, Any] = {}

    def __call__(self, value: Any) -> Any:
        kind = type(value)
        if kind in (str, int, float, bool) or value is None:
            return value
        change = self._changes.get(kind)
        if change is not None:
            key = (kind, value)
            if key not in self._known:
                self._known[key] = change(value)
            return self._known[key]
        if isinstance(value, tuple):
            parts = [self(part) for part in value]
            if all(part is before for part, before in zip(parts, value, strict=True)):
                return value
            return kind(*parts) if hasattr(kind, "_fields") else tuple(parts)
        if is_dataclass(value) and not isinstance(value, type):
            changed = {name: new for name in _names(kind) if (new := self(old := getattr(value, name))) is not old}
            return replaced(value, **changed) if changed else value
        return value


def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
