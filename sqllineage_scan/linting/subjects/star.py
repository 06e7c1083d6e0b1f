"""A star: ``select o.*``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.finding import Step
from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "datasets": "the datasets that it stands over",
    "unknown": "those of them whose columns nothing in the repository lists",
    "outputs": "the datasets whose columns it gives",
    "public": "those of them that somebody outside looks at, or whose contract dbt enforces",
    "foreign": "the datasets it stands over that are of another folder than what it gives columns to",
}


def each(material: Material) -> Iterator[Item]:
    for statement in material.known_facts.statements:
        for star in statement.stars:
            known = [material.index.datasets[dataset] for dataset in star.datasets if dataset in material.index.datasets]
            unknown = tuple(
                dataset.id for dataset in known if not dataset.origin.complete and dataset.kind is not DatasetKind.TEMPORARY
            )
            guarded = tuple(
                dataset
                for dataset in star.outputs
                if dataset in material.public or ((node := material.nodes.get(dataset)) is not None and node.contract)
            )
            folders = {_folder(material.files.get(dataset, "")) for dataset in star.outputs}
            foreign = tuple(dataset for dataset in star.datasets if _folder(material.files.get(dataset, "")) not in folders)
            yield Item(
                star.span,
                ", ".join(map(str, star.datasets or star.outputs)),
                {"datasets": star.datasets, "unknown": unknown, "outputs": star.outputs, "public": guarded, "foreign": foreign},
                tuple(Step(f"{dataset.id} is here", dataset.span) for dataset in known if dataset.span is not None),
                of=material.made_by(statement),
            )


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
