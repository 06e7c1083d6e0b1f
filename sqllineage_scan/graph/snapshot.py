"""A graph on a day, with digests of its schema, its lineage and what its datasets mean. Places and comments are no part of it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.content import Content
    from sqllineage_scan.graph.model import LineageGraph


class DatasetHashes(NamedTuple):
    schema: str  # of its columns: names, types, order, tags
    lineage: str  # of the edges into it
    version: str | None  # of its definition and of all that it reads


class Hashes(NamedTuple):
    """Two graphs of one digest say the same in that respect, whatever files they were read from."""

    schema: str
    lineage: str
    versions: str
    datasets: dict[DatasetId, DatasetHashes]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``revision`` is that of the checkout, which may hold more than was committed; None without git."""

    name: str
    date: str  # YYYY-MM-DD
    revision: str | None
    graph: LineageGraph
    hashes: Hashes


def hashes_of(content: Content) -> Hashes:
    edges = _edges(content)
    datasets = {
        dataset.id: DatasetHashes(_digest(_schema(dataset)), _digest(edges.get(dataset.id, [])), dataset.version)
        for dataset in content.datasets
    }
    schema = _digest([[str(dataset), each.schema] for dataset, each in datasets.items()])
    lineage = _digest([[str(dataset), each.lineage] for dataset, each in datasets.items()])
    versions = _digest([[str(dataset), each.version] for dataset, each in datasets.items()])
    return Hashes(schema, lineage, versions, datasets)


def _schema(dataset: Dataset) -> list[Any]:
    listed = [[column.name, column.type, column.ordinal, sorted(column.tags)] for column in dataset.columns or ()]
    return [dataset.kind.value, sorted(dataset.tags), sorted(listed, key=repr)]


def _edges(content: Content) -> dict[DatasetId, list[Any]]:
    found: defaultdict[DatasetId, set[tuple[str, ...]]] = defaultdict(set)
    for edge in content.column_edges:
        said = (edge.target.column, str(edge.source), edge.transformation.subtype.value)
        found[edge.target.dataset].add(said)
    for row in content.row_edges:
        found[row.target].add(("", str(row.source), row.subtype.value))
    for between in content.dataset_edges:
        found[between.target].add((str(between.source),))
    return {dataset: sorted(edges) for dataset, edges in found.items()}


def _digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return f"sha256:{sha256(text.encode()).hexdigest()}"
