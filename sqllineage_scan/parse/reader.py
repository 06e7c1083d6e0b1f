"""A statement read word by word, where no syntax tree is to be had: its parts that are SQL again go back to the parser.

copy into t from (select $1:v from @st/path) file_format = (type = json)
          ^       ^^^^^^^^^^^^^^^^^^^^^^^^^ a query
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.errors import ErrorLevel
from sqlglot.tokens import TokenType

from sqllineage_scan.parse.grammar import dialect_parser, tokenizer
from sqllineage_scan.parse.names import relation_name
from sqllineage_scan.parse.scope import UnsupportedSyntaxError
from sqllineage_scan.parse.spelling import respelled
from sqllineage_scan.parse.text import StatementText
from sqllineage_scan.parse.words import STRINGS, behind_group, find_at_top, split_at_top, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot.tokens import Token

    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.parse.scope import Scope


class Reader:
    """A stretch of tokens and a place among them."""

    def __init__(self, tokens: Sequence[Token], scope: Scope) -> None:
        self.tokens = tokens
        self.scope = scope
        self.at = 0

    @cached_property
    def words(self) -> list[str]:
        """Every token in upper case, ``""`` for what stands in quotes."""
        return words_of(self.tokens)

    @property
    def done(self) -> bool:
        return self.at >= len(self.tokens)

    def word(self, ahead: int = 0) -> str:
        """The word at the place, in upper case; ``""`` behind the end and for anything in quotes."""
        return self.words[self.at + ahead] if self.at + ahead < len(self.words) else ""

    def sees(self, phrase: str) -> bool:
        """Whether the words of ``phrase`` come next."""
        wanted = phrase.split()
        return self.words[self.at : self.at + len(wanted)] == wanted

    def take(self, *phrases: str) -> str:
        """Step over the first of ``phrases`` that comes next; ``""`` when none does."""
        for phrase in phrases:
            if self.sees(phrase):
                self.at += len(phrase.split())
                return phrase
        return ""

    def seek(self, *words: str) -> bool:
        """Go to the first of ``words`` outside parentheses; stay where there is none."""
        found = find_at_top(self.words, words, self.at)
        self.at = found if found >= 0 else self.at
        return found >= 0

    def until(self, *words: str) -> Reader:
        """The stretch up to the first of ``words`` outside parentheses, or to the end; the place is behind it."""
        found = find_at_top(self.words, words, self.at) if words else -1
        return self.slice(self.at, found if found >= 0 else len(self.tokens))

    def slice(self, first: int, behind: int) -> Reader:
        """A stretch as a reader of its own; the place is behind it."""
        self.at = behind
        return Reader(self.tokens[first:behind], self.scope)

    def group(self) -> Reader | None:
        """What the parentheses that open here hold; None where none open."""
        behind = behind_group(self.words, self.at)
        if behind == self.at:
            return None
        inner = Reader(self.tokens[self.at + 1 : behind - 1], self.scope)
        self.at = behind
        return inner

    def items(self) -> list[Reader]:
        """The stretches between commas, of all that is left."""
        found = [self.slice(*part) for part in split_at_top(self.words, ",", self.at)]
        self.at = len(self.tokens)
        return found

    def string(self) -> str | None:
        """The text of the string literal that comes next."""
        if self.done or self.tokens[self.at].token_type not in STRINGS:
            return None
        self.at += 1
        return self.tokens[self.at - 1].text

    def strings(self) -> list[str]:
        """All string literals of the stretch."""
        return [token.text for token in self.tokens[self.at :] if token.token_type in STRINGS]

    def identifier(self) -> str:
        """The next word as a column's name."""
        if self.done:
            raise UnsupportedSyntaxError("an incomplete statement")
        token = self.tokens[self.at]
        self.at += 1
        return self.scope.dialect.column(token.text, quoted=token.token_type is TokenType.IDENTIFIER)

    def identifiers(self) -> tuple[str, ...]:
        """``(a, b)``: the first word of each item."""
        inner = self.group()
        return tuple(item.identifier() for item in inner.items()) if inner is not None else ()

    def table(self) -> exp.Table:
        """The dotted name that comes next, as the parser sees it."""
        start = self.at
        self.at = _behind_name(self.words, self.at)
        found = self.parse(exp.Table, self.tokens[start : self.at])
        if not isinstance(found, exp.Table):
            raise UnsupportedSyntaxError("something other than a table's name")
        return found

    def name(self) -> RelationName:
        """The relation that the dotted name that comes next means."""
        return relation_name(self.table(), self.scope)

    def parse(self, into: type[exp.Expr] | None = None, tokens: Sequence[Token] | None = None) -> exp.Expr:
        """The stretch from here on as a syntax tree, of kind ``into``."""
        parser = dialect_parser(self.scope.dialect.name).parser(error_level=ErrorLevel.IMMEDIATE)
        sql = self.scope.text.sql
        wanted = respelled(self.tokens[self.at :] if tokens is None else tokens, sql, self.scope.dialect.name)
        if tokens is None:
            self.at = len(self.tokens)
        trees = parser.parse(wanted, sql) if into is None else parser.parse_into(into, wanted, sql)
        tree = next((tree for tree in trees if tree is not None), None)
        if tree is None:
            raise UnsupportedSyntaxError("an incomplete statement")
        return tree

    def span(self) -> Span:
        """Where the stretch stands."""
        if not self.tokens:
            return self.scope.text.whole()
        return self.scope.text.span(self.tokens[0].start, self.tokens[-1].end + 1)


def quoted_statement(scope: Scope, token: Token) -> Scope:
    """The scope of SQL that stands inside a string: ``unload ('select * from t where a = ''x''') to …``. Doubled quotes inside
    become a quote and a space, so that every word keeps its place.
    """
    sql = scope.text.sql
    raw = sql[token.start : token.end + 1]
    opening = raw.index("$", 1) + 1 if raw.startswith("$") else raw.index("'") + 1
    start = token.start + opening
    inner = sql[start : token.end + 1 - (opening if raw.startswith("$") else 1)]
    if not raw.startswith("$"):
        inner = _without_doubles(inner)
    text = scope.text
    tokens = tokenizer(scope.dialect.name).tokenize(inner)
    own = StatementText(inner, text.offset + start, tokens, text.source_map, text.names, text.holes)
    return replace(scope, text=own)


def _without_doubles(inner: str) -> str:
    pieces: list[str] = []
    inside = False
    index = 0
    while index < len(inner):
        pair = inner[index : index + 2]
        if pair in ("''", "\\'"):
            pieces.append("' " if inside else " '")
            inside = not inside
            index += 2
        else:
            pieces.append(inner[index])
            index += 1
    return "".join(pieces)


def _behind_name(words: Sequence[str], start: int) -> int:
    """Behind ``db.raw.orders``, ``db..orders`` and ``#t``."""
    index = start + (1 if start < len(words) and words[start] in ("#", "@") else 0) + 1
    while index < len(words) and words[index] == ".":
        index += 2 if index + 1 < len(words) and words[index + 1] != "." else 1
    return min(index, len(words))
