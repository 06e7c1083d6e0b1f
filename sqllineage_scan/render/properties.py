"""dbt's YAML: sources and exposures, and what is said of models, seeds and snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.names import NameKind, RelationName
from sqllineage_scan.domain.source import Declaration, Declarations, DeclaredExposure
from sqllineage_scan.domain.span import Span
from sqllineage_scan.render.attempt import Failure, attempt
from sqllineage_scan.render.configuration import folder_config
from sqllineage_scan.render.declared import Reader
from sqllineage_scan.render.evaluation import is_true
from sqllineage_scan.render.lexical import relation_named
from sqllineage_scan.render.located import Located, error_line, load
from sqllineage_scan.render.node import canonical_parts, target_database
from sqllineage_scan.render.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.source import SourceFile
    from sqllineage_scan.render.environment import RenderEnvironment

_DESCRIBED = {"models": "model", "seeds": "seed", "snapshots": "snapshot"}


def read_properties(file: SourceFile, text: str, environment: RenderEnvironment) -> Declarations:
    """All that a YAML file beside the models declares. What is wrong with it are findings."""
    reader = Reader(Subject(file, text, environment))
    document = attempt(lambda: load(text.removeprefix("\ufeff")))
    if isinstance(document, Failure):
        return Declarations(findings=(_unreadable(file, document),))
    if document is None:
        return Declarations()
    if not isinstance(document, Located):
        finding = Finding(
            "RN11", "properties.unexpected", Severity.WARNING, "the file should be a mapping", Span(file.path, 1, 1, 1, 1)
        )
        return Declarations(findings=(finding,))
    datasets = [*_sources(reader, document), *_described(reader, document)]
    return Declarations(tuple(datasets), tuple(_exposures(reader, document)), tuple(reader.findings))


def _unreadable(file: SourceFile, failure: Failure) -> Finding:
    line = error_line(failure.error)
    span = Span(file.path, line, 1, line, 1)
    return Finding("RN10", "properties.unreadable", Severity.ERROR, f"not readable as YAML: {failure.reason}", span)


def _described(reader: Reader, document: Located) -> Iterator[Declaration]:
    """What is said of nodes that are made elsewhere: descriptions, columns, tags, owner."""
    package = reader.subject.owner.name
    for key, resource_type in _DESCRIBED.items():
        for name, entry in reader.named(document, key):
            yield Declaration(
                resource_type=resource_type,
                package=package,
                source_name="",
                name=name,
                span=reader.span(entry),
                columns=reader.columns(entry),
                description=reader.text(entry, "description").strip(),
                tags=reader.tags(entry),
                owner=reader.owner(entry),
                enabled=reader.enabled(entry),
                unique_id=f"{resource_type}.{package}.{name}",
            )


def _sources(reader: Reader, document: Located) -> Iterator[Declaration]:
    for source_name, source in reader.named(document, "sources"):
        for table_name, table in reader.named(source, "tables"):
            yield _source_table(reader, source_name, source, table_name, table)


def _source_table(reader: Reader, source_name: str, source: Located, table_name: str, table: Located) -> Declaration:
    subject = reader.subject
    package = subject.owner.name
    folders = folder_config(subject, "source", (*subject.fqn[:-1], source_name, table_name))
    enabled = reader.enabled(source, default=is_true(folders.get("enabled", True)))
    return Declaration(
        resource_type="source",
        package=package,
        source_name=source_name,
        name=table_name,
        span=reader.span(table),
        relation=_source_relation(reader, source_name, source, table_name, table),
        columns=reader.columns(table),
        description=reader.text(table, "description").strip() or reader.text(source, "description").strip(),
        tags=tuple(sorted({*reader.tags(source), *reader.tags(table)})),
        owner=reader.owner(table) or reader.owner(source),
        enabled=reader.enabled(table, default=enabled),
        unique_id=f"source.{package}.{source_name}.{table_name}",
    )


def _source_relation(reader: Reader, source_name: str, source: Located, table_name: str, table: Located) -> tuple[str, ...]:
    """Where the table lives, as far as the repository says: dbt takes the source's own name for its schema."""
    environment = reader.subject.environment
    database = reader.text(source, "database") or reader.text(source, "catalog") or target_database(environment.target)
    schema = reader.text(source, "schema") or source_name
    identifier = reader.text(table, "identifier") or table_name
    quoting: dict[Any, Any] = {**reader.mapping(source, "quoting"), **reader.mapping(table, "quoting")}
    return canonical_parts(environment, (database, schema, identifier), quoting)


def _exposures(reader: Reader, document: Located) -> Iterator[DeclaredExposure]:
    package = reader.subject.owner.name
    for name, entry in reader.named(document, "exposures"):
        if reader.enabled(entry):
            yield DeclaredExposure(
                name=name,
                kind=reader.text(entry, "type"),
                owner=reader.owner(entry),
                url=reader.text(entry, "url") or None,
                depends_on=tuple(dict.fromkeys(_dependencies(reader, entry))),
                span=reader.span(entry),
                package=package,
                description=reader.text(entry, "description").strip(),
                unique_id=f"exposure.{package}.{name}",
            )


def _dependencies(reader: Reader, entry: Located) -> Iterator[RelationName]:
    """``depends_on: [ref('orders'), source('raw', 'orders')]``"""
    listed = entry.get("depends_on")
    if listed is not None and not isinstance(listed, list):
        reader.unexpected(entry, "depends_on", "a list")
        return
    for item in listed or ():
        name = relation_named(item.strip().strip("{}").strip()) if isinstance(item, str) else None
        if name is not None and name.kind in (NameKind.REF, NameKind.SOURCE):
            yield name
        elif not (isinstance(item, str) and "metric(" in item):
            reader.unexpected(entry, "depends_on", "a list of ref('…') and source('…', '…')")
