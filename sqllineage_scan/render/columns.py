"""The columns of another relation, which a file alone does not know: one that stands for all of them.

    {% for c in adapter.get_columns_in_relation(ref('x')) if c.name != 'id' %} max({{ c.name }}) as {{ c.name }} {% endfor %}

takes one turn and writes ``max(hole__1) as hole__1``, hole__1 being remembered as every column of x but id. What its name is
compared with is some other column: it is left out of those that it stands for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from sqllineage_scan.render.hole import RemembersHoles, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable


class KnowsColumns(RemembersHoles, Protocol):
    """The rendering under way, as far as a column needs it."""

    def leave_out(self, token: str, column: str) -> None: ...


class ColumnName(str):
    """The name of each of the columns: a stand-in identifier that is equal to no other name."""

    __slots__ = ("_rendering",)

    _rendering: KnowsColumns

    @staticmethod
    def named(token: str, rendering: KnowsColumns) -> ColumnName:
        name = ColumnName(token)
        name._rendering = rendering
        return name

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str):
            return False
        same = str.__eq__(self, other) is True
        if not same:
            self._rendering.leave_out(str(self), str(other))
        return same

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    def _itself(self, *_args: Any) -> ColumnName:
        return self

    def _never(self, *_args: Any) -> bool:
        return False

    def _part(self, *_args: Any) -> Unknown:
        return Unknown(self._rendering, f"a part of {self}", "the name of a column of another relation is not known")

    lower = upper = strip = title = casefold = _itself
    startswith = endswith = __contains__ = _never
    replace = removeprefix = removesuffix = split = __getitem__ = _part  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Callable[[str], str], tuple[str]]:
        return str, (str(self),)


class RelationColumn:
    """What ``adapter.get_columns_in_relation`` gives a list of: a name is known, a type is not."""

    __slots__ = ("_rendering", "column", "name", "quoted")

    def __init__(self, name: ColumnName, quoted: str, rendering: RemembersHoles) -> None:
        self.name = self.column = name
        self.quoted = quoted
        self._rendering = rendering

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Unknown(self._rendering, f"column.{name}", "the columns of another relation are not known to a file alone")

    def __repr__(self) -> str:
        return f"<Column {self.name!s}>"
