"""Snowflake's CREATE SEMANTIC VIEW: which tables, how they are joined, and what is asked of them by which names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Influence, Input, Projection, Reference, Relation, Write
from sqllineage_scan.parse.expressions import uses_of
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError

if TYPE_CHECKING:
    from sqllineage_scan.parse.reader import Reader

RESCUES = ("create semantic view", "create or replace semantic view")

_BEHIND_VALUE = ("WITH", "COMMENT", "LABELS")


def compile_words(reader: Reader) -> Statement:
    """Each fact, dimension and metric is a column; its expression may name those before it.

    tables (o as orders primary key (id), c as customers primary key (id))
    relationships (o (customer_id) references c)
    facts (o.gross as amount * 1.2) dimensions (c.region as region) metrics (o.revenue as sum(o.gross))
    """
    reader.at = reader.words.index("SEMANTIC VIEW") + 1  # one word to the tokenizer
    reader.take("IF NOT EXISTS")
    target, span = reader.name(), reader.span()
    view = _View(reader)
    for clause, read in (("TABLES", view.table), ("RELATIONSHIPS", view.relationship)):
        for item in _items(reader, clause):
            read(item)
    for clause in ("FACTS", "DIMENSIONS", "METRICS"):
        for item in _items(reader, clause):
            view.column(item)
    joined = Influence(Subtype.JOIN, tuple(view.keys))
    relation = Relation(tuple(view.inputs.values()), tuple(view.columns), (joined,) if view.keys else ())
    write = Write(target, reader.scope.add(relation), DatasetKind.VIEW, span=span)
    return Statement(JobKind.CREATE, (write,))


def _items(reader: Reader, clause: str) -> list[Reader]:
    reader.at = 0
    if not reader.seek(clause) or not reader.take(clause):
        return []
    inner = reader.group()
    return inner.items() if inner is not None else []


class _View:
    def __init__(self, reader: Reader) -> None:
        self.scope = reader.scope
        self.inputs: dict[str, Input] = {}
        self.primary: dict[str, tuple[str, ...]] = {}
        self.keys: list[Reference] = []
        self.columns: list[Projection] = []
        self.named: dict[tuple[str, str], exp.Expr] = {}

    def table(self, item: Reader) -> None:
        """``o as sales.orders primary key (id) comment = 'x'``"""
        alias = item.identifier() if item.word(1) == "AS" else ""
        item.take("AS")
        name = item.name()
        alias = alias or self.scope.dialect.column(name.last)
        self.inputs[alias] = Input(alias, name, item.span())
        if item.seek("PRIMARY KEY", "PRIMARY"):
            item.at += 1
            item.take("KEY")
            self.primary[alias] = item.identifiers()

    def relationship(self, item: Reader) -> None:
        """``o (customer_id) references c (id)``; without its columns the primary key of c is meant."""
        if item.word(1) == "AS":
            item.at += 2
        for side in ("", "REFERENCES"):
            if side and not item.take(side):
                return
            alias = item.identifier()
            columns = item.identifiers() or (self.primary.get(alias, ()) if side else ())
            span = item.span()
            self.keys += [Reference(name, (alias,), (), Subtype.JOIN, masking=False, span=span) for name in columns]

    def column(self, item: Reader) -> None:
        """``private o.gross as amount * 1.2 with synonyms ('total')``: a bare name in it is a column of o."""
        item.take("PRIVATE", "PUBLIC")
        owner = item.identifier() if item.word(1) == "." else ""
        item.take(".")
        name = item.identifier()
        if not item.take("AS"):
            raise UnsupportedSyntaxError("a semantic view of this form")
        value = item.until(*_BEHIND_VALUE)
        tree = value.parse(exp.Expr, value.tokens)
        tree = tree.transform(lambda node: self._meant(node, owner, name))
        self.named[owner, name] = tree
        text, span = self.scope.text.written(value.tokens[0].start, value.tokens[-1].end + 1), value.span()
        self.columns.append(Projection(name, uses_of(tree, self.scope), text, span))

    def _meant(self, node: exp.Expr, owner: str, own: str) -> exp.Expr:
        if not isinstance(node, exp.Column) or not isinstance(node.this, exp.Identifier):
            return node
        table = self.scope.alias_name(node.args.get("table")) if node.table else owner
        column = self.scope.alias_name(node.this)
        known = self.named.get((table, column)) or self.named.get(("", column))
        if known is not None and column != own:
            return exp.Paren(this=known.copy())
        if table and not node.table:
            node.set("table", exp.to_identifier(table))
        return node
