"""Older lineage documents, made into what this version writes. One step a version, in order; what is absent needs no step.

1.0   A candidate did not say among how many it is (``among``): the factor was that of one of two. Read as it is now it would be
      certain, which is the one thing that it is not.
1.1   Datasets had no ``uuid``. It follows from namespace and name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.names import DatasetId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Json = dict[str, Any]
_EDGES = ("column_edges", "row_edges", "dataset_edges")
_FORMERLY = 2


def migrate(document: Any) -> Any:
    """A document of any 1.x as one of the newest; what is no document at all is left for the reader to refuse."""
    if not isinstance(document, dict) or not isinstance(document.get("schema_version"), str):
        return document
    migrated: Json = document
    while (step := _STEPS.get(str(migrated["schema_version"]))) is not None:
        migrated = step(migrated)
    return migrated


def _from_1_0(document: Mapping[str, Any]) -> Json:
    edges = {key: _with_among(document[key]) for key in _EDGES if isinstance(document.get(key), list)}
    return {**document, **edges, "schema_version": "1.1"}


def _with_among(edges: list[Any]) -> list[Any]:
    return [
        {**edge, "evidence": [_counted(item) for item in edge["evidence"]]}
        if isinstance(edge, dict) and isinstance(edge.get("evidence"), list)
        else edge
        for edge in edges
    ]


def _counted(item: Any) -> Any:
    old = isinstance(item, dict) and item.get("kind") == "candidate" and item.get("among") is None
    return {**item, "among": _FORMERLY} if old else item


def _from_1_1(document: Mapping[str, Any]) -> Json:
    datasets = document.get("datasets")
    known = {"datasets": [_with_uuid(item) for item in datasets]} if isinstance(datasets, list) else {}
    return {**document, **known, "schema_version": "1.2"}


def _with_uuid(dataset: Any) -> Any:
    names = (dataset.get("namespace", ""), dataset.get("name")) if isinstance(dataset, dict) else (None, None)
    if not all(isinstance(name, str) for name in names):
        return dataset  # the reader says so
    return {"uuid": str(DatasetId(*names).uuid), **dataset}


_STEPS: Mapping[str, Callable[[Mapping[str, Any]], Json]] = {"1.0": _from_1_0, "1.1": _from_1_1}
