"""SQL functions as units: what a call returns, ready to stand in the place of the call."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.dataset import Column, DatasetKind
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.names import table
from sqllineage_scan.domain.unit import Function, Input, Relation, SchemaAction, SchemaChange, SetOperator, Star, Unit
from sqllineage_scan.parse.scope import Scope, UnsupportedSyntaxError
from sqllineage_scan.parse.statement import Outcome, not_parsed, statement_text

if TYPE_CHECKING:
    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.source import Rendered
    from sqllineage_scan.parse.script.routine import Routine
    from sqllineage_scan.parse.script.session import Session
    from sqllineage_scan.parse.split import Piece


class FunctionHeader(NamedTuple):
    """What ``create function f(x int) returns table (a int)`` says before the body, and where it stands."""

    name: RelationName
    parameters: int
    columns: tuple[str, ...]
    table: bool
    result: RelationName | None  # T-SQL: returns @r table (…)
    piece: Piece
    way: Rendered
    dialect: Dialect


def function_outcome(header: FunctionHeader, session: Session, ordinal: int) -> Outcome:
    """The unit that defines a function, from what its body returned; none where it returned nothing that can be read."""
    piece, way, dialect = header.piece, header.way, header.dialect
    text = statement_text(piece, way)
    scope = Scope(text, dialect)
    try:
        relation = _result(header, session, scope)
    except UnsupportedSyntaxError as error:
        return not_parsed(piece, way, f"the body of the function {header.name}: {error}")
    if relation is None:
        return Outcome(None, understood=True)
    unit = Unit(
        JobKind.CREATE,
        ordinal,
        text.whole(),
        dialect.name,
        tuple(scope.relations),
        functions=(Function(header.name, header.parameters, relation, header.table),),
        search_path=session.search_path,
        fingerprint=text.fingerprint(),
    )
    return Outcome(unit, understood=True)


def result_table(piece: Piece, routine: Routine, way: Rendered, dialect: Dialect, ordinal: int) -> Outcome:
    """T-SQL: ``returns @r table (p int, q int)`` makes a table for the body to fill."""
    assert routine.result is not None
    text = statement_text(piece, way)
    columns = tuple(Column(dialect.column(token.text), None, number) for number, token in enumerate(routine.columns, 1))
    name = table(f"@{dialect.relation(routine.result.text)}")
    place = text.span(routine.result.start - 1, routine.result.end + 1)
    change = SchemaChange(SchemaAction.CREATE, name, place, columns, kind=DatasetKind.TEMPORARY)
    unit = Unit(JobKind.CREATE, ordinal, place, dialect.name, changes=(change,), fingerprint=text.fingerprint())
    return Outcome(unit, understood=True)


def _result(header: FunctionHeader, session: Session, scope: Scope) -> int | None:
    """One relation of all that the body may return; its columns have the names that the header gives."""
    relations = [session.relation(value, scope) for value in session.returned]
    if header.result is not None:  # T-SQL: returns @r table (…) as begin insert @r select … return end
        span = scope.text.whole()
        relations.append(scope.add(Relation(inputs=(Input("", header.result, span),), projections=(Star(None, span),))))
    if not relations:
        return None
    result = relations[0]
    if len(relations) > 1:
        result = scope.add(Relation(branches=tuple(relations), operator=SetOperator.UNION))
    if header.columns:
        span = scope.text.whole()
        result = scope.add(Relation(inputs=(Input("", result, span, header.columns),), projections=(Star(None, span),)))
    return result
