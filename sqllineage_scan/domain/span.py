"""Where in a source file something stands."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value")


class Span(NamedTuple):
    """A range in a *source* file (the template, not the rendered SQL).

    Lines and columns count from 1; ``end_column`` is the column just after the last character, so a
    one-character span at the start of a file is ``1:1-1:2``. ``path`` is relative to the scanned root, with ``/``.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


made = cast("Callable[[tuple[str, int, int, int, int]], Span]", partial(tuple.__new__, Span))
"""``Span(*values)`` for where there are many: half the time."""


def whole_file(path: str) -> Span:
    """The place of a remark about a file as a whole: its first character."""
    return Span(path, 1, 1, 1, 1)


def from_root(value: Value, folder: str) -> Value:
    """The same value with every path as seen from the root of the repository, which is what hosts link and annotate.

    Spans are relative to the folder that was scanned; ``folder`` is that one, below the root.
    """
    if not folder or value is None or isinstance(value, str):
        return value
    moved: Any = value
    if isinstance(value, Span):
        moved = value._replace(path=f"{folder}/{value.path}")
    elif isinstance(value, tuple):
        items = [from_root(item, folder) for item in value]
        moved = type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    elif is_dataclass(value) and not isinstance(value, type):
        moved = replace(value, **{item.name: from_root(getattr(value, item.name), folder) for item in fields(value)})
    result: Value = moved
    return result
