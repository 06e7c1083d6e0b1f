"""``on conflict (id) do update set x = excluded.x`` and ``on duplicate key update x = values(x)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Input, Relation, Write
from sqllineage_scan.parse.assignments import assignments
from sqllineage_scan.parse.expressions import influence

if TYPE_CHECKING:
    from sqllineage_scan.parse.scope import Scope

_EXCLUDED = "excluded"


def conflict_write(node: exp.Insert, into: Input, write: Write, scope: Scope) -> Write | None:
    """The write to the rows that are there already. In sight are the target, under its name, and the row that was to be
    inserted, as ``excluded``; MySQL calls that ``values(x)`` or by an alias of its own, and sees the tables of the SELECT too.
    """
    conflict = node.args.get("conflict")
    if not isinstance(conflict, exp.OnConflict) or not conflict.expressions or write.relation is None:
        return None
    name, columns = _EXCLUDED, write.columns or ()
    if isinstance(node.expression, exp.Values) and node.expression.args.get("alias") is not None:
        given = scope.table_alias(node.expression.args["alias"])
        name, columns = given.name or name, given.columns or columns
    _name_values(conflict, name)
    excluded = Input(name, write.relation, into.span, columns, by_alias_only=True, named_after=write.target)
    others = [other._replace(by_alias_only=True) for other in _read(write, scope) if other.alias not in ("", into.alias, name)]
    values = tuple(assignment.value for assignment in assignments(conflict.expressions, scope, (into.alias,)))
    where = conflict.args.get("where")
    influences = () if where is None else (influence(where.this, scope, Subtype.FILTER),)
    index = scope.add(Relation(inputs=(into, excluded, *others), projections=values, influences=influences))
    names = tuple(value.name for value in values)
    return Write(write.target, index, None, names, in_place=True, span=write.span)


def _name_values(conflict: exp.OnConflict, name: str) -> None:
    """``values(x)`` becomes ``excluded.x``."""
    for call in list(conflict.find_all(exp.Anonymous)):
        if call.name.upper() == "VALUES" and len(call.expressions) == 1:
            column = call.expressions[0]
            identifier = column.this if isinstance(column, exp.Column) else column
            call.replace(exp.Column(this=identifier.copy(), table=exp.to_identifier(name)))


def _read(write: Write, scope: Scope) -> tuple[Input, ...]:
    assert write.relation is not None
    return scope.relations[write.relation].inputs if scope.dialect.name == "mysql" else ()
