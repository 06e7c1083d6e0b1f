"""The nodes of all dbt projects with the parents that dbt counts, as unique ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.dbt import Node
from sqllineage_scan.domain.names import NameKind
from sqllineage_scan.resolve.dbt_faults import dbt_faults
from sqllineage_scan.resolve.dbt_names import DbtNames, node_versions
from sqllineage_scan.resolve.definitions import overridden_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqllineage_scan.domain.dbt import DbtNode, Declaration, DeclaredExposure, DeclaredNode, Sight
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.names import RelationName
    from sqllineage_scan.domain.source import CompiledFile
    from sqllineage_scan.resolve.catalog import Catalog


def nodes(files: Sequence[CompiledFile], catalog: Catalog) -> tuple[tuple[Node, ...], tuple[Finding, ...]]:
    """Every node, disabled ones too (a disabled node is nobody's parent), sorted by unique id; and what is wrong with them."""
    seen = _Seen(files)
    found: dict[tuple[str, str, bool], Node] = {}
    for node in (
        *_of_files(files, seen, catalog),
        *(_of_source(source, catalog) for source in seen.sources),
        *_declared(files, seen),
    ):
        found.setdefault((node.unique_id, node.path, node.enabled), node)
    ordered = tuple(sorted(found.values(), key=lambda node: (node.unique_id, node.path, not node.enabled)))
    return ordered, tuple(dbt_faults(files, ordered, seen.relation))


class _Seen:
    """What may be a parent: unique ids by the names that mean them."""

    def __init__(self, files: Sequence[CompiledFile]) -> None:
        self.sources = overridden_sources(files)
        self.listed = {
            said.unique_id: tuple(column.name for column in said.columns)
            for file in files
            for said in (file.declarations.datasets if file.declarations else ())
        }
        self._refs: DbtNames[str] = DbtNames()
        self._sources: DbtNames[str] = DbtNames()
        self._others: DbtNames[str] = DbtNames()
        self._measures: DbtNames[str] = DbtNames()
        for node in (file.node for file in files if file.node is not None):
            if node.enabled and node.resource_type in ("model", "seed", "snapshot"):
                for version in node_versions(node):
                    self._refs.define(node.sight.project, node.package, (node.name, version), node.unique_id)
        for source in self.sources:
            if source.enabled:
                name = (source.source_name, source.name)
                self._sources.define(source.sight.project, source.package, name, source.unique_id)
        for each in _all_declared(files):
            if each.enabled:
                name = (each.resource_type, each.name)
                self._others.define(each.sight.project, each.package, name, each.unique_id)
                for measure in each.columns if each.resource_type == "semantic_model" else ():
                    self._measures.define(each.sight.project, each.package, (measure,), each.unique_id)

    def parents(self, sight: Sight, names: Iterable[RelationName], needs: Iterable[tuple[str, str]] = ()) -> tuple[str, ...]:
        found = [self.relation(sight, name) for name in names]
        for kind, name in needs:
            found.append(self._measures.meant(sight, (name,)) if kind == "measure" else self._others.meant(sight, (kind, name)))
        return tuple(sorted({each for each in found if each is not None}))

    def relation(self, sight: Sight, name: RelationName) -> str | None:
        if name.kind is NameKind.REF:
            package, *model = name.parts
            return self._refs.meant(sight, tuple(model), package)
        return self._sources.meant(sight, name.parts)


def _of_files(files: Sequence[CompiledFile], seen: _Seen, catalog: Catalog) -> Iterator[Node]:
    for file in files:
        if file.node is not None:
            yield _of_node(file, file.node, seen, catalog)


def _of_node(file: CompiledFile, node: DbtNode, seen: _Seen, catalog: Catalog) -> Node:
    made = catalog.named(node.relation) if node.enabled and node.resource_type in ("model", "seed", "snapshot") else None
    database, schema, alias = (name or None for name in node.names)
    return Node(
        unique_id=node.unique_id,
        resource_type=node.resource_type,
        package=node.package,
        name=node.name,
        path=file.path,
        enabled=node.enabled,
        dataset=made.id if made else None,
        database=database,
        schema=schema,
        alias=alias,
        materialized=node.materialized,
        version=node.version,
        depends_on=seen.parents(node.sight, node.depends_on),
        tags=node.tags,
        group=node.group,
        access=node.access,
        contract=node.contract,
        columns=seen.listed.get(node.unique_id, ()) if node.contract else (),
    )


def _of_source(source: Declaration, catalog: Catalog) -> Node:
    made = catalog.source(source) if source.enabled else None
    database, schema, identifier = (name or None for name in source.names)
    return Node(
        unique_id=source.unique_id,
        resource_type="source",
        package=source.package,
        name=source.name,
        path=source.span.path,
        enabled=source.enabled,
        dataset=made.id if made else None,
        database=database,
        schema=schema,
        alias=identifier,
        tags=source.tags,
    )


def _all_declared(files: Sequence[CompiledFile]) -> Iterator[DeclaredNode]:
    for file in files:
        yield from file.declarations.nodes if file.declarations else ()


def _declared(files: Sequence[CompiledFile], seen: _Seen) -> Iterator[Node]:
    for each in _all_declared(files):
        parents = seen.parents(each.sight, each.depends_on, each.needs)
        yield Node(
            unique_id=each.unique_id,
            resource_type=each.resource_type,
            package=each.package,
            name=each.name,
            path=each.span.path,
            enabled=each.enabled,
            depends_on=parents,
            columns=each.columns,
            owner=each.owner,
        )
    for file in files:
        for exposure in file.declarations.exposures if file.declarations else ():
            yield _exposure(exposure, seen)


def _exposure(exposure: DeclaredExposure, seen: _Seen) -> Node:
    return Node(
        unique_id=exposure.unique_id,
        resource_type="exposure",
        package=exposure.package,
        name=exposure.name,
        path=exposure.span.path,
        depends_on=seen.parents(exposure.sight, exposure.depends_on, exposure.needs),
    )
