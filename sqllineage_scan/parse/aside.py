"""Clauses that sqlglot cannot read, taken out of a statement's tokens before it is parsed.

Those that say where values go are kept beside the tree (T-SQL's OUTPUT); the rest only says how the work is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlglot.tokens import Token, TokenType

from sqllineage_scan.parse.words import behind_group, behind_name, find_at_top, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LONGEST_HEAD = 1000
_VERBS = ("INSERT", "UPDATE", "DELETE", "MERGE")
_MYSQL = frozenset({"mysql", "singlestore", "doris", "starrocks"})
TRANSACT = frozenset({"tsql", "fabric"})  # whose IF has no THEN, and whose statements need no semicolon
_SPARK = frozenset({"spark", "spark2", "hive", "databricks"})
_QUERY = ("SELECT", "VALUES", "TABLE", "FROM", "WITH", "(")
# OUTPUT goes on up to one of these
_BEHIND_OUTPUT = ("INTO", "VALUES", "SELECT", "FROM", "WHERE", "EXEC", "EXECUTE", "DEFAULT", "OPTION", "WITH", ";")


class Output(NamedTuple):
    """``output inserted.id, deleted.a into log (id, old)``: the tokens of its three parts."""

    items: tuple[Token, ...]
    into: tuple[Token, ...] = ()
    columns: tuple[Token, ...] = ()


class Cut(NamedTuple):
    """What is left for the parser, and what was kept."""

    tokens: Sequence[Token]
    output: Output | None = None


def set_aside(tokens: Sequence[Token], dialect: str) -> Cut:
    """The tokens of an INSERT, UPDATE, DELETE or MERGE without the clauses that the parser stumbles over."""
    first = tokens[0].text.upper() if tokens else ""
    rule = _RULES.get(dialect)
    if rule is None or first not in (*_VERBS, "WITH"):
        return Cut(tokens)
    head = _head(tokens) if first == "INSERT" else len(tokens)
    cutter = _Cutter(tokens[:head])
    if cutter.verb < 0:
        return Cut(tokens)
    rule(cutter)
    return Cut([*cutter.tokens, *tokens[head:]], cutter.output)


def _head(tokens: Sequence[Token]) -> int:
    """Before the rows of a VALUES list, which may be many and hold no clause."""
    found = (index for index in range(min(len(tokens), _LONGEST_HEAD)) if tokens[index].token_type is TokenType.VALUES)
    at = next(found, -1)
    return at if at >= 0 and len(tokens) > _LONGEST_HEAD else len(tokens)


class _Cutter:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = list(tokens)
        self.words = words_of(tokens)
        self.verb = find_at_top(self.words, _VERBS)
        self.output: Output | None = None

    def drop(self, first: int, behind: int) -> None:
        del self.tokens[first:behind]
        del self.words[first:behind]

    def put(self, at: int, *written: tuple[TokenType, str]) -> None:
        """Words of our own, standing where the next one stands."""
        place = self.tokens[min(at, len(self.tokens) - 1)]
        fresh = [Token(kind, text, place.line, place.col, place.start, place.end, []) for kind, text in written]
        self.tokens[at:at] = fresh
        self.words[at:at] = words_of(fresh)

    def modifiers(self, *words: str) -> None:
        """Words between the verb and what it is done to: ``insert low_priority into``, ``update ignore t``."""
        at = self.verb + 1
        while at + 1 < len(self.words) and self.words[at] in words and self.words[at + 1] not in ("SET", ".", "WHERE"):
            self.drop(at, at + 1)

    def phrase(self, text: str, *, group: bool = False) -> None:
        """A phrase anywhere at the top: ``overriding system value``; with the parentheses behind it, where it has such."""
        wanted = text.split()
        at = find_at_top(self.words, wanted[:1], self.verb)
        if at >= 0 and self.words[at : at + len(wanted)] == wanted:
            behind = at + len(wanted)
            self.drop(at, behind_group(self.words, behind) if group else behind)

    def top(self) -> None:
        """``delete top (10) percent from t``."""
        at = self.verb + 1
        if at < len(self.words) and self.words[at] == "TOP":
            behind = max(behind_group(self.words, at + 1), at + 2)
            self.drop(at, behind + (self.words[behind : behind + 1] == ["PERCENT"]))

    def hints(self) -> None:
        """``insert into t with (tablock) (a, b) select …``, ``merge t with (holdlock) x using …``"""
        at = behind_name(self.words, self.verb + 1 + (self.words[self.verb + 1 : self.verb + 2] == ["INTO"]))
        if self.words[at : at + 2] == ["WITH", "("]:
            self.drop(at, behind_group(self.words, at + 1))

    def option(self) -> None:
        """``update t set a = 1 option (recompile)``: how it is done, at the end."""
        at = find_at_top(self.words, ("OPTION",), self.verb + 1)
        if at >= 0 and self.words[at + 1 : at + 2] == ["("] and behind_group(self.words, at + 1) == len(self.words):
            self.drop(at, len(self.words))

    def take_output(self) -> None:
        """``output inserted.id into log (id)``; what it shows and where that goes is compiled beside the statement."""
        at = find_at_top(self.words, ("OUTPUT",), self.verb)
        if at < 0:
            return
        behind = find_at_top(self.words, _BEHIND_OUTPUT, at + 1)
        behind = len(self.words) if behind < 0 else behind
        items = tuple(self.tokens[at + 1 : behind])
        into: tuple[Token, ...] = ()
        columns: tuple[Token, ...] = ()
        if behind < len(self.words) and self.words[behind] == "INTO":
            named = behind_name(self.words, behind + 1)
            into = tuple(self.tokens[behind + 1 : named])
            behind = behind_group(self.words, named)
            columns = tuple(self.tokens[named:behind])
        self.drop(at, behind)
        self.output = Output(items, into, columns)

    def compound_assignments(self) -> None:
        """``set a += b`` is ``set a = a + b``; ``set @x = a = b`` is, for the table, ``set a = b``."""
        for at in range(len(self.words) - 2, self.verb, -1):
            if self.words[at + 1] == "=" and self.words[at] in ("+", "-", "*", "/", "%", "&", "|", "^"):
                operator = self.tokens[at]
                start = max(index for index in range(at) if self.words[index] in ("SET", ",")) + 1
                column = self.tokens[start:at]
                self.drop(at, at + 1)
                self.tokens[at + 1 : at + 1] = [*column, operator]
                self.words[at + 1 : at + 1] = words_of([*column, operator])
            elif self.words[at : at + 1] == ["@"] and self.words[at + 2 : at + 3] == ["="] and self.words[at - 1] in ("SET", ","):
                column_end = behind_name(self.words, at + 3)
                if self.words[column_end : column_end + 1] == ["="]:
                    self.drop(at, at + 3)

    def merge_deletes(self) -> None:
        """Oracle's ``when matched then update … delete where c`` is a branch more: ``when matched and c then delete``."""
        at = find_at_top(self.words, ("DELETE",), self.verb + 1)
        while at >= 0:
            if self.words[at + 1 : at + 2] == ["WHERE"]:
                end = find_at_top(self.words, ("WHEN",), at + 2)
                end = len(self.words) if end < 0 else end
                self.put(end, (TokenType.THEN, "then"), (TokenType.DELETE, "delete"))
                self.drop(at, at + 2)
                self.put(at, (TokenType.WHEN, "when"), (TokenType.VAR, "matched"), (TokenType.AND, "and"))
                at = end + 2
            at = find_at_top(self.words, ("DELETE",), at + 1)

    def target_alias(self) -> None:
        """``insert into t d (d.id, d.b) select …``"""
        at = behind_name(self.words, self.verb + 1 + (self.words[self.verb + 1 : self.verb + 2] == ["INTO"]))
        alias = self.words[at : at + 1]
        if self.words[at + 1 : at + 2] != ["("] or alias in (["VALUES"], ["SELECT"], ["PARTITION"], ["SUBPARTITION"]):
            return
        self.drop(at, at + 1)
        for index in range(behind_group(self.words, at) - 2, at, -1):
            if self.words[index] == "." and self.words[index - 1 : index] == alias:
                self.drop(index - 1, index + 1)

    def errors(self) -> None:
        """``log errors into err$_t reject limit unlimited``."""
        at = find_at_top(self.words, ("LOG",), self.verb)
        if at >= 0 and self.words[at + 1 : at + 2] == ["ERRORS"]:
            self.drop(at, len(self.words))


def _mysql(cut: _Cutter) -> None:
    cut.modifiers("LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "QUICK", *(("IGNORE",) if cut.words[cut.verb] != "INSERT" else ()))


def _sqlite(cut: _Cutter) -> None:
    if cut.words[cut.verb] == "UPDATE":
        cut.modifiers("OR", "IGNORE", "REPLACE", "ABORT", "FAIL", "ROLLBACK")


def _postgres(cut: _Cutter) -> None:
    if "OVERRIDING" in cut.words:
        cut.phrase("OVERRIDING SYSTEM VALUE")
        cut.phrase("OVERRIDING USER VALUE")


def _redshift(cut: _Cutter) -> None:
    """``merge into t using s on … remove duplicates`` updates what matches and inserts the rest, whole rows."""
    if cut.words[-2:] == ["REMOVE", "DUPLICATES"]:
        end = len(cut.words) - 2
        cut.drop(end, len(cut.words))
        star = (TokenType.STAR, "*")
        branch = ((TokenType.WHEN, "when"), (TokenType.VAR, "matched"), (TokenType.THEN, "then"))
        cut.put(end, *branch, (TokenType.UPDATE, "update"), (TokenType.SET, "set"), star)
        negated = (branch[0], (TokenType.NOT, "not"), *branch[1:])
        cut.put(len(cut.words), *negated, (TokenType.INSERT, "insert"), star)


def _oracle(cut: _Cutter) -> None:
    cut.errors()
    if cut.words[cut.verb] == "INSERT":
        cut.target_alias()
    if cut.words[cut.verb] == "MERGE":
        cut.merge_deletes()


def _spark(cut: _Cutter) -> None:
    if cut.words[cut.verb] == "MERGE":
        cut.phrase("WITH SCHEMA EVOLUTION")
        return
    cut.phrase("IF NOT EXISTS")
    cut.phrase("WITH SCHEMA EVOLUTION")
    at = find_at_top(cut.words, ("REPLACE",), cut.verb)
    if at >= 0 and cut.words[at + 1 : at + 2] == ["ON"]:
        end = find_at_top(cut.words, _QUERY, at + 2)
        cut.drop(at, end if end >= 0 else len(cut.words))


def _duckdb(cut: _Cutter) -> None:
    """BY POSITION is what is done anyway; in MERGE, ``insert by name`` is ``insert *``."""
    if cut.words[cut.verb] == "INSERT":
        cut.phrase("BY POSITION")
        return
    for at in range(len(cut.words) - 2, cut.verb, -1):
        how = cut.words[at + 1 : at + 3]
        if cut.words[at] in ("UPDATE", "INSERT") and how in (["BY", "NAME"], ["BY", "POSITION"]):
            cut.drop(at + 1, at + 3)
            if how == ["BY", "NAME"]:
                set_ = ((TokenType.SET, "set"),) if cut.words[at] == "UPDATE" else ()
                cut.put(at + 1, *set_, (TokenType.STAR, "*"))


def _bigquery(cut: _Cutter) -> None:
    """``insert (a, b) row``: all of the source's columns, as a bare ROW has them."""
    for at in range(len(cut.words) - 1, cut.verb, -1):
        if cut.words[at] == "ROW" and cut.words[at - 1] == ")" and cut.words[at + 1 : at + 2] in ([], ["WHEN"]):
            cut.drop(at, at + 1)


def _tsql(cut: _Cutter) -> None:
    cut.top()
    if any(token.token_type is TokenType.RETURNING for token in cut.tokens):
        cut.take_output()
    verb = cut.words[cut.verb]
    cut.option()
    if verb in ("INSERT", "MERGE"):
        cut.hints()
    if verb in ("UPDATE", "MERGE"):
        cut.compound_assignments()
    elif verb == "DELETE" and cut.words[cut.verb + 1 : cut.verb + 2] == ["FROM"]:
        behind = behind_name(cut.words, cut.verb + 2)
        if cut.words[behind : behind + 1] == ["FROM"]:  # delete from t from t join u …
            cut.drop(cut.verb + 1, cut.verb + 2)


_RULES: dict[str, Callable[[_Cutter], None]] = {
    **dict.fromkeys(_MYSQL, _mysql),
    **dict.fromkeys(TRANSACT, _tsql),
    **dict.fromkeys(_SPARK, _spark),
    "sqlite": _sqlite,
    "postgres": _postgres,
    "redshift": _redshift,
    "oracle": _oracle,
    "duckdb": _duckdb,
    "bigquery": _bigquery,
}
