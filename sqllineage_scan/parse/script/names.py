"""How variables are written: ``v``, ``@v``, ``$v``, ``:v``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot.tokens import TokenType

from sqllineage_scan.parse.words import STRINGS, words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlglot.tokens import Token

    from sqllineage_scan.dialects import Dialect
    from sqllineage_scan.parse.split import Piece


def mentioned(tokens: Sequence[Token], dialect: Dialect, known: Collection[str]) -> list[str]:
    """The variables of ``known`` that a stretch of SQL mentions, each once, in the order of their first mention."""
    if not known:
        return []
    found: dict[str, None] = {}
    for index, token in enumerate(tokens):
        if token.token_type in STRINGS:
            if not token.text or f"${token.text.lower()}" not in known:
                continue
            name = f"${token.text.lower()}"  # DuckDB: getvariable('v')
        else:
            name = variable_name(tokens, index, dialect)
        if name in known:
            found.setdefault(name)
    return list(found)


def variable_name(tokens: Sequence[Token], index: int, dialect: Dialect) -> str:
    """What a variable at ``index`` would be called: ``@v`` and ``$v`` keep their sign, ``:v`` is ``v``.

    T-SQL    select @v       the name of ``@v``, at its ``v``
    """
    token = tokens[index]
    name = dialect.column(token.text, quoted=token.token_type is TokenType.IDENTIFIER)
    before = tokens[index - 1] if index else None
    if before is not None and before.end + 1 == token.start and before.text in ("@", "$"):
        return f"{before.text}{name}"
    return name


def plain_assignments(piece: Piece) -> Piece:
    """T-SQL: ``set @x += e`` is ``set @x = @x + e``."""
    tokens, fresh = list(piece.tokens), []
    words = words_of(tokens)
    for at, token in enumerate(tokens):
        compound = words[at] in _OPERATORS and words[at + 1 : at + 2] == ["="] and tokens[at + 1].start == token.end + 1
        if compound and at > 1 and words[at - 2] == "@":
            fresh += [tokens[at + 1], *tokens[at - 2 : at], token]
        elif not (fresh and words[at] == "=" and at and words[at - 1] in _OPERATORS and tokens[at - 1].end + 1 == token.start):
            fresh.append(token)
    return piece if len(fresh) == len(tokens) else piece._replace(tokens=fresh)


_OPERATORS = frozenset("+-*/%&|^")


def _behind_dot(tokens: Sequence[Token], index: int) -> bool:
    return index > 0 and tokens[index - 1].text == "."


def without_owner(piece: Piece, routine: Sequence[str], variables: Collection[str], dialect: Dialect) -> Piece:
    """Inside ``create function recent(n int) …`` its parameter may be called ``recent.n``."""
    if not routine or not variables:
        return piece
    tokens = piece.tokens
    gone: set[int] = set()
    for index, token in enumerate(tokens[:-2]):
        owns = token.text.lower() == routine[-1].lower() and tokens[index + 1].text == "."
        if owns and dialect.column(tokens[index + 2].text) in variables and not _behind_dot(tokens, index):
            gone |= {index, index + 1}
    return piece if not gone else piece._replace(tokens=[token for at, token in enumerate(tokens) if at not in gone])
