"""ClickHouse's ``dictGet('rates', 'eur', currency)``: a column of a dictionary, for the row that the key finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Influence, Input, Projection, Reference, Relation, SubqueryUse
from sqllineage_scan.parse.expressions.visitor import uses_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.unit import Use
    from sqllineage_scan.parse.expressions.purpose import Purpose
    from sqllineage_scan.parse.expressions.visitor import Visitor
    from sqllineage_scan.parse.scope import Scope

_TYPES = (
    "string uuid ipv4 ipv6 date datetime float32 float64 int8 int16 int32 int64 int128 int256 uint8 uint16 uint32 uint64 uint128 "
    "uint256 decimal32 decimal64 decimal128 decimal256"
).split()
_READS = ("dictget", "joinget", *(f"dictget{kind}" for kind in _TYPES))
_ASKS = ("dicthas", "dictisin", "dictgethierarchy", "dictgetchildren", "dictgetdescendants")


class Lookup(NamedTuple):
    """A call taken apart. ``attributes`` is empty where only the key is looked for: ``dictHas('rates', currency)``."""

    dictionary: RelationName
    attributes: tuple[str, ...]
    keys: Sequence[exp.Expr]
    default: Sequence[exp.Expr]


def _read(node: exp.Expr, visitor: Visitor, purpose: Purpose) -> None:
    """The value is the attribute as it is, or one made of several attributes, or of one and a default."""
    scope = visitor.scope
    found = _lookup(node, scope)
    if found is None:
        visitor.operands(node, purpose)
        return
    inner = scope.inner(nested=True)
    keys = tuple(use for key in found.keys for use in uses_of(key, inner, Subtype.JOIN))
    made = purpose.computed() if len(found.attributes) > 1 or found.default else purpose
    relation = _relation(found, keys, scope, node)
    visitor.uses.append(SubqueryUse(relation, made.subtype, rows_only=not found.attributes, masking=purpose.masking))
    for value in found.default:
        visitor.visit(value, made)


def _lookup(node: exp.Expr, scope: Scope) -> Lookup | None:
    """``dictGetOrDefault('db.rates', 'eur', currency, 1.0)``; None where an argument is missing."""
    name, arguments = node.name.lower(), list(node.expressions)
    asks = name in _ASKS
    if len(arguments) < (2 if asks else 3):
        return None
    first = arguments[0]
    parts = [part.name for part in first.parts] if isinstance(first, exp.Column) else first.name.split(".")
    dictionary = RelationName(NameKind.TABLE, tuple(scope.dialect.relation(part) for part in parts))
    if asks:
        return Lookup(dictionary, (), arguments[1:], ())
    attribute = arguments[1]
    listed = attribute.expressions if isinstance(attribute, (exp.Tuple, exp.Struct)) else [attribute]
    last = len(arguments) - name.endswith("ordefault")
    return Lookup(dictionary, tuple(scope.dialect.column(part.name) for part in listed), arguments[2:last], arguments[last:])


def _relation(lookup: Lookup, keys: tuple[Use, ...], scope: Scope, node: exp.Expr) -> int:
    """``select eur from rates where its key = currency``, as which the key's columns JOIN. The dictionary's own columns
    are only meant where its name stands before them: whatever is in the key belongs to the query around.
    """
    span = scope.text.node_span(node)
    alias = str(lookup.dictionary)
    items = tuple(
        Projection(name, (Reference(name, (alias,), (), Subtype.IDENTITY, masking=False, span=span),), node.sql(), span)
        for name in lookup.attributes
    )
    source = Input(alias, lookup.dictionary, span, by_alias_only=True)
    return scope.inner(nested=True).add(Relation((source,), items, (Influence(Subtype.JOIN, keys),)))


FUNCTIONS = dict.fromkeys((*_ASKS, *(f"{read}{suffix}" for read in _READS for suffix in ("", "ordefault", "ornull"))), _read)
