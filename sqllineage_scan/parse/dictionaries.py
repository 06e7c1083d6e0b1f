"""ClickHouse's ``dictGet('rates', 'eur', currency)``: a column of a dictionary, for the row that the key finds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Influence, Input, Projection, Reference, Relation

if TYPE_CHECKING:
    from sqllineage_scan.domain.unit import Use
    from sqllineage_scan.parse.scope import Scope

_READS = re.compile(r"(dictget|joinget)\w*$")
_ASKS = re.compile(r"dict(has|isin|gethierarchy|getchildren|getdescendants)$")


class Lookup(NamedTuple):
    """A call taken apart. ``attributes`` is empty where only the key is looked for: ``dictHas('rates', currency)``."""

    dictionary: RelationName
    attributes: tuple[str, ...]
    keys: tuple[exp.Expr, ...]
    default: tuple[exp.Expr, ...]


def lookup_of(node: exp.Anonymous, scope: Scope) -> Lookup | None:
    """``dictGetOrDefault('db.rates', 'eur', currency, 1.0)``; None for any other function."""
    name = node.name.lower()
    asks = bool(_ASKS.match(name))
    arguments = list(node.expressions)
    if not (asks or _READS.match(name)) or len(arguments) < (2 if asks else 3):
        return None
    parts = (
        arguments[0].name.split(".") if not isinstance(arguments[0], exp.Column) else [part.name for part in arguments[0].parts]
    )
    dictionary = RelationName(NameKind.TABLE, tuple(scope.dialect.relation(part) for part in parts))
    if asks:
        return Lookup(dictionary, (), tuple(arguments[1:]), ())
    attribute = arguments[1]
    listed = attribute.expressions if isinstance(attribute, (exp.Tuple, exp.Struct)) else [attribute]
    keys = len(arguments) - 1 if name.endswith("ordefault") else len(arguments)
    attributes = tuple(scope.dialect.column(part.name) for part in listed)
    return Lookup(dictionary, attributes, tuple(arguments[2:keys]), tuple(arguments[keys:]))


def relation_of(lookup: Lookup, keys: tuple[Use, ...], scope: Scope, node: exp.Expr) -> int:
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
