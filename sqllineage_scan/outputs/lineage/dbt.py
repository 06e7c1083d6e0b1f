"""A dbt properties file: the columns of models, seeds, snapshots and sources with where they come from under ``meta``, and an
exposure for every script outside dbt that reads a model.

It is a patch to merge into your own YAML: dbt takes one description of a model, not two. Text from the repository never
holds Jinja here, which dbt would render.

Source: docs.getdbt.com, "Model properties", "Source properties", "Exposure properties"; ``meta`` under ``config``, dbt 1.10.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, TextIO

from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.outputs.lines import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.model import LineageGraph

ENDING = "yml"
_KINDS = {"model": "models", "seed": "seeds", "snapshot": "snapshots"}
_JINJA = re.compile(r"\{(?=[{%#])")
_UNFOLDED = 1 << 30  # characters of a line: the next one of a text that is folded might begin with ::, which a CI job obeys
_HEAD = "# Lineage by sqllineage-scan: merge it into your own properties files, since dbt takes one description of a model.\n"

Json = dict[str, Any]


def write(graph: LineageGraph, out: TextIO) -> None:
    import yaml

    out.write(_HEAD)
    yaml.safe_dump(_document(graph), out, sort_keys=False, allow_unicode=True, width=_UNFOLDED)


def _document(graph: LineageGraph) -> Json:
    document: Json = {"version": 2}
    sources: defaultdict[str, list[Json]] = defaultdict(list)
    for unique_id, dataset in _nodes(graph):
        kind, _, rest = unique_id.partition(".")
        name = rest.partition(".")[2]
        if kind in _KINDS:
            model, _, version = name.partition(".v")
            patch = {"name": _plain(model), **_described(graph, dataset)}
            if version:  # of a model with versions, columns belong to one of them
                columns = patch.pop("columns", [])
                patch["versions"] = [{"v": _number(version), "columns": columns}]
                _add_version(document.setdefault(_KINDS[kind], []), patch)
            else:
                document.setdefault(_KINDS[kind], []).append(patch)
        elif kind == "source":
            source, _, table = name.partition(".")
            sources[source].append({"name": _plain(table), **_described(graph, dataset)})
    if sources:
        document["sources"] = [{"name": _plain(source), "tables": tables} for source, tables in sources.items()]
    exposures = _exposures(graph)
    return document | ({"exposures": exposures} if exposures else {})


def _nodes(graph: LineageGraph) -> Iterator[tuple[str, Dataset]]:
    """Every dbt node that is a dataset: a seed that is also declared as a source is two nodes and one dataset."""
    for dataset in graph.datasets:
        if dataset.unique_id:
            yield dataset.unique_id, dataset
    for node in graph.nodes:
        if node.enabled and node.dataset is not None:
            dataset = graph.index.datasets[node.dataset]
            if dataset.unique_id != node.unique_id:
                yield node.unique_id, dataset


def _add_version(models: list[Json], patch: Json) -> None:
    same = next((model for model in models if model["name"] == patch["name"]), None)
    if same is None:
        models.append(patch)
    else:
        same["versions"] += patch["versions"]


def _number(version: str) -> int | str:
    return int(version) if version.isdecimal() else _plain(version)


def _described(graph: LineageGraph, dataset: Dataset) -> Json:
    columns = [_column(graph, ColumnId(dataset.id, name)) for name in graph.index.columns[dataset.id]]
    meta = {
        "lineage": {"upstream": sorted({_plain(str(edge.source)) for edge in graph.index.dataset_edges_into.get(dataset.id, ())})}
    }
    described = {"description": _plain(dataset.description)} if dataset.description else {}
    return {**described, "config": {"meta": meta}, "columns": columns}


def _column(graph: LineageGraph, column: ColumnId) -> Json:
    declared = next((item for item in graph.index.datasets[column.dataset].columns or () if item.name == column.column), None)
    found: Json = {"name": _plain(column.column)}
    if declared is not None and declared.description:
        found["description"] = _plain(declared.description)
    edges = graph.index.column_edges_into.get(column, ())
    if edges:
        found["config"] = {
            "meta": {
                "lineage": [
                    {
                        "from": _plain(str(edge.source)),
                        "subtype": edge.transformation.subtype.value,
                        "expression": _plain(edge.transformation.description),
                        "confidence": float(edge.confidence),
                    }
                    for edge in edges
                ]
            }
        }
    return found


def _exposures(graph: LineageGraph) -> list[Json]:
    """Scripts that dbt does not know and that read what it makes. Their owner is theirs to fill in, so the file's name stands
    there: dbt wants one.
    """
    models: dict[DatasetId, str] = {}
    for dataset in graph.datasets:
        parts = (dataset.unique_id or "").split(".")
        if parts[0] in _KINDS and len(parts) > 2:  # noqa: PLR2004 -- model.shop.orders
            version = f", v={_word(parts[3][1:])}" if len(parts) > 3 else ""  # noqa: PLR2004 -- model.shop.orders.v2
            models[dataset.id] = f"ref('{_word(parts[2])}'{version})"
    reads: defaultdict[str, set[str]] = defaultdict(set)
    for job in graph.jobs:
        if job.unique_id is None:
            reads[job.span.path].update(models[dataset] for dataset in job.reads if dataset in models)
    return [
        {
            "name": _word(path),
            "label": _plain(path),
            "type": "application",
            "owner": {"name": _plain(path)},
            "depends_on": sorted(refs),
        }
        for path, refs in sorted(reads.items())
        if refs
    ]


def _word(text: str) -> str:
    """dbt's names of exposures: letters, digits and underscores."""
    return re.sub(r"\W", "_", text, flags=re.ASCII)


def _plain(text: str) -> str:
    return _JINJA.sub("{ ", clean(text))
