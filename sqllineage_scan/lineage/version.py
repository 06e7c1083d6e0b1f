"""A dataset's version: the fingerprint of its own definition and of the versions of all that it reads."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.edge import DatasetEdge
    from sqllineage_scan.domain.names import DatasetId


class Statement(NamedTuple):
    """A statement's fingerprint, the datasets that it writes or defines, and the file that it stands in."""

    fingerprint: str
    makes: tuple[DatasetId, ...]
    path: str = ""


def with_versions(
    datasets: Sequence[Dataset],
    statements: Iterable[Statement],
    edges: Iterable[DatasetEdge],
    cycles: Iterable[tuple[DatasetId, ...]],
) -> list[Dataset]:
    """``datasets``, each with its version. Equal versions, equal meaning; comments and layout do not count.

    Datasets that are made from each other have one fate: the definition of each is part of the version of all.
    """
    own = _definitions(datasets, statements)
    group = {member: members for members in cycles for member in members}
    above: dict[DatasetId, set[DatasetId]] = {}
    for edge in edges:
        if edge.source not in group.get(edge.target, (edge.target,)):
            above.setdefault(edge.target, set()).add(edge.source)
    versions: dict[DatasetId, str] = {}
    for dataset in sorted(own):
        _settle(dataset, own, above, group, versions)
    return [replace(dataset, version=f"sha256:{versions[dataset.id]}") for dataset in datasets]


def _settle(
    start: DatasetId,
    own: dict[DatasetId, str],
    above: dict[DatasetId, set[DatasetId]],
    group: dict[DatasetId, tuple[DatasetId, ...]],
    versions: dict[DatasetId, str],
) -> None:
    """The versions of ``start`` and of all above it that have none yet, with a stack of our own: chains are long."""
    pending = [start]
    while pending:
        dataset = pending[-1]
        members = group.get(dataset, (dataset,))
        sources = sorted({source for member in members for source in above.get(member, ()) if source in own} - set(members))
        waiting = [source for source in sources if source not in versions]
        if waiting:
            pending.extend(waiting)
            continue
        pending.pop()
        parts = [*sorted(own[member] for member in members), *(versions[source] for source in sources)]
        versions[dataset] = _digest([own[dataset], *parts])


def _definitions(datasets: Iterable[Dataset], made: Iterable[Statement]) -> dict[DatasetId, str]:
    """Each dataset by what makes it: its statements, or the columns that are declared for it. Those of one file count in their
    order; the files in none, since to move a script is no change.
    """
    written: dict[DatasetId, dict[str, list[str]]] = {}
    for statement in made:
        for target in dict.fromkeys(statement.makes):
            written.setdefault(target, {}).setdefault(statement.path, []).append(statement.fingerprint)
    statements = {target: [mark for script in sorted(scripts.values()) for mark in script] for target, scripts in written.items()}
    found = {}
    for dataset in datasets:
        declared = [
            f"{column.name} {column.type or ''}" for column in dataset.columns or () if column.ordinal or dataset.origin.complete
        ]
        found[dataset.id] = _digest([str(dataset.id), dataset.kind, *(statements.get(dataset.id) or declared)])
    return found


def _digest(parts: Iterable[str]) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
