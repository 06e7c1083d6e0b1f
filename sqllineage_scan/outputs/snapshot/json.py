"""A snapshot: the lineage document, with what it is a snapshot of and the digests of what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from sqllineage_scan.graph.encode import sections
from sqllineage_scan.outputs.lineage.json import write_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqllineage_scan.graph.snapshot import Snapshot


def write(snapshot: Snapshot, out: TextIO) -> None:
    write_parts(_parts(snapshot), out)


def _parts(snapshot: Snapshot) -> Iterator[tuple[str, str | dict[str, Any] | Iterable[dict[str, Any]]]]:
    for key, value in sections(snapshot.graph):
        yield key, value
        if key == "project":
            yield "snapshot", record(snapshot)


def record(snapshot: Snapshot) -> dict[str, Any]:
    hashes = snapshot.hashes
    return {
        "name": snapshot.name,
        "date": snapshot.date,
        "revision": snapshot.revision,
        "schema": hashes.schema,
        "lineage": hashes.lineage,
        "versions": hashes.versions,
        "datasets": {str(dataset): {"schema": each.schema, "lineage": each.lineage} for dataset, each in hashes.datasets.items()},
    }
