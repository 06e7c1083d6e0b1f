"""A lineage graph in GraphML (``--format graphml``) read back."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.document import from_dict

if TYPE_CHECKING:
    from pathlib import Path

    from sqllineage_scan.graph.model import LineageGraph

Json = dict[str, Any]
_LISTS = ("tags", "tests", "terms", "stewards", "code_owners", "evidence", "dialects")
_PLACE = ("path", "line", "column", "end_line", "end_column")


def read(path: Path) -> LineageGraph:
    import networkx as nx

    try:
        network = nx.read_graphml(path, force_multigraph=True)
        return from_dict(_document(network))
    except (ParseError, nx.NetworkXException, ValueError, KeyError, OSError) as error:
        raise UsageError(f"not a lineage graph in GraphML: {error}") from error


def _document(network: Any) -> Json:
    nodes = {node: _nested(dict(values)) for node, values in network.nodes(data=True)}
    if not all("node" in values for values in nodes.values()) or "schema_version" not in network.graph:
        raise ValueError("its nodes do not say what they are; sqllineage-scan reads what it wrote itself")
    lists: defaultdict[str, defaultdict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    edges: defaultdict[str, list[Json]] = defaultdict(list)
    for source, target, values in network.edges(data=True):
        said = _nested(dict(values))
        what = said.pop("edge")
        if what in ("has", "reads", "writes", "exposes"):
            owner, other = (source, target) if what in ("has", "writes") else (target, source)
            lists[what][owner].append(nodes[other] if what == "has" else nodes[other]["id"])
        else:
            edges[what].append(said | {"source": source, "target": target})
    column_of = {
        column: {"dataset": nodes[source]["id"], "column": nodes[column]["name"]}
        for source, column, values in network.edges(data=True)
        if values["edge"] == "has"
    }
    return {
        "schema_version": str(network.graph["schema_version"]),
        "project": _project(network.graph),
        "datasets": [_dataset(values, lists["has"][node]) for node, values in _of(nodes, "dataset")],
        "jobs": [values | {"reads": lists["reads"][node], "writes": lists["writes"][node]} for node, values in _of(nodes, "job")],
        "column_edges": [
            edge | {"source": column_of[edge["source"]], "target": column_of[edge["target"]]} for edge in edges["column"]
        ],
        "row_edges": [
            edge | {"source": column_of[edge["source"]], "target": nodes[edge["target"]]["id"]} for edge in edges["row"]
        ],
        "dataset_edges": [
            edge | {"source": nodes[edge["source"]]["id"], "target": nodes[edge["target"]]["id"]} for edge in edges["dataset"]
        ],
        "exposures": [values | {"depends_on": lists["exposes"][node]} for node, values in _of(nodes, "exposure")],
    }


def _of(nodes: dict[str, Json], what: str) -> list[tuple[str, Json]]:
    return [(node, values) for node, values in nodes.items() if values["node"] == what]


def _project(values: Json) -> Json:
    return {
        "name": str(values.get("project", "")),
        "revision": values.get("revision"),
        "dialects": json.loads(values.get("dialects", "{}")),
    }


def _dataset(values: Json, columns: list[Json]) -> Json:
    declared = sorted((column for column in columns if "position" in column), key=lambda column: column["position"])
    return values | ({"columns": declared} if values["has_columns"] else {})


def _nested(values: Json) -> Json:
    """Lists out of their JSON, a span out of its five values. An empty text reads as none at all, and is one again."""
    values = {key: "" if value is None else value for key, value in values.items()}
    found = {key: json.loads(value) if key in _LISTS else value for key, value in values.items()}
    if "end_column" in found:
        found["span"] = {key: found.pop(key) for key in _PLACE}
    if found.get("dbt_unique_id"):
        found["dbt"] = {"unique_id": found["dbt_unique_id"]}
    return found
