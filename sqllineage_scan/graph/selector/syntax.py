"""The words of a selector, before anything is looked up.

    +orders.amount+2     a name, with all that it comes from and two steps of those that read it
    tag:pii              a method and its value, which may have the wildcards * ? [a-z]
    @customers           its readers, and all that those come from
    a b                  union
    a,b                  intersection: it binds closer

Source: docs.getdbt.com, "Node selection": syntax overview, graph operators, set operators, methods.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

NONE = 0  # steps in a direction that was not asked for
ALL = None  # every step

_UNIONS = re.compile(r'(?:"[^"]*"|\S)+')
_INTERSECTIONS = re.compile(r'(?:"[^"]*"|[^,])+')
_ATOM = re.compile(r"(?P<at>@)?(?:(?P<up>\d*)\+)?(?P<what>.*?)(?:\+(?P<down>\d*))?", re.DOTALL)
_METHOD = re.compile(r"(?P<method>[a-z_]+)(?:\.(?P<key>\w+))?:(?!//)(?P<value>.*)", re.DOTALL)


class Atom(NamedTuple):
    """One criterion. ``up`` and ``down``: how many steps from it, 0 for none, None for all."""

    text: str
    method: str  # "" for a name alone
    key: str  # config.materialized: materialized
    value: str
    up: int | None = NONE
    down: int | None = NONE
    at: bool = False


def parse(text: str, methods: Collection[str]) -> tuple[tuple[Atom, ...], ...]:
    """The union of intersections that ``text`` says. Between double quotes spaces and commas are letters."""
    return tuple(
        tuple(_atom(part, methods) for part in _INTERSECTIONS.findall(union) if part) for union in _UNIONS.findall(text.strip())
    )


def _atom(text: str, methods: Collection[str]) -> Atom:
    found = _ATOM.fullmatch(text)
    assert found is not None  # it fits every text
    if found["at"] and found["down"] is not None:
        raise UsageError(f"selector {text!r}: @ and a + behind it cannot be together; @ has all readers already")
    what = found["what"]
    if not what:
        raise UsageError(f"selector {text!r} names nothing")
    said = _METHOD.fullmatch(what)
    method, key, value = (said["method"], said["key"] or "", said["value"]) if said else ("", "", what)
    if method:
        _check_method(text, method, value, methods)
    return Atom(text, method, key, value, _steps(found["up"]), _steps(found["down"]), bool(found["at"]))


def _steps(number: str | None) -> int | None:
    """``+x`` all, ``2+x`` two, ``x`` none."""
    return NONE if number is None else int(number) if number else ALL


def _check_method(text: str, method: str, value: str, methods: Collection[str]) -> None:
    if method not in methods:
        close = get_close_matches(method, methods, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(sorted(methods))}"
        raise UsageError(f"selector {text!r}: there is no method {method!r}; {hint}")
    if not value:
        raise UsageError(f"selector {text!r} says {method}, and not which")
