"""A dataset that a query makes: a view, a table made of a query, a dbt model."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.finding import Step
from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.domain.facts import WriteFact
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "dataset": "the dataset",
    "kind": "its kind",
    "files": "the files that make it",
    "count": "how many files make it",
    "in_sequence": "whether these are numbered files of one folder, as migrations are: each takes the place of the one before",
}
_NOT_MADE = (DatasetKind.QUERY, DatasetKind.TEMPORARY, DatasetKind.FILE, DatasetKind.TEST)
_NUMBERED = re.compile(r"^[vVrR]?\d")


def each(material: Material) -> Iterator[Item]:
    found: defaultdict[DatasetId, list[WriteFact]] = defaultdict(list)
    for statement in material.known_facts.statements:
        for write in statement.writes:
            if write.kind is not None and write.kind not in _NOT_MADE:
                found[write.target].append(write)
    for dataset, writes in found.items():
        first = {write.span.path: write for write in sorted(writes, key=lambda write: write.span, reverse=True)}
        files = tuple(sorted(first))
        known = material.index.datasets.get(dataset)
        yield Item(
            first[files[-1]].span,
            str(dataset),
            {
                "dataset": dataset,
                "kind": known.kind.value if known is not None else "",
                "files": files,
                "count": len(files),
                "in_sequence": _in_sequence(files),
            },
            tuple(Step(f"{path} makes it too", first[path].span) for path in files[:-1]),
            of=dataset,
        )


def _in_sequence(files: tuple[str, ...]) -> bool:
    folders = {PurePosixPath(path).parent for path in files}
    return len(folders) == 1 and all(_NUMBERED.match(PurePosixPath(path).name) for path in files)
