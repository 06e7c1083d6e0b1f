"""How much a change of something may break, as one number that can be argued with: it is a sum, and its parts are told.

Each part grows with every further reader, less and less, up to its most: one dashboard more matters much to the first and
little to the twentieth. Readers count by how sure we are that they are readers.

    exposures   40 * (1 - 0.5^n)     people look at them
    datasets    25 * (1 - 0.9^n)
    owners      20 * (1 - 0.5^n)     others than the subject's own, whom to ask first
    untested    15 * (1 - 0.9^n)     datasets reached that no test watches, so that nobody would notice

The weights are a judgement, not a measurement. Another reader never lowers the score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.names import ColumnId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.job import Exposure
    from sqllineage_scan.graph.index import Index
    from sqllineage_scan.graph.traverse import Node


@dataclass(frozen=True, slots=True)
class Affected:
    """A dataset that a change reaches. ``columns`` and ``rows``, of a changed column: which of it, and whether its rows may be
    others. ``confidence``: of the surest way.
    """

    dataset: Dataset
    columns: tuple[str, ...]
    rows: bool
    distance: int
    confidence: float


class Part(NamedTuple):
    name: str
    points: float
    most: int
    readers: float  # how many there are, each as much as we are sure of it
    said: str


class Risk(NamedTuple):
    """``score``: 0 to 100, the sum of the parts."""

    score: float
    parts: tuple[Part, ...]


def risk_of(index: Index, subject: Node, affected: Sequence[Affected], exposures: Sequence[Exposure]) -> Risk:
    sure = {item.dataset.id: item.confidence for item in affected}
    own = index.datasets[subject.dataset if isinstance(subject, ColumnId) else subject]
    sure[own.id] = 1.0
    users = [max(sure.get(dataset, 0.0) for dataset in exposure.depends_on) for exposure in exposures]
    others: dict[str, float] = {}
    for owner, confidence in [
        *((item.dataset.owner, item.confidence) for item in affected),
        *zip((exposure.owner for exposure in exposures), users, strict=True),
    ]:
        if owner is not None and owner != own.owner:
            others[owner] = max(confidence, others.get(owner, 0.0))
    unwatched = [item.confidence for item in affected if not _watched(item.dataset)]
    parts = (
        _part("exposures", 40, 0.5, users, "that people look at"),
        _part("datasets", 25, 0.9, [item.confidence for item in affected], "that are made from it"),
        _part("owners", 20, 0.5, list(others.values()), "other than its own"),
        _part("untested", 15, 0.9, unwatched, "datasets reached that no test watches"),
    )
    return Risk(round(sum(part.points for part in parts), 1), parts)


def _part(name: str, most: int, left: float, weights: Sequence[float], said: str) -> Part:
    count = round(sum(sorted(weights)), 2)
    return Part(name, round(most * (1 - left**count), 1), most, count, said)


def _watched(dataset: Dataset) -> bool:
    return any(column.tests for column in dataset.columns or ())
