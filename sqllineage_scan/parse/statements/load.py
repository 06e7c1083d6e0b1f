"""LOAD DATA and BULK INSERT: files into tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sqllineage_scan.domain.dataset import Column
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.unit import Input, Projection, Reference, Relation, SchemaAction, SchemaChange, Write
from sqllineage_scan.parse.expressions import uses_of
from sqllineage_scan.parse.files import file_name, load
from sqllineage_scan.parse.scope import Statement, UnsupportedSyntaxError

if TYPE_CHECKING:
    from sqllineage_scan.parse.reader import Reader

WORDS = ("load", "bulk insert")

_FILE = "file"


def compile_words(reader: Reader) -> Statement:
    """``load data infile 'x.csv' into table t``, ``load data into t from files (uris = ['gs://…'])``, ``bulk insert …``."""
    if reader.take("BULK INSERT"):
        return _bulk(reader)
    reader.take("LOAD DATA", "LOAD XML")
    reader.take("LOW_PRIORITY", "CONCURRENT")
    reader.take("LOCAL")
    if reader.take("INPATH"):
        return _from_file(reader)
    if reader.take("INFILE"):
        return _mysql(reader)
    if reader.take("INTO", "OVERWRITE"):
        return _bigquery(reader)
    raise UnsupportedSyntaxError("LOAD of this form")


def _bulk(reader: Reader) -> Statement:
    span = reader.span()
    target = reader.name()
    path = reader.string() if reader.take("FROM") else None
    if path is None:
        raise UnsupportedSyntaxError("BULK INSERT of this form")
    return Statement(JobKind.COPY, (load([path], target, span, reader.scope),))


def _from_file(reader: Reader) -> Statement:
    """Hive: the file is moved into the table's folder."""
    span = reader.span()
    path = reader.string()
    reader.take("OVERWRITE")
    if path is None or not reader.take("INTO TABLE"):
        raise UnsupportedSyntaxError("LOAD DATA of this form")
    return Statement(JobKind.COPY, (load([path], reader.name(), span, reader.scope),))


def _bigquery(reader: Reader) -> Statement:
    span = reader.span()
    reader.take("TEMP TABLE", "TEMPORARY TABLE")
    target = reader.name()
    listed = reader.identifiers()
    files = reader.group() if reader.seek("FROM") and reader.take("FROM FILES") else None
    paths = [path for item in files.items() if item.word() == "URIS" for path in item.strings()] if files is not None else []
    if not paths:
        raise UnsupportedSyntaxError("LOAD DATA of this form")
    columns = tuple(Column(name, None, number) for number, name in enumerate(listed, 1))
    changes = (SchemaChange(SchemaAction.CREATE, target, span, columns),) if columns else ()
    return Statement(JobKind.COPY, (load(paths, target, span, reader.scope),), changes)


def _mysql(reader: Reader) -> Statement:
    """``load data infile 'x.csv' into table t (a, @v) set c = @v + 1``: the list names the fields of the file, in their order.
    A field may be kept in a variable, and a column made of it.
    """
    span = reader.span()
    path = reader.string()
    reader.take("REPLACE", "IGNORE")
    if path is None or not reader.take("INTO TABLE"):
        raise UnsupportedSyntaxError("LOAD DATA of this form")
    target = reader.name()
    if reader.take("PARTITION"):
        reader.group()
    if reader.seek("CHARACTER"):
        reader.take("CHARACTER SET")
    fields = reader.group() if reader.seek("(") else None
    if fields is None and not reader.seek("SET"):
        return Statement(JobKind.COPY, (load([path], target, span, reader.scope),))
    items = [] if fields is None else [item for item in fields.items() if item.word() != "@"]
    names = [item.identifier() for item in items]
    values = [_field(name, item) for name, item in zip(names, items, strict=True)]
    if reader.take("SET"):
        for item in reader.items():
            name = item.identifier()
            item.take("=")
            names.append(name)
            values.append(_made(name, item))
    index = reader.scope.add(Relation(inputs=(Input(_FILE, file_name(path), span),), projections=tuple(values)))
    return Statement(JobKind.COPY, (Write(target, index, None, tuple(names), span=span),))


def _field(name: str, item: Reader) -> Projection:
    span = item.span()
    return Projection(name, (Reference(name, (_FILE,), (), Subtype.IDENTITY, masking=False, span=span),), name, span)


def _made(name: str, item: Reader) -> Projection:
    first, last = item.tokens[item.at].start, item.tokens[-1].end + 1
    tree = item.parse(exp.Expr)
    for variable in list(tree.find_all(exp.Parameter)):
        field = exp.Column(this=exp.to_identifier(f"@{variable.name}", quoted=True), table=exp.to_identifier(_FILE))
        if variable is tree:
            tree = field
        else:
            variable.replace(field)
    text = item.scope.text
    return Projection(name, uses_of(tree, item.scope), text.written(first, last), text.span(first, last))
