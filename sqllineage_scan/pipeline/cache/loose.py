"""Values that YAML gave, of no declared type, as msgpack can carry them and bring them back the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

_DEEPEST = 60
_SCALARS = (str, int, float, bool, type(None))
_LIST, _MAPPING, _TUPLE, _DATE, _MOMENT, _SET = range(6)


def write_loose(value: Any, depth: int = 0) -> Any:
    """A list stands for whatever is no scalar, its first item says for what. Raises ``TypeError`` for what is not YAML's."""
    if type(value) in _SCALARS:
        return value
    if isinstance(value, str):  # a text that remembers what it was compared with, while a template is rendered
        return str(value)
    if depth > _DEEPEST:
        raise TypeError("nested too deeply")
    if isinstance(value, dict):
        return [_MAPPING, *(write_loose(part, depth + 1) for item in value.items() for part in item)]
    if isinstance(value, (list, tuple)):
        kind = _LIST if isinstance(value, list) else _TUPLE
        return [kind, *(write_loose(item, depth + 1) for item in value)]
    if isinstance(value, dt.datetime):
        return [_MOMENT, value.isoformat()]
    if isinstance(value, dt.date):
        return [_DATE, value.isoformat()]
    if isinstance(value, (set, frozenset)):
        return [_SET, *sorted((write_loose(item, depth + 1) for item in value), key=repr)]
    raise TypeError(f"no value of YAML: {type(value).__name__}")


def read_loose(value: Any) -> Any:
    """Raises ``ValueError`` or ``TypeError`` for what ``write_loose`` would not have made."""
    if type(value) in _SCALARS:
        return value
    if type(value) is not list or not value or type(value[0]) is not int:
        raise TypeError("no value of YAML")
    kind, items = value[0], value[1:]
    if kind == _MOMENT:
        return dt.datetime.fromisoformat(*items)
    if kind == _DATE:
        return dt.date.fromisoformat(*items)
    read = [read_loose(item) for item in items]
    if kind == _MAPPING:
        return dict(zip(read[::2], read[1::2], strict=True))
    makers: dict[int, Any] = {_LIST: list, _TUPLE: tuple, _SET: set}
    if kind not in makers:
        raise ValueError(f"no value of YAML has the number {kind}")
    return makers[kind](read)
