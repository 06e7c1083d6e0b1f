"""ClickHouse's ``alter table t update a = b where …`` and ``alter table t delete where …``: UPDATE and DELETE by other words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot.tokens import Token, TokenType

from sqllineage_scan.parse.reader import Reader
from sqllineage_scan.parse.registry import statements

if TYPE_CHECKING:
    from sqlglot import exp

    from sqllineage_scan.domain.unit import Write
    from sqllineage_scan.parse.scope import Statement


def updated(reader: Reader, table: exp.Table) -> Write:
    """``update a = b, c = d in partition p where e``."""
    rest = list(reader.until("IN").tokens) if _in_partition(reader) else list(reader.until().tokens)
    where = reader.tokens[reader.at :] if not reader.done and reader.seek("WHERE") else ()
    return _as(reader, table, (TokenType.UPDATE, "update"), (TokenType.SET, "set"), [*rest, *where])


def deleted(reader: Reader, table: exp.Table) -> Write:
    """``delete where e``; the reader is behind WHERE, or behind ``in`` of ``in partition p where e``."""
    if reader.seek("WHERE"):
        reader.take("WHERE")
    return _as(reader, table, (TokenType.DELETE, "delete"), (TokenType.WHERE, "where"), list(reader.until().tokens))


def _in_partition(reader: Reader) -> bool:
    return any(reader.words[index : index + 2] == ["IN", "PARTITION"] for index in range(reader.at, len(reader.words)))


def _as(reader: Reader, table: exp.Table, verb: tuple[TokenType, str], behind: tuple[TokenType, str], rest: list[Token]) -> Write:
    place = reader.tokens[0]
    names = [token for token in reader.tokens if _inside(token, table)]
    first, second = (Token(kind, text, place.line, place.col, place.start, place.end, []) for kind, text in (verb, behind))
    source = [Token(TokenType.FROM, "from", place.line, place.col, place.start, place.end, [])] if "delete" in verb else []
    tree = Reader([first, *source, *names, second, *rest], reader.scope).parse()
    found: Statement = statements()[type(tree)](tree, reader.scope)
    return found.writes[0]


def _inside(token: Token, table: exp.Table) -> bool:
    starts = [part.meta["start"] for part in table.parts]
    ends = [part.meta["end"] for part in table.parts]
    return bool(min(starts) <= token.start and token.end <= max(ends))
