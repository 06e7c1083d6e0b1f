"""Filling the catalog with all that the repository defines, before any name is looked up."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sqllineage_scan.dialects import dialect
from sqllineage_scan.domain.dataset import Column, DatasetKind, SchemaOrigin
from sqllineage_scan.domain.names import NameKind
from sqllineage_scan.domain.source import FileKind
from sqllineage_scan.domain.span import whole_file
from sqllineage_scan.domain.unit import SchemaAction
from sqllineage_scan.resolve.catalog import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqllineage_scan.domain.dbt import DbtNode, Declaration
    from sqllineage_scan.domain.source import CompiledFile
    from sqllineage_scan.domain.unit import SchemaChange, Unit
    from sqllineage_scan.resolve.catalog import Catalog, Entry
    from sqllineage_scan.resolve.view import View

_NODE_KINDS = {"seed": DatasetKind.SEED, "snapshot": DatasetKind.SNAPSHOT}


def define_all(catalog: Catalog, files: Sequence[CompiledFile], targets: Sequence[str]) -> dict[str, Place]:
    """Everything that is defined, in the order of trust; the place of every file, by path.

    Order: tables and views that SQL creates, dbt nodes, dbt sources (which may be one of those), and what YAML says of
    them. Which columns DDL gives them is settled as the statements are bound, in their order.
    """
    for file in files:
        for unit in file.units:
            _define_created(catalog, file, unit)
    places = {file.key: _place(catalog, file, targets) for file in files}
    for declaration in overridden_sources(files):
        if declaration.enabled:
            catalog.define_source(declaration)
    _seed_schemas(catalog, files)
    _describe(catalog, files)
    for file in files:
        for unit in file.units:
            for function in unit.functions:
                catalog.define_function(function, unit, places[file.key]._replace(search_path=unit.search_path))
    return places


def give(catalog: Catalog, schema: Mapping[tuple[str, ...], Iterable[Column]]) -> None:
    """Tables whose columns the caller knows: ``analyze_sql(..., schema={"raw.orders": {"id": "int"}})``."""
    for parts, columns in schema.items():
        catalog.define(parts, DatasetKind.TABLE).schema.define(columns, SchemaOrigin.GIVEN, complete=True)


def give_listed(catalog: Catalog, columns: Mapping[str, Iterable[Column]]) -> None:
    """What dbt's catalog.json lists, for sources that nothing here makes and for nodes that nothing here tells of."""
    for entry in catalog.entries.values():
        unique_id = entry.unique_id or ""
        made = unique_id.startswith("source.") and entry.kind is not DatasetKind.SOURCE
        if unique_id in columns and not made and not entry.schema.complete:
            entry.schema.define(columns[unique_id], SchemaOrigin.ARTIFACT, complete=True)


def _define_created(catalog: Catalog, file: CompiledFile, unit: Unit) -> None:
    place = Place(file.path, dialect(file.dialect), search_path=unit.search_path)
    for write in unit.writes:
        if write.kind is DatasetKind.TEMPORARY:
            catalog.define_temporary(place, write.target.parts, write.span)
        elif write.kind is not None and write.target.kind is NameKind.TABLE:
            catalog.define(catalog.placed(write.target.parts, place), write.kind, write.span)
    for change in unit.changes:
        if change.action is SchemaAction.CREATE and change.target.kind is NameKind.TABLE:
            if change.kind is DatasetKind.TEMPORARY:
                catalog.define_temporary(place, change.target.parts, change.span)
            else:
                catalog.define(catalog.placed(change.target.parts, place), change.kind, change.span)


def _place(catalog: Catalog, file: CompiledFile, targets: Sequence[str]) -> Place:
    """Where the names of a file are read, and the dataset that the file itself is."""
    spoken = dialect(file.dialect)
    node = file.node
    if node is None:
        parts = target_parts(file.path, targets)
        this = catalog.define(parts, DatasetKind.TABLE, whole_file(file.path)).id if parts else None
        return Place(file.path, spoken, this)
    if not node.enabled:
        return Place(file.path, spoken, None, node.sight)
    if file.kind in (FileKind.TEST, FileKind.ANALYSIS):
        kind = DatasetKind.TEST if file.kind is FileKind.TEST else DatasetKind.QUERY
        entry = catalog.define_query(file.path, kind, whole_file(file.path))
        entry.unique_id = node.unique_id
    else:
        entry = catalog.define_node(node, _kind_of(node), whole_file(file.path))
    return Place(file.path, spoken, entry.id, node.sight)


def _kind_of(node: DbtNode) -> DatasetKind:
    if node.materialized == "ephemeral":
        return DatasetKind.EPHEMERAL
    return _NODE_KINDS.get(node.resource_type, DatasetKind.MODEL)


def _seed_schemas(catalog: Catalog, files: Sequence[CompiledFile]) -> None:
    """A seed's header is its schema. A disabled seed is no dataset, but where a source has its name, its header tells the
    source's columns: that is how projects ship sample data.
    """
    for file in files:
        if file.seed_columns is None or file.node is None:
            continue
        columns = [Column(name) for name in file.seed_columns]
        if file.node.enabled:
            catalog.define(file.node.relation, DatasetKind.SEED).schema.define(columns, SchemaOrigin.SEED, complete=True)
            continue
        entry = catalog.named(file.node.relation)
        if entry is not None and not entry.schema.complete:
            entry.schema.define(columns, SchemaOrigin.SEED, complete=True)


def _describe(catalog: Catalog, files: Sequence[CompiledFile]) -> None:
    for file in files:
        for declaration in file.declarations.datasets if file.declarations else ():
            entry: Entry | None
            if declaration.resource_type == "source":
                entry = catalog.source(declaration)
                if entry is not None and entry.unique_id is None:
                    entry.unique_id = declaration.unique_id or None
            else:
                entry = catalog.node(declaration)
            if entry is None:
                continue
            entry.schema.describe(declaration.columns)
            entry.description = entry.description or declaration.description
            entry.owner = entry.owner or declaration.owner
            entry.stewards = entry.stewards or declaration.stewards
            entry.terms = tuple(sorted({*entry.terms, *declaration.terms}))
            entry.tags = tuple(sorted({*entry.tags, *declaration.tags}))


def overridden_sources(files: Sequence[CompiledFile]) -> list[Declaration]:
    """Every source's table, with what the project says of it where a package declares it:

    sources:
      - name: shopify
        overrides: shopify_source
        schema: raw_shopify
    """
    declared = [each for file in files if file.declarations for each in file.declarations.datasets]
    found = [each for each in declared if each.resource_type == "source"]
    more = {(each.sight.project, each.overrides, each.source_name, each.name): each for each in found if each.overrides}
    return [
        _overridden(each, more.get((each.sight.project, each.package, each.source_name, each.name)))
        for each in found
        if not each.overrides
    ]


def _overridden(declaration: Declaration, said: Declaration | None) -> Declaration:
    if said is None:
        return declaration
    relation = ("",) * (3 - len(declaration.relation)) + declaration.relation
    return replace(
        declaration,
        enabled=declaration.enabled and said.enabled,
        relation=tuple(filter(None, (own or given for own, given in zip(said.relation, relation, strict=True)))),
        names=tuple(own or given for own, given in zip(said.names, declaration.names, strict=True)),
    )


def apply_change(view: View, change: SchemaChange) -> None:
    """What DDL says of a dataset's columns, from here on."""
    schema = view.schema_to_change(view.dataset(change.target))
    if change.like is not None:
        other = view.schema_to_change(view.dataset(change.like))  # whose descriptions count too
        schema.define(other.columns.values(), SchemaOrigin.DDL, complete=other.complete)
        schema.passed_over = other.passed_over
    else:
        schema.apply(change)


def target_parts(path: str, targets: Sequence[str]) -> tuple[str, ...] | None:
    """The table that a file's path names, by the first pattern that fits:
    ``sql/{catalog}/{schema}/{table}/query.sql`` makes ``sql/prod/sales/orders/query.sql`` the table prod.sales.orders.
    """
    for pattern in targets:
        expression = re.escape(pattern).replace(r"\{", "{").replace(r"\}", "}")
        for field in ("catalog", "schema", "table"):
            expression = expression.replace(f"{{{field}}}", f"(?P<{field}>[^/]+)")
        expression = expression.replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
        match = re.fullmatch(expression, path)
        if match:
            found = match.groupdict()
            return tuple(found[field] for field in ("catalog", "schema", "table") if found.get(field))
    return None
