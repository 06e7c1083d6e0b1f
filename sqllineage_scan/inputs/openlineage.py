"""OpenLineage events (NDJSON, or a JSON list of them) as a graph: our own, whole, and anybody's as far as the spec's facets go.

Where an event has our facet, that is what is read: it holds what the spec has no place for. Elsewhere datasets have the
name that the event gives them, edges come from ``columnLineage`` and ``lineage``, and are believed because they were seen.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.document import SCHEMA_VERSION, from_dict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqllineage_scan.graph.model import LineageGraph

Json = dict[str, Any]
KEY = "sqllineageScan"
_DIRECT = ("IDENTITY", "TRANSFORMATION", "AGGREGATION")
_SUBTYPES = (*_DIRECT, "JOIN", "FILTER", "GROUP_BY", "SORT", "WINDOW", "CONDITIONAL")


def read(path: Path) -> LineageGraph:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("no OpenLineage events: no UTF-8 text") from None
    return from_dict(document(list(events(text))))


def events(text: str) -> Iterator[Json]:
    """``UsageError`` names the line that is no event."""
    if text.lstrip().startswith("["):
        try:
            yield from json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"not a list of OpenLineage events: {error}") from None
        return
    for number, row in enumerate(text.split("\n"), 1):
        if row.strip():
            try:
                event = json.loads(row)
            except (ValueError, RecursionError) as error:
                raise UsageError(f"line {number} is no OpenLineage event: no JSON ({error})") from None
            if not isinstance(event, dict) or not ("dataset" in event or "job" in event):
                raise UsageError(f"line {number} is no OpenLineage event: it has neither a job nor a dataset")
            yield event


def document(found: list[Json]) -> Json:
    """The lineage document of events, in whatever order they came."""
    try:
        return _Reader(found).document()
    except (AttributeError, TypeError, KeyError) as error:
        raise UsageError(f"an OpenLineage event is not as the spec has it: {type(error).__name__}: {error}") from error


class _Reader:
    def __init__(self, found: list[Json]) -> None:
        self._events = found
        self._ids: dict[tuple[str, str], str] = {}
        self._datasets: dict[str, Json] = {}
        self._project: Json = {"name": "openlineage", "revision": None, "dialects": {}}
        self._parts: dict[str, list[Json]] = {
            key: [] for key in ("jobs", "column_edges", "row_edges", "dataset_edges", "exposures", "nodes")
        }

    def document(self) -> Json:
        for event in self._events:
            for dataset in mentioned(event):
                self._described(dataset)
        for event in self._events:
            if "job" in event:
                self._job(event)
        nodes = self._parts.pop("nodes")
        return {
            "schema_version": SCHEMA_VERSION,
            "project": self._project,
            "datasets": list(self._datasets.values()),
            **self._parts,
            "dbt": {"nodes": nodes},
        }

    def _described(self, dataset: Json) -> None:
        """What is known of a dataset: our own facet, else its schema; the richest of several events counts."""
        key = (dataset["namespace"], dataset["name"])
        facets = dataset.get("facets") or {}
        own = facets.get(KEY, {}).get("dataset")
        if own is not None:
            self._ids[key] = own["id"]
            self._datasets[own["id"]] = own
        elif key not in self._ids or ("schema" in facets and self._ids[key] not in self._datasets):
            made = _foreign(dataset, facets)
            self._ids.setdefault(key, made["id"])
            self._datasets.setdefault(made["id"], made)
        elif "schema" in facets and "columns" not in self._datasets[self._ids[key]]:
            self._datasets[self._ids[key]] |= {"columns": columns_of(facets), "schema_origin": "properties"}

    def _job(self, event: Json) -> None:
        facets = event["job"].get("facets") or {}
        own = facets.get(KEY, {})
        if own.get("project"):
            self._project = own["project"]
        if own.get("exposure"):
            self._parts["exposures"].append(own["exposure"])
            return
        if own.get("test"):
            self._parts["nodes"].append(own["test"])
            return
        job = own.get("job") or self._foreign_job(event)
        self._parts["jobs"].append(job)
        told = set()
        for output in event.get("outputs") or ():
            edges = (output.get("facets") or {}).get(KEY, {}).get("edges")
            if edges is not None:
                told.add((output["namespace"], output["name"]))
                for kind in ("column_edges", "row_edges", "dataset_edges"):
                    self._parts[kind] += edges.get(kind, ())
            else:
                self._foreign_edges(output, event, job["id"])
        self._explicit((facets.get("lineage") or {}).get("entries") or (), job["id"], told)

    def _foreign_job(self, event: Json) -> Json:
        job = event["job"]
        location = (job.get("facets") or {}).get("sourceCodeLocation") or {}
        path = location.get("path") or f"{job['namespace']}/{job['name']}"
        name = f"{job['namespace']}/{job['name']}" if job["namespace"] else job["name"]
        return {
            "id": name,
            "namespace": job["namespace"],
            "name": job["name"],
            "kind": "query",
            "dialect": ((job.get("facets") or {}).get("sql") or {}).get("dialect") or "",
            "reads": [self._id(dataset) for dataset in event.get("inputs") or ()],
            "writes": [self._id(dataset) for dataset in event.get("outputs") or ()],
            "span": {"path": path, "line": 1, "column": 1, "end_line": 1, "end_column": 1},
        }

    def _foreign_edges(self, output: Json, event: Json, job: str) -> None:
        target = self._id(output)
        for source in event.get("inputs") or ():
            self._link(self._id(source), target, job)
        lineage = (output.get("facets") or {}).get("columnLineage") or {}
        for column, field in (lineage.get("fields") or {}).items():
            for source in field.get("inputFields") or ():
                self._value(source, target, column, job)
        for source in lineage.get("dataset") or ():
            self._row(source, target, job)
        explicit = (output.get("facets") or {}).get("lineage") or {}
        self._entry(explicit, target, job)

    def _explicit(self, entries: Any, job: str, told: set[tuple[str, str]]) -> None:
        for entry in entries:
            if entry.get("type") == "DATASET" and (entry["namespace"], entry["name"]) not in told:
                self._entry(entry, self._id(entry), job)

    def _entry(self, entry: Json, target: str, job: str) -> None:
        for source in entry.get("inputs") or ():
            if source.get("type") == "DATASET":
                if source.get("field"):
                    self._row(source, target, job)
                else:
                    self._link(self._id(source), target, job)
        for column, field in (entry.get("fields") or {}).items():
            for source in field.get("inputs") or ():
                if source.get("type") == "DATASET" and source.get("field"):
                    self._value(source, target, column, job)

    def _id(self, dataset: Json) -> str:
        key = (dataset["namespace"], dataset["name"])
        if key not in self._ids:
            self._described({"namespace": key[0], "name": key[1]})
        return self._ids[key]

    def _value(self, source: Json, target: str, column: str, job: str) -> None:
        for way in source.get("transformations") or ({"type": "DIRECT", "subtype": "TRANSFORMATION"},):
            edge = {
                "source": {"dataset": self._id(source), "column": source["field"]},
                "target": {"dataset": target, "column": column},
                "job": job,
                "subtype": _subtype(way),
                "expression": way.get("description") or "",
                "masking": bool(way.get("masking")),
                "evidence": [_seen(job)],
            }
            self._parts["column_edges"].append(edge)
        self._link(self._id(source), target, job)

    def _row(self, source: Json, target: str, job: str) -> None:
        for way in source.get("transformations") or ({"type": "INDIRECT", "subtype": "FILTER"},):
            edge = {
                "source": {"dataset": self._id(source), "column": source["field"]},
                "target": target,
                "job": job,
                "subtype": _subtype(way),
                "evidence": [_seen(job)],
            }
            self._parts["row_edges"].append(edge)
        self._link(self._id(source), target, job)

    def _link(self, source: str, target: str, job: str) -> None:
        self._parts["dataset_edges"].append({"source": source, "target": target, "job": job, "evidence": [_seen(job)]})


def mentioned(event: Json) -> Iterator[Json]:
    """The datasets of an event: its own, its inputs, its outputs."""
    if "dataset" in event:
        yield event["dataset"]
    yield from event.get("inputs") or ()
    yield from event.get("outputs") or ()


def _foreign(dataset: Json, facets: Json) -> Json:
    namespace, name = dataset["namespace"], dataset["name"]
    owners = (facets.get("ownership") or {}).get("owners") or ()
    made = {
        "id": f"{namespace}/{name}" if namespace else name,
        "namespace": namespace,
        "name": name,
        "kind": "external",
        "schema_origin": "properties" if "schema" in facets else "none",
        "owner": owners[0]["name"] if owners else None,
        "description": (facets.get("documentation") or {}).get("description") or "",
        "tags": [tag["key"] for tag in (facets.get("tags") or {}).get("tags") or () if not tag.get("field")],
    }
    return made | ({"columns": columns_of(facets)} if "schema" in facets else {})


def columns_of(facets: Json) -> list[Json]:
    """The columns of a dataset's schema facet, with the tags of its tags facet, as the lineage document has them."""
    tags: dict[str, list[str]] = {}
    for tag in (facets.get("tags") or {}).get("tags") or ():
        if tag.get("field"):
            tags.setdefault(tag["field"], []).append(tag["key"])
    return [
        {
            "name": field["name"],
            "type": field.get("type"),
            "ordinal": field.get("ordinal_position"),
            "description": field.get("description") or "",
            "tags": tags.get(field["name"], []),
        }
        for field in facets["schema"].get("fields") or ()
    ]


def _subtype(way: Json) -> str:
    said = str(way.get("subtype") or "").upper()
    if said in _SUBTYPES:
        return said
    return "CONDITIONAL" if way.get("type") == "INDIRECT" else "TRANSFORMATION"


def _seen(job: str) -> Json:
    return {"kind": "observed", "note": job}
