"""What a value is put together from: ``struct(a as x)``, ``{'x': a}``, ``object_construct('x', a)``, ``row(a, b)``, maps."""

from __future__ import annotations

import re
from typing import NamedTuple

from sqlglot import exp

from sqllineage_scan.parse.kinds import Kinds

_PAIRS = frozenset(
    "object_construct object_construct_keep_null json_build_object jsonb_build_object json_object jsonb_object hstore "
    "map_construct create_map struct_build named_struct map json_object_construct".split()
)
_POSITIONAL = frozenset({"row", "tuple"})
_ORDINAL = re.compile(r"(?:f|_?col|column|field|_)?(\d+)$", re.IGNORECASE)


class Member(NamedTuple):
    """``x`` and the expression that makes it; a star has the name ``*``."""

    name: str
    value: exp.Expr


class Composite(NamedTuple):
    """``exact``: a member comes out as it went in; out of JSON it comes converted."""

    members: tuple[Member, ...]
    exact: bool

    def member(self, name: str) -> Member | None:
        """The member of that name, or in that place: ``row(a, b).f2``, ``tuple(a, b).2``."""
        wanted = name.lower()
        for member in self.members:
            if member.name.lower() == wanted:
                return member
        if any(member.name == "*" for member in self.members):
            return next(member for member in self.members if member.name == "*")
        place = _ORDINAL.match(name)
        number = int(place[1]) if place else 0
        return self.members[number - 1] if 0 < number <= len(self.members) else None


def composite(node: exp.Expr) -> Composite | None:
    """The members of a value that ``node`` puts together; None for any other expression."""
    if not _COMPOSED[type(node)]:
        return None
    if isinstance(node, exp.Struct):
        if any(
            isinstance(part, exp.PropertyEQ) and not isinstance(part.this, (exp.Identifier, exp.Literal))
            for part in node.expressions
        ):
            return None  # object_construct(t.k, t.v): any key
        return Composite(tuple(_struct_member(part, place) for place, part in enumerate(node.expressions, 1)), exact=True)
    if isinstance(node, exp.Tuple):
        return Composite(tuple(Member(str(place), part) for place, part in enumerate(node.expressions, 1)), exact=True)
    if isinstance(node, exp.JSONObject):
        return _of_pairs([(part.this, part.expression) for part in node.expressions if isinstance(part, exp.JSONKeyValue)], node)
    if isinstance(node, exp.StarMap):
        return Composite((Member("*", node.this),), exact=False)
    if isinstance(node, (exp.Map, exp.VarMap)):
        return _map(node)
    if isinstance(node, exp.ToMap) and isinstance(node.this, exp.Struct):
        return Composite(tuple(_struct_member(part, place) for place, part in enumerate(node.this.expressions, 1)), exact=True)
    if isinstance(node, exp.Anonymous):
        return _function(node)
    return None


_COMPOSED = Kinds(exp.Struct, exp.Tuple, exp.JSONObject, exp.StarMap, exp.Map, exp.VarMap, exp.ToMap, exp.Anonymous)


def _struct_member(part: exp.Expr, place: int) -> Member:
    if isinstance(part, (exp.PropertyEQ, exp.Kwarg)):
        return Member(part.this.name, part.expression)
    if isinstance(part, exp.Alias):
        return Member(part.alias, part.this)
    if isinstance(part, exp.Star) or (isinstance(part, exp.Column) and isinstance(part.this, exp.Star)):
        return Member("*", part)
    return Member(part.name if isinstance(part, exp.Column) else str(place), part)


def _map(node: exp.Map | exp.VarMap) -> Composite | None:
    keys, values = node.args.get("keys"), node.args.get("values")
    if not isinstance(keys, exp.Array) or not isinstance(values, exp.Array):
        return None
    found = _of_pairs(list(zip(keys.expressions, values.expressions, strict=False)), node)
    return Composite(found.members, exact=True) if found is not None else None


def _function(node: exp.Anonymous) -> Composite | None:
    name = node.name.lower()
    if name in _POSITIONAL:
        return Composite(tuple(_struct_member(part, place) for place, part in enumerate(node.expressions, 1)), exact=True)
    if name in _PAIRS and len(node.expressions) % 2 == 0:
        return _of_pairs(list(zip(node.expressions[::2], node.expressions[1::2], strict=True)), node)
    return None


def _of_pairs(pairs: list[tuple[exp.Expr, exp.Expr]], node: exp.Expr) -> Composite | None:
    """Keys that are not constant could be any name."""
    if not pairs or any(not isinstance(key, (exp.Literal, exp.Identifier)) for key, _ in pairs):
        return None
    exact = isinstance(node, exp.Anonymous) and node.name.lower() in ("named_struct", "map")
    return Composite(tuple(Member(key.name, value) for key, value in pairs), exact)
