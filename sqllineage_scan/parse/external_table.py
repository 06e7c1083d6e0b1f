"""Tables whose rows lie elsewhere, in files or under another name; and columns that are computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlglot import exp

from sqllineage_scan.domain.unit import Input, Projection, Relation, Write
from sqllineage_scan.parse.expressions import uses_of
from sqllineage_scan.parse.files import file_name
from sqllineage_scan.parse.text import extent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqllineage_scan.parse.scope import Scope

Found = TypeVar("Found", bound=exp.Expr)
_PATHS = frozenset(("uris", "uri", "path", "location"))
_ENGINES = frozenset("s3 s3queue url file hdfs gcs azureblobstorage azurequeue deltalake hudi iceberg".split())


def property_of(node: exp.Create, kind: type[Found]) -> Found | None:
    """The property of that kind, if the statement has it."""
    return next((part for part in _properties(node) if isinstance(part, kind)), None)


def paths_of(node: exp.Create) -> list[str]:
    """``location 's3://…'``, ``options (uris = ['gs://…'])``, ``using parquet options (path '…')``, ``engine = S3('https://…')``."""
    return [path for part in _properties(node) for path in _paths(part)]


def computed_columns(node: exp.Create, paths: Sequence[str], write: Write, scope: Scope) -> Write | None:
    """Columns that are computed: of the file's row where the rows lie in a file, else of the other columns.

    create external table t (a int as (value:a::int)) location = @st        Snowflake
    create table t (net int, gross int generated always as (net * 2) stored)
    """
    declared = node.this.expressions if isinstance(node.this, exp.Schema) else ()
    values = [(part, made) for part in declared if isinstance(part, exp.ColumnDef) and (made := _computed(part)) is not None]
    if len(paths) > 1 or not values or write.span is None:
        return None
    items = []
    for part, made in values:
        start, end = extent(made) or scope.text.bounds()
        text, span = scope.text.written(start, end), scope.text.span(start, end)
        items.append(Projection(scope.alias_name(part.this), uses_of(made, scope), text, span))
    source = file_name(paths[0]) if paths else write.target
    index = scope.add(Relation(inputs=(Input("", source, write.span),), projections=tuple(items)))
    return Write(write.target, index, None, tuple(item.name for item in items), in_place=not paths, span=write.span)


def _computed(part: exp.ColumnDef) -> exp.Expr | None:
    kinds = (constraint.args.get("kind") for constraint in part.args.get("constraints") or ())
    found = next((kind for kind in kinds if isinstance(kind, exp.ComputedColumnConstraint)), None)
    return found.this if found is not None and isinstance(found.this, exp.Expr) else None


def _properties(node: exp.Create) -> Iterator[exp.Expr]:
    properties = node.args.get("properties")
    for part in properties.expressions if properties is not None else ():
        yield part
        if isinstance(part, exp.OptionsProperty):
            yield from part.expressions


def _paths(part: exp.Expr) -> Iterator[str]:
    if isinstance(part, exp.LocationProperty):
        yield part.this.name
    elif isinstance(part, exp.EngineProperty):
        engine = part.this
        if isinstance(engine, exp.Func) and engine.name.lower() in _ENGINES:
            yield from (each.name for each in engine.expressions[:1] if isinstance(each, exp.Literal) and each.is_string)
    elif isinstance(part, exp.Property) and part.name.lower() in _PATHS:
        value = part.args.get("value")
        for each in value.expressions if isinstance(value, exp.Array) else [value]:
            if isinstance(each, exp.Literal) and each.is_string:
                yield each.name
