"""Tables that a script drops and makes again: what was known of the first says nothing about the second."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqllineage_scan.domain.names import RelationName, table
from sqllineage_scan.parse.script.settings import parts_of
from sqllineage_scan.parse.words import behind_name, split_at_top

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot.tokens import Token

    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.domain.unit import Unit

_RELATIONS = ("TABLE", "VIEW", "MATERIALIZED", "TEMPORARY", "EXTERNAL", "DYNAMIC")


class Recreated:
    """Which tables the script has made so far, and which of them it has dropped since."""

    def __init__(self) -> None:
        self._made: set[RelationName] = set()
        self._dropped: set[RelationName] = set()

    def drop(self, tokens: Sequence[Token], words: Sequence[str], dialect: Dialect) -> None:
        """``drop table if exists t, u cascade``. Under a condition too: that is, if it is there."""
        if words[0] != "DROP" or words[1:2] == [] or words[1] not in _RELATIONS:
            return
        start = 2 if words[1] in ("TABLE", "VIEW") else 3
        start += 2 if words[start : start + 2] == ["IF", "EXISTS"] else 0
        for first, _ in split_at_top(words, ",", start):
            self._dropped.add(table(*parts_of(tokens[first : behind_name(words, first)], dialect)))

    def mark(self, unit: Unit, words: Sequence[str]) -> Unit:
        """The unit, its writes told whether they make anew what the script has made before."""
        replaces = words[1:3] in (["OR", "REPLACE"], ["OR", "ALTER"])
        created = {write.target for write in unit.writes if write.kind is not None}
        anew = {name for name in created & self._made if replaces or name in self._dropped}
        self._made |= created | {change.target for change in unit.changes}
        self._dropped -= created
        if not anew:
            return unit
        return replace(unit, writes=tuple(replace(write, anew=write.target in anew) for write in unit.writes))
