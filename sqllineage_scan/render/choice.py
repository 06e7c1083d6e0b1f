"""Texts that differ from run to run: the target's name, an environment variable. What is asked of them is asked each way.

{% if target.name == 'prod' %} … {% endif %}        a way for ``target.name == 'prod'``, beside that of the profile
{% if env_var('STAGE', 'dev') == 'dev' %}           dev is the default; a way for ``env_var('STAGE') != 'dev'``
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from sqllineage_scan.render.hole import RemembersHoles, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_CONDITION = re.compile(r"(.*) (==|!=) '(.*)'", re.DOTALL)
_OTHER = "other"  # what something is that is not what it was compared with


class Asked(RemembersHoles, Protocol):
    """The rendering under way, as far as a choice needs it."""

    @property
    def assumed(self) -> Collection[str]: ...

    def undecided(self, condition: str) -> bool: ...


class Choice(str):
    """A text; each comparison with another text is remembered as a condition that nobody can decide."""

    __slots__ = ("_name", "_rendering")

    _name: str
    _rendering: Asked

    @staticmethod
    def named(name: str, text: str, rendering: Asked) -> Choice:
        made = Choice(text)
        made._name, made._rendering = name, rendering
        return made

    def __eq__(self, other: object) -> bool:
        equal = str.__eq__(self, other) is True
        if isinstance(other, str):
            self._rendering.undecided(f"{self._name} {'!=' if equal else '=='} '{other}'")
        return equal

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    def __reduce__(self) -> tuple[Callable[[str], str], tuple[str]]:
        return str, (str(self),)


class UnknownChoice(Unknown):
    """The same for a text that nobody knows: a hole that may be compared."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            self._rendering.undecided(f"{self._text} == '{other}'")  # type: ignore[attr-defined]
        return super().__eq__(other)

    __hash__ = Unknown.__hash__


def choice(rendering: Asked, name: str, known: str | None, reason: str = "") -> Any:
    """What ``name`` is in this way of rendering: ``known``, unless the way assumes something else."""
    for condition in rendering.assumed:
        assumed = _CONDITION.fullmatch(condition)
        if assumed is not None and assumed[1] == name:
            known = assumed[3] if assumed[2] == "==" else _OTHER
    if known is None:
        return UnknownChoice(rendering, name, reason)
    return Choice.named(name, known, rendering)
