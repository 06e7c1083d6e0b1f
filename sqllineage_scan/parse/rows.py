"""The rows that a statement leaves behind or takes away: what RETURNING and OUTPUT show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.tokens import Token, TokenType

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Input, Projection, Reference, Relation, Star, Write
from sqllineage_scan.parse.aside import TRANSACT
from sqllineage_scan.parse.reader import Reader
from sqllineage_scan.parse.relations.select_list import select_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqllineage_scan.domain.unit import Influence
    from sqllineage_scan.parse.scope import Scope

_INSERTED = "inserted"
_DELETED = "deleted"


def inserted_row(into: Input, write: Write, scope: Scope, *, whole: bool = True) -> Input:
    """The row that an INSERT makes, under the name of its target. What is not inserted is made by the target itself: a serial
    key, a default. ``whole`` False: nobody asks for such a column.

    insert into t (a) select x from s returning id, a      a is s.x, id is t.id
    """
    assert write.relation is not None
    if write.columns is None or not whole:
        return Input(into.alias, write.relation, into.span, write.columns or (), named_after=write.target)
    values = Input(_INSERTED, write.relation, into.span, write.columns, visible=False, by_alias_only=True)
    replaced = tuple(_passed(name, _INSERTED, into) for name in write.columns)
    index = scope.add(Relation(inputs=(into, values), projections=(Star(into.alias, into.span, replaced=replaced),)))
    return Input(into.alias, index, into.span)


def updated_row(
    into: Input, values: Iterable[Projection], inputs: Sequence[Input], influences: Sequence[Influence], scope: Scope
) -> Input:
    """The row as an UPDATE leaves it: the assigned columns are new, the others are what they were."""
    star = Star(into.alias, into.span, replaced=tuple(values))
    index = scope.add(Relation(inputs=tuple(inputs), projections=(star,), influences=tuple(influences)))
    return Input(into.alias, index, into.span)


def returned(node: exp.Expr, inputs: Sequence[Input], influences: Sequence[Influence], scope: Scope) -> int | None:
    """The relation that ``returning a, b + 1 as c`` shows; None where the statement has no such clause."""
    clause = node.args.get("returning")
    if not isinstance(clause, exp.Returning):
        return None
    if scope.dialect.name in TRANSACT:
        inputs = _before_and_after(node, inputs, scope)
    items = select_list(exp.Select(expressions=clause.expressions), scope)
    return scope.add(Relation(inputs=tuple(inputs), projections=tuple(items), influences=tuple(influences)))


def _before_and_after(node: exp.Expr, inputs: Sequence[Input], scope: Scope) -> list[Input]:
    """T-SQL calls the row ``inserted``, and what it was ``deleted``: ``from (merge t … output inserted.id, deleted.a) as x``."""
    row, *others = inputs
    found = [row._replace(alias=_INSERTED, by_alias_only=True), *others]
    if isinstance(node.this, exp.Table):
        before = scope.from_item(node.this).inputs[0]
        found.append(before._replace(alias=_DELETED, by_alias_only=True))
    return found


def asks_beyond(clause: exp.Expr | None, columns: Sequence[str] | None, scope: Scope) -> bool:
    """Whether RETURNING or OUTPUT shows more than the inserted ``columns``."""
    if clause is None or columns is None:
        return False
    if any(clause.find_all(exp.Star)):
        return True
    return any(scope.alias_name(column.this) not in columns for column in clause.find_all(exp.Column))


def output_clause(scope: Scope) -> exp.Select | None:
    """T-SQL's ``output inserted.id, deleted.a`` as a SELECT list, where it goes INTO a table: else whoever asked gets it."""
    output = scope.output
    if output is None or not output.into:
        return None
    first = output.items[0]
    select = Token(TokenType.SELECT, "select", first.line, first.col, first.start, first.start, [])
    tree = Reader([select, *output.items], scope).parse()
    assert isinstance(tree, exp.Select)
    return tree


def logged(clause: exp.Select, rows: tuple[Input | None, Input | None], others: Sequence[Input], scope: Scope) -> Write:
    """``output inserted.id, deleted.a into log (id, old)``: a write of its own. ``rows``: what ``inserted`` and ``deleted`` mean;
    ``others``: what FROM and USING have in sight.
    """
    assert scope.output is not None
    inputs = [*others]
    for name, row in zip((_INSERTED, _DELETED), rows, strict=True):
        if row is not None:
            inputs.append(Input(name, row.source, row.span, row.columns, by_alias_only=True, named_after=row.named_after))
    items = tuple(select_list(clause, scope))
    index = scope.add(Relation(inputs=tuple(inputs), projections=items))
    into = Reader(scope.output.into, scope)
    columns = Reader(scope.output.columns, scope).identifiers() or None
    return Write(into.name(), index, None, columns, span=into.span())


def _passed(name: str, alias: str, into: Input) -> Projection:
    reference = Reference(name, (alias,), (), Subtype.IDENTITY, masking=False, span=into.span)
    return Projection(name, (reference,), name, into.span)
