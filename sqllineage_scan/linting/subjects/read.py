"""An item of FROM that names a dataset: ``from raw.orders o``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.finding import Step
from sqllineage_scan.linting.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqllineage_scan.linting.material import Material

NEEDS = ("facts",)
ATTRIBUTES = {
    "dataset": "the dataset that is read",
    "named_by": "how it is named: table, ref, source, this, file, hole",
    "written": "its name, as written",
    "of_dbt_node": "whether the statement is a dbt model, snapshot or test",
    "resource_type": "what the dataset is in dbt: model, source, seed, snapshot, or nothing",
    "call": "what dbt calls it: ref('orders'), source('raw', 'orders')",
    "reader": "what the statement writes",
}


def each(material: Material) -> Iterator[Item]:
    jobs = material.index.jobs
    for statement in material.known_facts.statements:
        job = jobs.get(statement.job)
        own = job.unique_id if job is not None else None
        for read in statement.reads:
            dataset = material.index.datasets.get(read.dataset)
            parts = (dataset.unique_id or "").split(".") if dataset is not None else [""]
            kind = parts[0] if len(parts) > 2 else ""  # noqa: PLR2004 -- model.shop.orders
            node = material.nodes.get(read.dataset)
            span = dataset.span if dataset is not None else None
            yield Item(
                read.span,
                str(read.dataset),
                {
                    "dataset": read.dataset,
                    "named_by": read.kind.value,
                    "written": read.written,
                    "of_dbt_node": bool(own) and dataset is not None and dataset.unique_id != own,
                    "resource_type": kind,
                    "call": _call(kind, parts, node.name if node is not None else parts[-1]),
                    "reader": tuple(job.writes) if job is not None else (),
                },
                (Step(f"{read.dataset} is made here", span),) if span is not None else (),
                1.0 if read.certain else 0.5,
                "" if read.certain else f"{read.written} may be another dataset",
                material.made_by(statement),
            )


def _call(kind: str, parts: list[str], name: str) -> str:
    if kind == "source":
        return f"source('{parts[2]}', '{parts[-1]}')"
    return f"ref('{name}')" if kind else ""
