"""CREATE in words that the parser gives up on: what is created is read up to AS, the query behind it is parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.tokens import Token, TokenType

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Projection, Reference, Relation, SchemaAction, SchemaChange, Write
from sqllineage_scan.parse.aside import set_aside
from sqllineage_scan.parse.column_changes import definitions
from sqllineage_scan.parse.files import load
from sqllineage_scan.parse.moves import moved
from sqllineage_scan.parse.reader import Reader
from sqllineage_scan.parse.registry import led_by, statements, words
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError
from sqllineage_scan.parse.words import find_at_top

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.dataset import Column
    from sqllineage_scan.domain.names import RelationName

RESCUES = ("create",)

_OBJECTS = ("TABLE", "VIEW", "FLOW", "DICTIONARY", "SYNONYM")
_FARTHEST = (
    20  # words that may stand before it: create or replace algorithm = merge definer = root@localhost sql security definer …
)
_QUERY = ("SELECT", "WITH", "FROM", "VALUES", "TABLE", "(")
_BEHIND_QUERY = ("READ", "CHECK", "NO", "LOCAL", "CASCADED", "DATA")


def compile_words(reader: Reader) -> Statement:
    """``create or refresh streaming table t comment 'x' as select …``, ``create snapshot table b clone a``."""
    reader.take("CREATE")
    start = reader.at
    at = next((index for index in range(start, min(len(reader.words), _FARTHEST)) if reader.words[index] in _OBJECTS), -1)
    if at < 0:
        raise UnsupportedSyntaxError("CREATE")
    modifiers = set(reader.words[start:at])
    reader.at = at
    what = reader.take(*_OBJECTS)
    reader.take("IF NOT EXISTS")
    if what == "FLOW":
        return _flow(reader)
    if what == "SYNONYM":
        return _synonym(reader)
    creation = _Creation(reader, _kind(what, modifiers), recursive="RECURSIVE" in modifiers)
    return creation.dictionary() if what == "DICTIONARY" else creation.statement()


def _kind(what: str, modifiers: set[str]) -> DatasetKind:
    if modifiers & {"TEMP", "TEMPORARY"}:
        return DatasetKind.TEMPORARY
    if what == "VIEW":
        return DatasetKind.MATERIALIZED_VIEW if "MATERIALIZED" in modifiers else DatasetKind.VIEW
    return DatasetKind.TABLE


def _synonym(reader: Reader) -> Statement:
    """``create public synonym s for hr.t``: s is read as a view of all of it would be."""
    name = reader.name()
    if not reader.take("FOR"):
        raise UnsupportedSyntaxError("CREATE SYNONYM of this form")
    return Statement(JobKind.CREATE, (moved(reader.table(), name, reader.scope, DatasetKind.VIEW),))


def _flow(reader: Reader) -> Statement:
    """Databricks: ``create flow f as insert into t by name select …`` and ``… as auto cdc into t …``."""
    if not reader.seek("AS"):
        raise UnsupportedSyntaxError("CREATE FLOW without AS")
    reader.take("AS")
    rest = reader.until()
    own = led_by(rest.words[:2], words())
    if own is not None and rest.word() != "INSERT":
        found: Statement = own(rest)
        return found
    tree = rest.parse(tokens=set_aside(rest.tokens, rest.scope.dialect.name).tokens)
    compiled: Statement = statements()[type(tree)](tree, rest.scope)
    return compiled


class _Creation:
    def __init__(self, reader: Reader, kind: DatasetKind, *, recursive: bool) -> None:
        self.reader = reader
        self.kind = kind
        self.recursive = recursive
        start = reader.at
        self.target: RelationName = reader.name()
        self.name = reader.tokens[start : reader.at]
        self.span = Reader(self.name, reader.scope).span()
        if reader.take("ON CLUSTER"):
            reader.at += 1
        self.into = reader.name() if reader.take("TO") else None
        self.listed: tuple[Column, ...] = definitions(reader) if reader.word() == "(" else ()

    def statement(self) -> Statement:
        reader = self.reader
        if find_at_top(reader.words, ("CLONE", "COPY"), reader.at) >= 0:
            copied = self._copied()
            if copied is not None:
                return Statement(JobKind.COPY, (copied,))
        query = self._query()
        if query is None:
            return self._without_query()
        relation = reader.scope.query(query)
        if self.into is not None:
            return Statement(JobKind.CREATE, (Write(self.into, relation, None, by_name=True, span=self.span),))
        names = tuple(column.name for column in self.listed) or None
        no_data = self.kind is DatasetKind.TABLE and reader.words[-3:] == ["WITH", "NO", "DATA"]
        return Statement(JobKind.CREATE, (Write(self.target, relation, self.kind, names, schema_only=no_data, span=self.span),))

    def _copied(self) -> Write | None:
        """``clone a copy grants at (…)``, ``deep clone a version as of 3``; COPY GRANTS alone copies nothing."""
        reader = self.reader
        while reader.seek("CLONE", "COPY"):
            if not reader.take("COPY GRANTS", "COPY TAGS"):
                reader.at += 1
                return moved(reader.table(), self.target, reader.scope, self.kind)
        return None

    def _query(self) -> exp.Expr | None:
        """Behind the first AS (in MySQL also REPLACE or IGNORE) that a query follows."""
        reader = self.reader
        at = reader.at
        while (at := find_at_top(reader.words, ("AS", "REPLACE", "IGNORE"), at)) >= 0:
            if reader.words[at + 1 : at + 2] and reader.words[at + 1] in _QUERY:
                break
            at += 1
        if at < 0:
            return None
        end = self._end(at + 1)
        tokens = reader.tokens[at + 1 : end]
        return reader.parse(tokens=self._recursive(tokens) if self.recursive else tokens)

    def _end(self, start: int) -> int:
        """Before ``with read only``, ``with check option``, ``with no data``."""
        words, at = self.reader.words, start
        while (at := find_at_top(words, ("WITH",), at + 1)) >= 0:
            if words[at + 1 : at + 2] and words[at + 1] in _BEHIND_QUERY and words[at + 2 : at + 3] != ["AS"]:
                return at
        return len(words)

    def _recursive(self, query: Sequence[Token]) -> list[Token]:
        """``create recursive view v (n) as q`` is ``with recursive v (n) as (q) select * from v``."""
        first = query[0]

        def word(kind: TokenType, text: str) -> Token:
            return Token(kind, text, first.line, first.col, first.start, first.start, [])

        name = self.name[-1:]
        columns = [part for column in self.listed for part in (word(TokenType.COMMA, ","), word(TokenType.VAR, column.name))][1:]
        opened, closed = word(TokenType.L_PAREN, "("), word(TokenType.R_PAREN, ")")
        return [
            word(TokenType.WITH, "with"), word(TokenType.RECURSIVE, "recursive"), *name, opened, *columns, closed,
            word(TokenType.ALIAS, "as"), opened, *query, closed,
            word(TokenType.SELECT, "select"), word(TokenType.STAR, "*"), word(TokenType.FROM, "from"), *name,
        ]  # fmt: skip

    def _without_query(self) -> Statement:
        reader = self.reader
        partitions: tuple[Column, ...] = ()
        if reader.seek("PARTITION", "PARTITIONED") and reader.take("PARTITION COLUMNS", "PARTITIONED BY", "PARTITION BY"):
            partitions = definitions(reader) if reader.word() == "(" else ()
        columns = (*self.listed, *partitions)
        changes = (SchemaChange(SchemaAction.CREATE, self.target, self.span, columns, kind=self.kind),) if columns else ()
        paths = self._paths()
        if paths:
            kind = None if changes else self.kind
            return Statement(JobKind.CREATE, (load(paths, self.target, self.span, reader.scope, kind=kind),), changes)
        return Statement(JobKind.CREATE, () if changes else (Write(self.target, None, self.kind, span=self.span),), changes)

    def _paths(self) -> list[str]:
        reader = self.reader
        if reader.seek("OPTIONS") and reader.take("OPTIONS"):
            options = reader.group()
            items = options.items() if options is not None else []
            return [path for item in items if item.word() in ("URIS", "URI", "PATH") for path in item.strings()]
        if reader.seek("LOCATION") and reader.take("LOCATION"):
            reader.take("=")
            path = reader.string()
            return [path] if path is not None else []
        return []

    def dictionary(self) -> Statement:
        """ClickHouse: ``create dictionary d (id UInt64, name String) … source (clickhouse (table 'src'))``, by name."""
        reader = self.reader
        change = SchemaChange(SchemaAction.CREATE, self.target, self.span, self.listed)
        source = reader.group() if reader.seek("SOURCE") and reader.take("SOURCE") else None
        database = name = ""
        while source is not None and not source.done:
            word = source.word()
            source.at += 1
            if word in ("TABLE", "DB"):
                text = source.string() or ""
                database, name = (text, name) if word == "DB" else (database, text)
            elif word and source.word() == "(":
                source = source.group()
        if not name:
            return Statement(JobKind.CREATE, changes=(change,))
        table = exp.to_table(f"{database}.{name}" if database else name)
        items = tuple(
            Projection(
                column.name, (Reference(column.name, (), (), Subtype.IDENTITY, masking=False, span=self.span),), "", self.span
            )
            for column in self.listed
        )
        index = reader.scope.add(Relation(inputs=tuple(reader.scope.from_item(table).inputs), projections=items))
        names = tuple(column.name for column in self.listed)
        return Statement(JobKind.CREATE, (Write(self.target, index, None, names, span=self.span),), (change,))
