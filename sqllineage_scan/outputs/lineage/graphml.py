"""GraphML, for Gephi, yEd, Neo4j and networkx: datasets, columns, jobs and exposures are nodes, all that ties them are edges."""

from __future__ import annotations

import json
import re
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any, BinaryIO

from sqllineage_scan.graph import encode
from sqllineage_scan.outputs.harmless import in_xml

if TYPE_CHECKING:
    from sqllineage_scan.domain.names import ColumnId, DatasetId, JobId
    from sqllineage_scan.graph.model import LineageGraph

BINARY = True  # XML says its own encoding
# What XML 1.0 cannot hold in any spelling (section 2.2, Char)
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(graph: LineageGraph, out: BinaryIO) -> None:
    from networkx.readwrite.graphml import write_graphml_xml  # not the one with lxml, whose bytes are others

    plain = BytesIO()
    write_graphml_xml(_Network(graph).network, plain, named_key_ids=True)
    out.write(in_xml(plain.getvalue().decode("utf-8")).encode("utf-8"))


class _Network:
    def __init__(self, graph: LineageGraph) -> None:
        import networkx as nx

        self._graph = graph
        project = {"schema_version": encode.SCHEMA_VERSION, "project": graph.name, "revision": graph.revision}
        self.network = nx.MultiDiGraph(**_known({**project, "dialects": _json(dict(graph.dialects))}))
        self._numbers = count()
        self._datasets: dict[DatasetId, str] = {}
        self._columns: dict[ColumnId, str] = {}
        self._jobs: dict[JobId, str] = {}
        self._add_datasets()
        self._add_jobs()
        self._add_exposures()
        self._add_edges()

    def _node(self, node: str, what: str, label: str, values: dict[str, Any]) -> str:
        self.network.add_node(node, node=what, label=_safe(label), **_known(values))
        return node

    def _edge(self, what: str, source: str, target: str, values: dict[str, Any] | None = None) -> None:
        self.network.add_edge(source, target, key=f"e{next(self._numbers)}", edge=what, **_known(values or {}))

    def _add_datasets(self) -> None:
        from sqllineage_scan.domain.names import ColumnId

        for number, dataset in enumerate(self._graph.datasets):
            values = encode.of_dataset(dataset)
            declared = values.pop("columns", None)
            values["has_columns"] = declared is not None
            node = self._datasets[dataset.id] = self._node(f"d{number}", "dataset", str(dataset.id), _flat(values))
            described = list(declared or ())
            for position, name in enumerate(self._graph.index.columns[dataset.id]):
                declares = position < len(described)
                said = _flat(described[position]) | {"position": position} if declares else {"name": name}
                column = self._node(f"{node}c{position}", "column", name, said)
                self._columns.setdefault(ColumnId(dataset.id, name), column)
                self._edge("has", node, column)

    def _add_jobs(self) -> None:
        for number, job in enumerate(self._graph.jobs):
            values = _flat(encode.of_job(job))
            values.pop("reads"), values.pop("writes")
            node = self._jobs[job.id] = self._node(f"j{number}", "job", str(job.id), values)
            for dataset in job.reads:
                self._edge("reads", self._datasets[dataset], node)
            for dataset in job.writes:
                self._edge("writes", node, self._datasets[dataset])

    def _add_exposures(self) -> None:
        for number, exposure in enumerate(self._graph.exposures):
            values = _flat(encode.of_exposure(exposure))
            values.pop("depends_on")
            node = self._node(f"x{number}", "exposure", exposure.name, values)
            for dataset in exposure.depends_on:
                self._edge("exposes", self._datasets[dataset], node)

    def _add_edges(self) -> None:
        """Of what an edge says its ends are left out: the nodes have them."""
        for edge in self._graph.column_edges:
            values = _flat(encode.of_column_edge(edge), without=("source", "target"))
            self._edge("column", self._columns[edge.source], self._columns[edge.target], values)
        for row_edge in self._graph.row_edges:
            values = _flat(encode.of_row_edge(row_edge), without=("source", "target"))
            self._edge("row", self._columns[row_edge.source], self._datasets[row_edge.target], values)
        for link in self._graph.dataset_edges:
            values = _flat(encode.of_dataset_edge(link), without=("source", "target"))
            self._edge("dataset", self._datasets[link.source], self._datasets[link.target], values)


def _flat(values: dict[str, Any], without: tuple[str, ...] = ()) -> dict[str, Any]:
    """GraphML's values are numbers, texts and truths: a span is five of them, a list is JSON."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if key in without:
            continue
        if key == "span" and value is not None:
            flat.update(value)
        elif key == "dbt":
            flat["dbt_unique_id"] = value["unique_id"]
        else:
            flat[key] = _json(value) if isinstance(value, (dict, list)) else value
    return flat


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {key: _safe(value) if isinstance(value, str) else value for key, value in values.items() if value is not None}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _safe(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
