"""What is left of a statement that sqlglot cannot read, once sqlfluff has told its clauses apart.

sqlfluff's trees have no meaning that we could compile, but they say where things stand. So each clause is shown to sqlglot
alone, the innermost first, and what it cannot read there is reduced to the columns that it mentions:

    select with(x as a + 1, x * 2) as y, b from t limit 5 rows      b is read as ever
           ^^^^^^^^^^^^^^^^^^^^^^^^ a || x as y       ^^^^^^^^^^^^ left out
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlglot import exp
from sqlglot.errors import ErrorLevel
from sqlglot.tokens import Token, TokenType

from sqllineage_scan.parse.aside import set_aside
from sqllineage_scan.parse.grammar import dialect_parser, tokenizer
from sqllineage_scan.parse.spelling import respelled
from sqllineage_scan.parse.token_edits import made
from sqllineage_scan.parse.words import find_at_top, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlfluff.core.parser import BaseSegment

    from sqllineage_scan.parse.text import StatementText

_LONGEST = 10_000  # characters of a statement; sqlfluff takes up to half a second for a thousand
_SHOWN = 60  # characters of a part in a message

_NAMES = {"spark": "sparksql", "spark2": "sparksql", "fabric": "tsql", "": "ansi"}
_QUERIES = ("select_statement", "set_expression", "with_compound_statement")
_REFERENCES = ("table_reference", "object_reference")
_FROM_ITEM = "from_expression_element"
_ITEM = "select_clause_element"
_CONDITIONS = ("where_clause", "having_clause", "qualify_clause", "join_on_condition")
_LISTS = ("groupby_clause", "orderby_clause")
# By the type of what can be shown to sqlglot alone: the words that make a statement of it.
_BEFORE = {
    **dict.fromkeys(_QUERIES, ""),
    _ITEM: "select",
    _FROM_ITEM: "select 1 from",
    **dict.fromkeys((*_CONDITIONS, *_LISTS), "select 1 from x"),
    "join_on_condition": "select 1 from x join y",
}
# Words of a part that sqlfluff cannot read either: with one of them, it is more than a slip
_MEANING = frozenset(
    "SELECT FROM JOIN INTO WITH UNION EXCEPT INTERSECT INSERT UPDATE DELETE MERGE USING TABLE VALUES SET AS ,".split()
)


@dataclass(slots=True)
class Patience:
    """How many characters of one file sqlfluff is still asked about: a dump of another dialect would cost minutes."""

    left: int = 40_000


_RESERVED = ("SELECT", "FROM", "WHERE", "JOIN", "ON", "UNION")  # no word of an expression


class Mended(NamedTuple):
    """``tokens`` for sqlglot; ``places`` of what is less than was written; ``broken``: sqlfluff cannot read all of it either."""

    tokens: list[Token]
    places: tuple[tuple[int, int], ...]
    broken: bool

    def reduced(self, text: StatementText) -> list[str]:
        """What is less than was written, as written."""
        written = (text.written(*place) for place in self.places)
        return [part if len(part) <= _SHOWN else f"{part[: _SHOWN - 2]} …" for part in written]


class _UnreadableError(Exception):
    """Nothing here can make it simpler without changing what it says."""


def mended(tokens: Sequence[Token], sql: str, dialect: str, patience: Patience) -> Mended | None:
    """The statement as sqlglot can read it; None where it can already, and where sqlfluff is no help."""
    first, last = tokens[0].start, tokens[-1].end + 1
    mender = _Mender(tokens, sql, dialect)
    if last - first > min(_LONGEST, patience.left) or mender.reads(list(tokens)):
        return None
    patience.left -= last - first
    tree = _tree(sql[first:last] + "\n", dialect)
    if tree is None:
        return None
    try:
        found = mender.statement(tree)
    except _UnreadableError:
        return None
    return Mended(found, tuple(sorted(mender.reduced)), next(tree.recursive_crawl("unparsable"), None) is not None)


def _tree(sql: str, dialect: str) -> BaseSegment | None:
    """sqlfluff takes a second to import, so it is imported when something has failed, and not before."""
    lexer, parser, problem = _sqlfluff(_NAMES.get(dialect, dialect))
    if parser is None:
        return None
    try:
        segments, _ = lexer.lex(sql)
        tree: BaseSegment | None = parser.parse(segments)
    except problem:  # a parenthesis that never closes
        return None
    return tree


@cache
def _sqlfluff(dialect: str) -> tuple[Any, Any, type[Exception]]:
    from sqlfluff.core import FluffConfig, SQLBaseError
    from sqlfluff.core.parser import Lexer, Parser

    try:
        config = FluffConfig(overrides={"dialect": dialect})
    except KeyError:  # a dialect that it does not have
        return None, None, SQLBaseError
    return Lexer(config=config), Parser(config=config), SQLBaseError


class _Mender:
    def __init__(self, tokens: Sequence[Token], sql: str, dialect: str) -> None:
        self.tokens = tokens
        self.starts = [token.start for token in tokens]
        self.offset = tokens[0].start
        self.sql = sql
        self.dialect = dialect
        self.reduced: list[tuple[int, int]] = []

    def statement(self, tree: BaseSegment) -> list[Token]:
        """All of it; or, where what stands around the query is the trouble, its target and the query."""
        found = self._mend(tree)
        if self.reads(found):
            return found
        statements = list(tree.recursive_crawl("statement"))
        if len(statements) != 1 or not statements[0].segments:
            raise _UnreadableError
        body = statements[0].segments[0]
        return self._without_clauses(body, found) or self._target_and_query(body)

    # Tokens of a segment

    def _own(self, segment: BaseSegment) -> list[Token]:
        """As written."""
        assert segment.pos_marker is not None  # every segment of a parsed text has its place
        place = segment.pos_marker.source_slice
        first = bisect_left(self.starts, place.start + self.offset)
        return list(self.tokens[first : bisect_left(self.starts, place.stop + self.offset)])

    def _mend(self, segment: BaseSegment) -> list[Token]:
        """As sqlglot can read it."""
        kind = segment.get_type()
        if kind == "unparsable":
            return self._left_out(segment)
        before = _BEFORE.get(kind)
        own = self._own(segment)
        if not segment.segments or (before is not None and self.reads(own, before)):
            return own
        found = [token for part in segment.segments for token in self._mend(part)]
        if before is None or self.reads(found, before):
            return found
        return self._reduced(segment, kind, found)

    def reads(self, tokens: list[Token], before: str = "") -> bool:
        """Whether sqlglot has a tree for it, behind the words that make it a statement."""
        words = [*_words(before, self.dialect), *tokens]
        if not words:
            return False
        try:
            spelled = set_aside(respelled(words, self.sql, self.dialect), self.dialect).tokens
            trees = dialect_parser(self.dialect).parser(error_level=ErrorLevel.IMMEDIATE).parse(list(spelled), self.sql)
        except Exception:  # noqa: BLE001 -- of some broken texts the parser says so with a TypeError
            return False
        return len(trees) == 1 and trees[0] is not None and not isinstance(trees[0], exp.Command)

    # What is less than was written

    def _left_out(self, segment: BaseSegment) -> list[Token]:
        own = self._own(segment)
        if any(token.text.upper() in _MEANING for token in own):
            raise _UnreadableError
        return self._note(own, [])

    def _reduced(self, segment: BaseSegment, kind: str, found: list[Token]) -> list[Token]:
        own = self._own(segment)
        if kind in _QUERIES:
            simpler = self._without_clauses(segment, found)
            if simpler is None:
                raise _UnreadableError
            return simpler
        if kind == _FROM_ITEM:
            return self._note(own, self._table(segment))
        if find_at_top(words_of(own), _RESERVED, 1 if kind != _ITEM else 0) >= 0:  # select select a: a slip of the pen
            raise _UnreadableError
        own_names = {part.raw.lower() for part in _bare_names(segment)}
        columns = [self._mend_operand(part) for part in _operands(segment) if part.raw.lower() not in own_names]
        if kind == _ITEM:
            alias = next((part for part in segment.segments if part.is_type("alias_expression")), None)
            named = self._own(alias)[-1:] if alias is not None else []
            value = self._value(segment, columns, own[0])
            return self._note(own, [*value, *(made(TokenType.ALIAS, "as", own[0]) for _ in named), *named])
        if kind in _CONDITIONS and columns:
            return self._note(own, [own[0], *_joined(columns, "||", own[0])])
        if kind in _LISTS and columns:
            return self._note(own, [*own[: _keywords(own)], *_joined(columns, ",", own[0])])
        return self._note(own, [])

    def _without_clauses(self, segment: BaseSegment, found: list[Token]) -> list[Token] | None:
        """Without clauses that mention no column and no table, from the last on: they say how the work is done, or how many
        rows are wanted; ``delete from t … option (maxdop 1)``, ``top (5) … offset 0 rows``.
        """
        before = len(self.reduced)
        for clause in reversed(list(_clauses(segment))):
            own = self._own(clause)
            if own and next(clause.recursive_crawl("column_reference", *_REFERENCES, *_QUERIES), None) is None:
                found = [token for token in found if not own[0].start <= token.start <= own[-1].start]
                self._note(own, [])
                if self.reads(found):
                    return found
        del self.reduced[before:]
        return None

    def _value(self, segment: BaseSegment, columns: list[list[Token]], like: Token) -> list[Token]:
        """Something made of ``columns``: ``a || ''``; of many rows, where the only function known to do so is called."""
        value = [*_joined([*columns, [made(TokenType.STRING, "", like)]], "||", like)]
        calls = [self._own(name)[-1].text.upper() for name in segment.recursive_crawl("function_name") if self._own(name)]
        windows = next(segment.recursive_crawl("over_clause"), None)
        if windows is None and any(issubclass(exp.FUNCTION_BY_NAME.get(name, exp.Expr), exp.AggFunc) for name in calls):
            return [
                made(TokenType.VAR, "max", like),
                made(TokenType.L_PAREN, "(", like),
                *value,
                made(TokenType.R_PAREN, ")", like),
            ]
        return value

    def _note(self, own: list[Token], found: list[Token]) -> list[Token]:
        if own:
            self.reduced.append((own[0].start, own[-1].end + 1))
        return found

    def _mend_operand(self, segment: BaseSegment) -> list[Token]:
        found = self._mend(segment)
        if not segment.is_type(*_QUERIES):
            return found
        return [made(TokenType.L_PAREN, "(", found[0]), *found, made(TokenType.R_PAREN, ")", found[-1])]

    def _table(self, segment: BaseSegment) -> list[Token]:
        """``t as x``, without hints and samples; a function that has a syntax of its own as one that is made of its arguments."""
        if next(segment.recursive_crawl(*_QUERIES), None) is not None:
            raise _UnreadableError
        alias = next((part for part in segment.segments if part.is_type("alias_expression")), None)
        named = self._own(alias) if alias is not None else []
        table = next(segment.recursive_crawl("table_reference"), None)
        if table is not None:
            return [*self._own(table), *named]
        function = next(segment.recursive_crawl("function_name"), None)
        if function is None:
            raise _UnreadableError
        like = self._own(function)[0]
        arguments = _joined([self._own(part) for part in _operands(segment)], ",", like)
        return [
            made(TokenType.VAR, "rows_of", like),
            made(TokenType.L_PAREN, "(", like),
            *arguments,
            made(TokenType.R_PAREN, ")", like),
            *named,
        ]

    # Statements

    def _target_and_query(self, body: BaseSegment) -> list[Token]:
        """``replace table t engine = memory as select …``, ``insert into t overriding … (a) select …``"""
        queries = list(body.recursive_crawl(*_QUERIES, recurse_into=False))
        if len(queries) != 1:
            raise _UnreadableError
        query = self._mend(queries[0])
        words = _words(self._verb(body, queries[0]), self.dialect)
        target, columns = self._target(body, query[0].start)
        head = self._own(body)
        self._note(head[: bisect_left([token.start for token in head], query[0].start)], [])
        between = (made(TokenType.ALIAS, "as", query[0]),) if words[0].text == "create" else ()
        found = [*words, *target, *columns, *between, *query]
        if not self.reads(found):
            raise _UnreadableError
        return found

    def _verb(self, body: BaseSegment, query: BaseSegment) -> str:
        kind = body.get_type()
        if kind == "insert_statement":
            return "insert into"
        before = [token.text.upper() for token in self._own(body) if token.start < self._own(query)[0].start]
        while before and before[-1] == "(":
            before.pop()
        if not kind.startswith("create_") or not before or before[-1] not in ("AS", "FROM"):
            raise _UnreadableError
        return "create view" if "VIEW" in before else "create table"

    def _target(self, body: BaseSegment, end: int) -> tuple[list[Token], list[Token]]:
        """The first name, and the columns in parentheses right behind it."""
        parts = list(body.segments)
        for index, part in enumerate(parts):
            own = self._own(part)
            if not part.get_type().endswith("_reference") or not own or own[0].start > end:
                continue
            behind = next((after for after in parts[index + 1 :] if self._own(after)), None)
            names = list(behind.recursive_crawl("column_reference")) if behind is not None and behind.is_type("bracketed") else []
            listed = _joined([self._own(name)[-1:] for name in names], ",", own[0])
            opened, closed = made(TokenType.L_PAREN, "(", own[0]), made(TokenType.R_PAREN, ")", own[0])
            return own, [opened, *listed, closed] if listed else []
        raise _UnreadableError


def _clauses(segment: BaseSegment) -> Iterator[BaseSegment]:
    """All that may be left out, the outer ones first."""
    for part in segment.segments:
        if part.get_type().endswith(("_clause", "_modifier")) and not part.is_type("values_clause", "select_clause"):
            yield part
        yield from _clauses(part)


def _operands(segment: BaseSegment) -> Iterator[BaseSegment]:
    """The columns and the queries that an expression mentions, not those inside its queries."""
    for part in segment.segments:
        if part.is_type("column_reference", *_QUERIES):
            yield part
        elif not part.is_type("alias_expression"):
            yield from _operands(part)


def _bare_names(segment: BaseSegment) -> Iterator[BaseSegment]:
    """Names that are no column's, so that an expression introduces them itself: x in ``with(x as a + 1, x * 2)``."""
    for part in segment.segments:
        if part.is_type("identifier"):
            yield part
        elif not part.get_type().endswith("_reference") and not part.is_type("alias_expression", *_QUERIES):
            yield from _bare_names(part)


def _keywords(tokens: list[Token]) -> int:
    """``group by`` is one word to some tokenizers and two to others."""
    return 1 if tokens[0].text.upper().endswith("BY") else 2


def _joined(parts: list[list[Token]], sign: str, like: Token) -> list[Token]:
    kind = TokenType.COMMA if sign == "," else TokenType.DPIPE
    found: list[Token] = []
    for number, part in enumerate(parts):
        found += [*([made(kind, sign, like)] if number else []), *part]
    return found


def _words(text: str, dialect: str) -> list[Token]:
    return list(tokenizer(dialect).tokenize(text))
