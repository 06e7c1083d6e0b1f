"""Where in a source file something stands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable


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
