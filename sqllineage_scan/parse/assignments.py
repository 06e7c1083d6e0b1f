"""``set a = x, (b, c) = (select …)``: the assignments of UPDATE and MERGE."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Projection, SubqueryUse
from sqllineage_scan.parse.expressions import uses_of
from sqllineage_scan.parse.normal_form import normal_form
from sqllineage_scan.parse.scope import UnsupportedSyntaxError
from sqllineage_scan.parse.text import extent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqllineage_scan.parse.scope import Scope


class Assignment(NamedTuple):
    """``t.a = u.b + 1``: column ``a`` of the input called ``t`` ("" where it is not said) gets the value."""

    input: str
    value: Projection


def assignments(expressions: Iterable[exp.Expr], scope: Scope, inputs: Collection[str]) -> list[Assignment]:
    """One assignment a column, in the order written. ``inputs``: the names that may stand before a column."""
    found: list[Assignment] = []
    for node in expressions:
        if not isinstance(node, exp.EQ):
            raise UnsupportedSyntaxError(f"SET {node.key.upper()}")
        if isinstance(node.this, exp.Tuple):
            found.extend(_row(node, scope, inputs))
        else:
            found.append(_single(node.this, node.expression, scope, inputs))
    return found


def _single(target: exp.Expr, value: exp.Expr, scope: Scope, inputs: Collection[str]) -> Assignment:
    owner, name = _column(target, scope, inputs)
    uses = () if is_default(value) else uses_of(value, scope)
    found = extent(value) or extent(target)
    start, end = found or scope.text.bounds()
    normal = normal_form(value, scope)
    scope.told[id(value)] = (value, None)
    return Assignment(owner, Projection(name, uses, scope.text.written(start, end), scope.text.span(start, end), normal=normal))


def _row(node: exp.EQ, scope: Scope, inputs: Collection[str]) -> Iterator[Assignment]:
    """``(a, b) = (x, y)`` by position, and ``(a, b) = (select x, y …)`` by the subquery's columns."""
    targets, value = node.this.expressions, node.expression
    parts = _parts(value)
    if parts is not None:
        for target, part in zip(targets, parts, strict=False):
            yield _single(target, part, scope, inputs)
        return
    relation = scope.inner(nested=True).query(value)
    span, (start, end) = scope.text.node_span(value), extent(value) or scope.text.bounds()
    for position, target in enumerate(targets):
        owner, name = _column(target, scope, inputs)
        use = SubqueryUse(relation, Subtype.IDENTITY, column=position)
        yield Assignment(owner, Projection(name, (use,), scope.text.written(start, end), span))


def _parts(value: exp.Expr) -> list[exp.Expr] | None:
    """The values of ``(x, y)`` and ``row(x, y)``; None for a query."""
    if isinstance(value, exp.Tuple) or (isinstance(value, exp.Anonymous) and value.name.upper() == "ROW"):
        return list(value.expressions)
    return [value.this] if isinstance(value, exp.Paren) else None


def _column(target: exp.Expr, scope: Scope, inputs: Collection[str]) -> tuple[str, str]:
    """Whose column is assigned, and which. Of ``t.address.zip`` and ``tags[1]`` it is the column, address or tags: a field or an
    item of it changes.
    """
    column = target if isinstance(target, exp.Column) else target.find(exp.Column)
    if column is None:
        raise UnsupportedSyntaxError(f"SET {target.key.upper()} =")
    names = [scope.alias_name(part) for part in column.parts]
    owner = next((index for index in range(len(names) - 2, -1, -1) if names[index] in inputs), None)
    if owner is not None:
        return names[owner], names[owner + 1]
    return "", names[0]


def is_default(value: exp.Expr) -> bool:
    """``set a = default``, ``values (default)``: a word, and no column."""
    return isinstance(value, exp.Column) and not value.args.get("table") and value.name.lower() == "default"
