"""USE, search_path and their like: what an unqualified name means from there on."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot.tokens import TokenType

from sqllineage_scan.parse.words import split_at_top

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot.tokens import Token

    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.parse.script.session import Session
    from sqllineage_scan.parse.split import Piece

Parts = tuple[str, ...]

_NO_SCHEMA = frozenset("ROLE WAREHOUSE SECONDARY COMPUTE".split())
# A database named alone has a schema that is there from the start: use db; select * from t reads db.dbo.t.
_CATALOG_FIRST = frozenset(("tsql", "fabric", "snowflake"))


def setting(piece: Piece, words: Sequence[str], dialect: Dialect, session: Session) -> bool:
    """Whether ``piece`` says where names are looked for; if so the session knows it."""
    tokens = piece.tokens
    if words[0] == "USE":
        _use(tokens[1:], list(words[1:]), dialect, session)
        return True
    if words[0] == "SET":
        start = 2 if words[1:2] in (["SESSION"], ["LOCAL"]) else 1
        if words[start : start + 1] == ["SEARCH_PATH"]:
            session.search_path = tuple(
                name
                for first, behind in split_at_top(words, ",", start + 2)
                if (name := parts_of(tokens[first:behind], dialect))
                and name[-1] not in ("$user", '"$user"', "pg_temp", "default")
            )
            return True
        if words[start : start + 1] in (["SCHEMA"], ["CURRENT_SCHEMA"], ["CATALOG"]):
            behind = start + 2 if words[start + 1 : start + 2] == ["="] else start + 1
            _enter(words[start].removeprefix("CURRENT_"), parts_of(tokens[behind:], dialect), dialect, session)
            return True
    if list(words[:3]) == ["ALTER", "SESSION", "SET"] and words[3:4] == ["CURRENT_SCHEMA"]:
        _enter("SCHEMA", parts_of(tokens[5:], dialect), dialect, session)
        return True
    return False


def _use(tokens: Sequence[Token], words: list[str], dialect: Dialect, session: Session) -> None:
    kind = (
        words[0] if words and words[0] in (*_NO_SCHEMA, "SCHEMA", "DATABASE", "CATALOG", "NAMESPACE") and len(words) > 1 else ""
    )
    if kind in _NO_SCHEMA:
        return
    _enter(kind, parts_of(tokens[1 if kind else 0 :], dialect), dialect, session)


def _enter(kind: str, name: Parts, dialect: Dialect, session: Session) -> None:
    """``use schema raw`` after ``use database db`` is db.raw."""
    if not name:
        return
    current = session.search_path[0] if session.search_path else ()
    if kind == "CATALOG" or (kind in ("DATABASE", "") and len(name) == 1 and dialect.name in _CATALOG_FIRST):
        default = dialect.default_schema or "default"
        session.search_path = ((*name, default),)
    elif len(name) == 1 and len(current) > 1:
        session.search_path = ((*current[:-1], *name),)
    else:
        session.search_path = (name,)


def parts_of(tokens: Sequence[Token], dialect: Dialect) -> Parts:
    """The canonical parts of a dotted name: ``db."Raw".t``; a name in quotes of any kind counts."""
    parts: list[str] = []
    sign = ""
    for token in tokens:
        if token.text in ("@", "#"):
            sign += token.text
        elif token.text != ".":
            if parts and not sign and tokens[0] is not token and not _after_dot(tokens, token):
                break
            parts.append(sign + dialect.relation(token.text, quoted=token.token_type is TokenType.IDENTIFIER))
            sign = ""
    return tuple(parts)


def _after_dot(tokens: Sequence[Token], token: Token) -> bool:
    return any(before.text == "." and after is token for before, after in pairwise(tokens))
