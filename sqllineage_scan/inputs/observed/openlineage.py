"""OpenLineage events: the last schema and tags that runs reported of each dataset. What no run touched is not told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.drift import Observed, ObservedColumn, ObservedDataset
from sqllineage_scan.errors import UsageError
from sqllineage_scan.inputs.load import form_of
from sqllineage_scan.inputs.openlineage import columns_of, events, mentioned

if TYPE_CHECKING:
    from pathlib import Path


def fits(path: Path, head: bytes) -> bool:
    del path
    return form_of(head) == "openlineage"


def read(path: Path) -> Observed:
    try:
        last = _last(list(events(path.read_text(encoding="utf-8-sig"))))
        datasets = tuple(_dataset(name, facets) for (_, name), facets in sorted(last.items()))
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"its events are not as OpenLineage has them: {error!r}") from error
    if not last:
        raise UsageError("no event says which columns a dataset has (facet schema)")
    return Observed(path.name, "openlineage", datasets, whole=False)


def _last(found: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """By dataset, the facets of the latest event that has its schema."""
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for event in sorted(found, key=lambda event: str(event.get("eventTime") or "")):
        for dataset in mentioned(event):
            facets = dataset.get("facets") or {}
            if "schema" in facets:
                last[dataset["namespace"], dataset["name"]] = facets
    return last


def _dataset(name: str, facets: dict[str, Any]) -> ObservedDataset:
    tagged = "tags" in facets
    return ObservedDataset(
        (name,),
        tuple(
            ObservedColumn(column["name"], column["type"] or "", tags=tuple(column["tags"]) if tagged else None)
            for column in columns_of(facets)
        ),
    )
