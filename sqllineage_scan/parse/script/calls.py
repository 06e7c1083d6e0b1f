"""CALL and EXEC: the procedure that a statement runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import FunctionUse, Input, Relation, Star, Unit, Write
from sqllineage_scan.parse.script.control import STARTERS
from sqllineage_scan.parse.script.settings import parts_of
from sqllineage_scan.parse.statement import Outcome, statement_text
from sqllineage_scan.parse.words import behind_group, behind_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot.tokens import Token

    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.domain.source import Rendered
    from sqllineage_scan.parse.script.session import Session
    from sqllineage_scan.parse.split import Piece


_OTHER = STARTERS | {"NULL", "RAISE", "EXIT"}


def called_procedure(tokens: Sequence[Token], words: Sequence[str], dialect: Dialect, *, in_block: bool) -> tuple[str, ...]:
    """The name in ``call load_all(1)``, ``exec dbo.load_all @day``, ``exec @code = dbo.load_all``; () when none is called."""
    if in_block and dialect.name == "oracle" and _is_call(words):
        return parts_of(tokens[: behind_name(words, 0)], dialect)
    if words[0] not in ("CALL", "EXEC", "EXECUTE") or words[1:2] in (["IMMEDIATE"], ["("]) or len(words) < 2:  # noqa: PLR2004
        return ()
    at = 1
    if words[1] == "@" and words[3:4] == ["="]:
        at = 4
    elif words[1] == "@":
        return ()
    return parts_of(tokens[at : behind_name(words, at)], dialect)


def _is_call(words: Sequence[str]) -> bool:
    """PL/SQL has no word for it: ``pk.load_all(p_day => 1);``, ``pk.load_all;``."""
    behind = behind_name(words, 0)
    other = behind == 1 and words[0] in _OTHER
    return not other and words[0] != "@" and behind_group(words, behind) == len(words)


def call_outcome(  # noqa: PLR0917 -- where it stands and what was said before it
    name: tuple[str, ...], piece: Piece, way: Rendered, dialect: Dialect, session: Session, ordinal: int, *, shows: bool
) -> Outcome:
    """A job that does what the procedure does, wherever in the repository that is. Where the procedure returns rows it
    ``shows`` them as a query does: ``table(result_scan(last_query_id()))`` reads them.
    """
    text = statement_text(piece, way)
    span = text.whole()
    rows = Relation(arguments=(), function=FunctionUse(name, (), Subtype.IDENTITY, masking=False))
    everything = Relation(inputs=(Input("", 0, span),), projections=(Star(None, span),))
    query = Write(RelationName(NameKind.THIS, ()), 1, DatasetKind.QUERY, span=span)
    unit = Unit(
        JobKind.BLOCK,
        ordinal,
        span,
        dialect.name,
        (rows, everything) if shows else (),
        (query,) if shows else (),
        search_path=session.search_path,
        routine=session.routine,
        calls=name,
        fingerprint=text.fingerprint(),
    )
    return Outcome(unit, understood=True)
