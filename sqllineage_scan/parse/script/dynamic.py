"""SQL that a script holds as text: EXECUTE IMMEDIATE, EXEC, sp_executesql, PREPARE, DO."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.source import Hole
from sqllineage_scan.parse.constants import Unknown, constant_text, text_parts
from sqllineage_scan.parse.script.names import variable_name
from sqllineage_scan.parse.script.variables import Variables
from sqllineage_scan.parse.words import STRINGS, find_at_top

if TYPE_CHECKING:
    from sqlglot.tokens import Token

    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.domain.source import Rendered
    from sqllineage_scan.parse.script.session import Session
    from sqllineage_scan.parse.split import Piece

_BEHIND_TEXT = ("INTO", "USING", ",", "BULK", "AT")


class DynamicText(NamedTuple):
    """``text`` stands at ``offset`` of ``way``; "" when there is nothing to run."""

    text: str
    offset: int
    way: Rendered


def dynamic_text(piece: Piece, words: list[str], way: Rendered, dialect: Dialect, session: Session) -> DynamicText | None:
    """The statement that ``piece`` runs; None when it runs no text: ``exec dbo.load_all``.

    What is not known of the text stands in it as a hole: 'insert into ' || tbl || ' select id from s' writes some table.
    """
    first = _text_at(words)
    if first is None:
        return DynamicText("", 0, way) if words[0] in ("EXEC", "EXECUTE") else None
    if words[0] == "PREPARE":
        return _prepared(piece, words, way, dialect, session)
    behind = find_at_top(words, _BEHIND_TEXT, first)
    tokens = piece.tokens[first : behind if behind >= 0 else None]
    if not tokens:
        return None
    name = variable_name(piece.tokens, first, dialect)
    if len(tokens) == 1 and name in session.prepared:
        return _composed(session.prepared[name], piece, way)
    if len(tokens) == 1 and tokens[0].token_type in STRINGS:
        return sliced(tokens[0], piece, way)
    return _evaluated(piece._replace(tokens=tokens), piece, way, dialect, session)


def inserted_text(piece: Piece, words: list[str], way: Rendered, dialect: Dialect, session: Session) -> DynamicText | None:
    """``insert into t (a) exec ('select s.a from s')``: the rows of the text are what is inserted."""
    at = find_at_top(words, ("EXEC", "EXECUTE"))
    if words[0] != "INSERT" or at < 0:
        return None
    found = dynamic_text(piece._replace(tokens=piece.tokens[at:]), words[at:], way, dialect, session)
    if found is None or not found.text.lstrip().upper().startswith(("SELECT", "WITH")):
        return None
    head = piece.sql[piece.tokens[0].start : piece.tokens[at].start]
    return _composed(f"{head} {found.text}", piece, replace(way, holes=found.way.holes))


def _text_at(words: list[str]) -> int | None:
    """Where the text begins: behind ``execute immediate``, ``exec sp_executesql``, ``exec (``, ``do``, PL/pgSQL's ``execute``."""
    if words[0] == "PREPARE":
        return 0
    if words[1:2] == ["IMMEDIATE"] or words[1:2] == ["SP_EXECUTESQL"]:
        return 2
    if words[:4] == ["EXEC", "SYS", ".", "SP_EXECUTESQL"]:
        return 4
    if words[0] == "EXEC":
        return 1 if words[1:2] == ["("] else None
    if words[0] == "DO":
        return 1 if words[1:2] == [""] else 3 if words[1:2] == ["LANGUAGE"] else None
    return 1


def _evaluated(tokens: Piece, piece: Piece, way: Rendered, dialect: Dialect, session: Session) -> DynamicText | None:
    value = Variables(way, dialect, session).value_of(tokens)
    if value is None or value.is_query:
        return DynamicText("", 0, way) if value is not None else None
    parts = text_parts(value.tree, session.texts())
    if not any(isinstance(part, str) for part in parts):
        return DynamicText("", 0, way)
    text = ""
    holes: list[Hole] = []
    here = way.source_map.span(piece.offset + piece.tokens[0].start, piece.offset + piece.tokens[-1].end + 1)
    for part in parts:
        if isinstance(part, Unknown):
            token = f"hole__dynamic{len(holes)}"
            holes.append(Hole(token, part.expression, "its value is only known when it runs", here))
            text += token
        else:
            text += part
    return _composed(text, piece, replace(way, holes=(*way.holes, *holes)))


def _prepared(piece: Piece, words: list[str], way: Rendered, dialect: Dialect, session: Session) -> DynamicText | None:
    """``prepare s from @sql`` keeps the text for ``execute s``; nothing runs yet."""
    start = find_at_top(words, ("FROM", "AS"))
    if start < 0:
        return None
    name = dialect.column(piece.tokens[1].text)
    value = Variables(way, dialect, session).value(piece, start + 1, None)
    if value is not None:
        text = None if value.is_query else constant_text(value.tree, session.texts())
        if value.is_query or text is not None:
            first = piece.tokens[start + 1]
            session.prepared[name] = text if text is not None else piece.sql[first.start : piece.tokens[-1].end + 1]
    return DynamicText("", 0, way)


def sliced(token: Token, piece: Piece, way: Rendered) -> DynamicText:
    """The text of one string token, in its own place where the source shows it as it is (no escapes in it)."""
    written = piece.sql[token.start : token.end + 1]
    found = written.find(token.text)
    if found >= 0:
        return DynamicText(token.text, piece.offset + token.start + found, way)
    return _composed(token.text, piece, way)


def _composed(text: str, piece: Piece, way: Rendered) -> DynamicText:
    """A text that stands nowhere as it is: all of it has the place of the statement that runs it."""
    first, last = piece.offset + piece.tokens[0].start, piece.offset + piece.tokens[-1].end + 1
    return DynamicText(text, 0, replace(way, text=text, source_map=way.source_map.collapsed(first, last)))
