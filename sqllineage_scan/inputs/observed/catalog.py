"""dbt's ``catalog.json``, as ``dbt docs generate`` leaves it: tables of the database by dbt's unique ids."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.drift import Observed, ObservedColumn, ObservedDataset
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def fits(path: Path, head: bytes) -> bool:
    return path.name == "catalog.json" or b"schemas.getdbt.com/dbt/catalog/" in head


def read(path: Path) -> Observed:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not readable as JSON: {error}") from error
    if not isinstance(loaded, dict) or not isinstance(loaded.get("nodes"), dict):
        raise UsageError("it is no catalog of dbt: it has no nodes")
    sources = loaded.get("sources")
    members = {**loaded["nodes"], **(sources if isinstance(sources, dict) else {})}
    datasets = (_dataset(unique_id, node) for unique_id, node in sorted(members.items()) if isinstance(node, dict))
    return Observed(path.name, "catalog", tuple(each for each in datasets if each.columns))


def _dataset(unique_id: str, node: dict[str, Any]) -> ObservedDataset:
    metadata = _mapping(node.get("metadata"))
    parts = [str(metadata[key]) for key in ("database", "schema", "name") if metadata.get(key)]
    columns = [each for each in _mapping(node.get("columns")).values() if isinstance(each, dict) and each.get("name")]
    columns.sort(key=lambda each: (each["index"] if isinstance(each.get("index"), int) else 0, str(each["name"])))
    return ObservedDataset(
        tuple(dict.fromkeys(filter(None, (unique_id, ".".join(parts))))),
        tuple(ObservedColumn(str(each["name"]), str(each.get("type") or "")) for each in columns),
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
