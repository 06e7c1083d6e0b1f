"""A table, view, model, source, file … of the graph."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.finding import Step
from sqllineage_scan.domain.span import whole_file
from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.facts import ReadFact
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.linting.material import Material

ATTRIBUTES = {
    "id": "its id: analytics.orders",
    "name": "the last part of its name",
    "kind": "table, view, model, seed, source, external, temporary, file, query …",
    "origin": "how its columns are known: ddl, seed, inferred, properties, none …",
    "tags": "its tags",
    "owner": "its owner, as YAML says",
    "described": "whether it has a description",
    "defined": "whether something in the repository defines it",
    "readers": "how many datasets read it, tests left out",
    "writers": "how many statements write it",
    "read_by": "the datasets that read it",
    "public": "whether somebody outside looks at it: an exposure, dbt's access, the configuration",
    "code_owners": "who owns its file in CODEOWNERS: them, `nobody`, or nothing where there is no such file",
    "exposed": "whether an exposure uses it",
    "exposures": "how many exposures the repository has",
    "access": "dbt's access: public, protected, private, or nothing",
    "group": "dbt's group",
    "contract": "whether dbt enforces a contract on it",
    "materialized": "dbt's materialization",
    "resource_type": "dbt's: model, seed, snapshot, source, or nothing",
    "siblings": "how many datasets of the same schema the repository defines",
    "similar": "datasets that the repository defines under nearly the same name",
    "only_case": "other datasets whose names differ by upper and lower case or by quotes alone; told of the first of them",
    "open_columns": "whether some of its columns may not be known",
}


def each(material: Material) -> Iterator[Item]:
    schemas: defaultdict[str, set[DatasetId]] = defaultdict(set)
    plain: defaultdict[tuple[str, ...], list[DatasetId]] = defaultdict(list)
    for dataset in material.graph.datasets:
        plain[_plain(dataset.id)].append(dataset.id)
        if dataset.span is not None and "." in dataset.id.name:
            schemas[_schema(dataset.id)].add(dataset.id)
    written: defaultdict[DatasetId, int] = defaultdict(int)
    for job in material.graph.jobs:
        for target in job.writes:
            written[target] += 1
    reads: dict[DatasetId, ReadFact] = {}
    for statement in material.known_facts.statements:
        for read in statement.reads:
            if read.dataset not in reads or read.span < reads[read.dataset].span:
                reads[read.dataset] = read
    for dataset in material.datasets:
        yield _item(material, dataset, schemas, plain, writers=written[dataset.id], read=reads.get(dataset.id))


def _item(
    material: Material,
    dataset: Dataset,
    schemas: Mapping[str, set[DatasetId]],
    plain: Mapping[tuple[str, ...], list[DatasetId]],
    *,
    writers: int,
    read: ReadFact | None,
) -> Item:
    node = material.nodes.get(dataset.id)
    by = frozenset(material.readers.get(dataset.id, frozenset()) - material.tests)
    alike = sorted(plain[_plain(dataset.id)])
    others = tuple(alike[1:]) if alike[0] == dataset.id else ()
    place = whole_file(node.path) if node is not None and node.resource_type != "source" else material.place(dataset.id)
    steps = tuple(Step(f"{other} is here", span) for other in others if (span := material.place(other)) is not None)
    return Item(
        (read.span if read is not None and dataset.span is None else None) or place or (read.span if read else None),
        str(dataset.id),
        {
            "id": dataset.id,
            "name": dataset.id.name.rpartition(".")[2],
            "kind": dataset.kind.value,
            "origin": dataset.origin.value,
            "tags": dataset.tags if node is None else tuple(sorted({*dataset.tags, *node.tags})),
            "owner": dataset.owner or "",
            "described": bool(dataset.description),
            "defined": dataset.kind is not DatasetKind.EXTERNAL,
            "readers": len(by),
            "read_by": by,
            "writers": writers,
            "public": dataset.id in material.public,
            "code_owners": partial(_code_owners, material, dataset.id),
            "exposed": dataset.id in material.exposed,
            "exposures": len(material.graph.exposures),
            "access": node.access if node else "",
            "group": node.group if node else "",
            "contract": bool(node and node.contract),
            "materialized": node.materialized if node else "",
            "resource_type": node.resource_type if node else "",
            "siblings": len(schemas[_schema(dataset.id)] - {dataset.id}) if "." in dataset.id.name else 0,
            "similar": partial(_similar, dataset.id, schemas),
            "only_case": others,
            "open_columns": not dataset.origin.complete,
        },
        steps,
        of=dataset.id,
    )


def _schema(dataset: DatasetId) -> str:
    return dataset.name.rpartition(".")[0]


def _plain(dataset: DatasetId) -> tuple[str, ...]:
    return (dataset.namespace, dataset.name.replace('"', "").replace("`", "").casefold())


def _similar(dataset: DatasetId, schemas: Mapping[str, set[DatasetId]]) -> tuple[str, ...]:
    from difflib import get_close_matches

    names = sorted(other.name for other in schemas.get(_schema(dataset), ()) if other != dataset)
    return tuple(get_close_matches(dataset.name, names, n=2, cutoff=0.85))


def _code_owners(material: Material, dataset: DatasetId) -> tuple[str, ...] | str:
    path = material.files.get(dataset, "")
    if material.owners is None or not path:
        return ()
    return material.owners.of(path) or "nobody"
