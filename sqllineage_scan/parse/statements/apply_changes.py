"""Databricks' APPLY CHANGES INTO and AUTO CDC INTO: a table kept in step with a stream of changes."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.tokens import Token, TokenType

from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Influence, Projection, Reference, Relation, Star, Write
from sqllineage_scan.parse.expressions import influence
from sqllineage_scan.parse.reader import Reader
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError

WORDS = ("apply changes", "auto cdc")

_CLAUSES = ("KEYS", "IGNORE", "APPLY", "SEQUENCE", "COLUMNS", "STORED", "TRACK")


def compile_words(reader: Reader) -> Statement:
    """``apply changes into t from stream(s) keys (id) sequence by ts columns * except (op)``: the columns of s; a key says which
    row changes (JOIN), the sequence which change is the last (SORT), and ``apply as delete when`` which row goes (FILTER).
    """
    reader.take("APPLY CHANGES INTO", "AUTO CDC INTO")
    target = reader.name()
    if target.kind is NameKind.TABLE and target.parts[0] == "live":
        target = RelationName(target.kind, target.parts[1:])  # the pipeline's own tables
    if not reader.take("FROM"):
        raise UnsupportedSyntaxError("APPLY CHANGES without FROM")
    scope, span = reader.scope, reader.span()
    item = scope.from_item(_source(reader.until(*_CLAUSES)))
    influences: list[Influence] = []
    items: list[Projection | Star] = [Star(None, span)]
    while not reader.done:
        if reader.take("KEYS"):
            keys = reader.identifiers()
            influences.append(
                Influence(Subtype.JOIN, tuple(Reference(key, (), (), Subtype.JOIN, masking=False, span=span) for key in keys))
            )
        elif reader.take("SEQUENCE BY"):
            influences.append(influence(reader.until(*_CLAUSES).parse(exp.Expr), scope, Subtype.SORT))
        elif reader.take("APPLY AS DELETE WHEN", "APPLY AS TRUNCATE WHEN"):
            influences.append(influence(reader.until(*_CLAUSES).parse(exp.Expr), scope, Subtype.FILTER))
        elif reader.take("COLUMNS"):
            items = _columns(reader)
        else:
            reader.at += 1
    index = scope.add(Relation(inputs=tuple(item.inputs), projections=tuple(items), influences=tuple(influences)))
    return Statement(JobKind.MERGE, (Write(target, index, None, by_name=True, span=span),))


def _source(stretch: Reader) -> exp.Expr:
    first = stretch.tokens[0]
    words = ((TokenType.SELECT, "select"), (TokenType.STAR, "*"), (TokenType.FROM, "from"))
    before = [Token(kind, text, first.line, first.col, first.start, first.start, []) for kind, text in words]
    tree = Reader([*before, *stretch.tokens], stretch.scope).parse()
    source = tree.args.get("from_")
    if not isinstance(source, exp.From):
        raise UnsupportedSyntaxError("APPLY CHANGES from something that is no table")
    found: exp.Expr = source.this
    return found


def _columns(reader: Reader) -> list[Projection | Star]:
    span = reader.span()
    if reader.take("* EXCEPT"):
        return [Star(None, span, excluded=reader.identifiers())]
    names = reader.identifiers() or tuple(item.identifier() for item in reader.until(*_CLAUSES).items())
    return [
        Projection(name, (Reference(name, (), (), Subtype.IDENTITY, masking=False, span=span),), name, span) for name in names
    ]
