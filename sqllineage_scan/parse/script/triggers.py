"""Triggers: which table a trigger function is for, and what it does to the row at hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.unit import Projection, Relation, Unit, Write
from sqllineage_scan.parse.expressions import uses_of
from sqllineage_scan.parse.scope import Scope
from sqllineage_scan.parse.script.variables import Variables
from sqllineage_scan.parse.statement import Outcome, not_parsed, statement_text
from sqllineage_scan.parse.text import extent

if TYPE_CHECKING:
    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.domain.source import Rendered
    from sqllineage_scan.parse.script.session import Session
    from sqllineage_scan.parse.split import Piece

_NAME = r'((?:"[^"]+"|[\w$]+)(?:\s*\.\s*(?:"[^"]+"|[\w$]+))*)'
_TRIGGER = re.compile(
    rf"\bcreate\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger\b[^;]*?\bon\s+{_NAME}[^;]*?\bexecute\s+(?:function|procedure)\s+{_NAME}",
    re.IGNORECASE,
)


def trigger_tables(text: str, dialect: Dialect) -> dict[tuple[str, ...], RelationName]:
    """The table by the name of the function: ``create trigger tr after update on acc for each row execute function log_it()``."""
    found: dict[tuple[str, ...], RelationName] = {}
    for on, function in _TRIGGER.findall(text):
        name = _parts(function, dialect)[-1:]
        found.setdefault(name, RelationName(NameKind.TABLE, _parts(on, dialect)))
    return found


def _parts(name: str, dialect: Dialect) -> tuple[str, ...]:
    parts = [part.strip() for part in name.split(".")]
    return tuple(dialect.relation(part.strip('"'), quoted=part[:1] == '"') for part in parts)


def without_colons(piece: Piece, session: Session) -> Piece:
    """Oracle writes ``:new.total`` for the row at hand; without its colon it is a column like any other."""
    tokens = [
        token
        for token, behind in zip(piece.tokens, [*piece.tokens[1:], None], strict=True)
        if not (token.text == ":" and behind is not None and _is_row(behind.text, session))
    ]
    return piece if len(tokens) == len(piece.tokens) else piece._replace(tokens=tokens)


def _is_row(name: str, session: Session) -> bool:
    held = session.variables.get(name.lower())
    return held is not None and held.table is not None


def assigns_new(piece: Piece, words: list[str], session: Session) -> bool:
    """``new.total := new.a + new.b`` and MySQL's ``set new.total = …``, where the table is known."""
    at = int(words[0] == "SET")
    held = session.variables.get(piece.tokens[at].text.lower()) if at < len(words) else None
    return (
        held is not None
        and held.table is not None
        and words[at + 1 : at + 2] == ["."]
        and words[at + 3 : at + 4] in ([":="], ["="])
    )


def new_row_outcome(  # noqa: PLR0917 -- where it stands and what was said before it
    piece: Piece, words: list[str], way: Rendered, dialect: Dialect, session: Session, ordinal: int
) -> Outcome:
    """The row is changed before it is written: its table's column gets the value."""
    at = int(words[0] == "SET")
    table = session.variables[piece.tokens[at].text.lower()].table
    assert table is not None
    column = dialect.column(piece.tokens[at + 2].text)
    value = Variables(way, dialect, session).value(piece, at + 4, None)
    if value is None:
        return not_parsed(piece, way, f"the value of {column}")
    text = statement_text(piece, way)
    scope = session.enter(Scope(text, dialect), piece.tokens)
    place = extent(value.tree) or text.bounds()
    projection = Projection(column, uses_of(value.tree, scope), text.written(*place), text.span(*place))
    write = Write(table, scope.add(Relation(projections=(projection,))), None, (column,), in_place=True, span=text.whole())
    unit = Unit(
        JobKind.UPDATE,
        ordinal,
        text.whole(),
        dialect.name,
        tuple(scope.relations),
        (write,),
        search_path=session.search_path,
        routine=session.routine,
        fingerprint=text.fingerprint(),
    )
    return Outcome(unit, understood=True)
