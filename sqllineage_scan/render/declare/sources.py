"""``sources:``, the tables that something else loads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.dbt import Declaration
from sqllineage_scan.render.configuration import folder_config
from sqllineage_scan.render.evaluation import is_true
from sqllineage_scan.render.node import canonical_parts, target_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.render.declare.reader import Reader
    from sqllineage_scan.render.located import Located


def sources(reader: Reader, document: Located) -> Iterator[Declaration]:
    for source_name, source in reader.named(document, "sources"):
        overridden = reader.text(source, "overrides")
        for table_name, table in reader.named(source, "tables"):
            found = _table(reader, source_name, source, table_name, table)
            yield found if not overridden else _more_of(found, reader, source, table, overridden)


def _table(reader: Reader, source_name: str, source: Located, table_name: str, table: Located) -> Declaration:
    subject = reader.subject
    folders = folder_config(subject, "source", (*subject.fqn[:-1], source_name, table_name))
    enabled = reader.enabled(source, default=is_true(folders.get("enabled", True)))
    names = _names(reader, source_name, source, table_name, table)
    quoting: dict[Any, Any] = {**reader.mapping(source, "quoting"), **reader.mapping(table, "quoting")}
    return Declaration(
        resource_type="source",
        package=reader.package,
        source_name=source_name,
        name=table_name,
        span=reader.span(table),
        relation=canonical_parts(subject.environment, names, quoting),
        columns=reader.columns(table),
        description=reader.text(table, "description").strip() or reader.text(source, "description").strip(),
        tags=tuple(sorted({*reader.tags(source), *reader.tags(table)})),
        owner=reader.owner(table) or reader.owner(source),
        stewards=reader.stewards(table) or reader.stewards(source),
        terms=tuple(sorted({*reader.terms(source), *reader.terms(table)})),
        enabled=reader.enabled(table, default=enabled),
        unique_id=f"source.{reader.package}.{source_name}.{table_name}",
        sight=reader.subject.sight,
        names=names,
        places=tuple(reader.column_places(table).values()),
    )


def _names(reader: Reader, source_name: str, source: Located, table_name: str, table: Located) -> tuple[str, str, str]:
    """Where the table lives, as far as the repository says: dbt takes the source's own name for its schema."""
    target = reader.subject.environment.target
    database = reader.text(source, "database") or reader.text(source, "catalog") or target_database(target)
    return database, reader.text(source, "schema") or source_name, reader.text(table, "identifier") or table_name


def _more_of(found: Declaration, reader: Reader, source: Located, table: Located, package: str) -> Declaration:
    """What a project says of an installed package's source (docs.getdbt.com/reference/resource-properties/overrides)."""
    said = (
        reader.text(source, "database") or reader.text(source, "catalog"),
        reader.text(source, "schema"),
        reader.text(table, "identifier"),
    )
    relation = tuple(each if own else "" for each, own in zip(_padded(found.relation), said, strict=True))
    return replace(found, overrides=package, names=said, relation=relation, unique_id="")


def _padded(relation: tuple[str, ...]) -> tuple[str, ...]:
    return ("",) * (3 - len(relation)) + relation
