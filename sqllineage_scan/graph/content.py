"""All that a lineage graph holds: tuples, each sorted by value."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.coverage import Coverage
from sqllineage_scan.domain.definition import Definitions
from sqllineage_scan.domain.evidence import Band

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sized

    from sqllineage_scan.domain.acknowledgement import Acknowledgement
    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.dbt import Node
    from sqllineage_scan.domain.definition import Definition
    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.domain.finding import Finding
    from sqllineage_scan.domain.job import Exposure, Job
    from sqllineage_scan.domain.member import Member
    from sqllineage_scan.domain.names import DatasetId


class EdgeCounts(NamedTuple):
    """How many column edges there are of each band, and how many row edges."""

    bands: Mapping[Band, int]
    rows: int

    @property
    def columns(self) -> int:
        return sum(self.bands.values())


def counts_of(column_edges: Iterable[ColumnEdge], row_edges: Sized) -> EdgeCounts:
    bands = Counter(edge.band for edge in column_edges)
    return EdgeCounts({band: bands[band] for band in Band}, len(row_edges))


@dataclass(frozen=True, kw_only=True)
class Content:
    """What ``build_graph`` puts together and every question is answered from. ``LineageGraph`` adds the questions."""

    name: str  # of the project
    revision: str | None = None
    dialects: Mapping[str, int] = field(default_factory=dict, hash=False)  # dialect -> files in it
    datasets: tuple[Dataset, ...] = ()
    jobs: tuple[Job, ...] = ()
    column_edges: tuple[ColumnEdge, ...] = field(default_factory=tuple)
    row_edges: tuple[RowEdge, ...] = field(default_factory=tuple)
    dataset_edges: tuple[DatasetEdge, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    findings: tuple[Finding, ...] = ()
    definitions: Mapping[DatasetId, Definition] = field(default_factory=Definitions, hash=False)  # of what something here makes
    nodes: tuple[Node, ...] = ()  # of its dbt projects, as dbt counts them
    acknowledgements: tuple[Acknowledgement, ...] = ()  # changes that comments say are meant
    members: tuple[Member, ...] = ()  # of a graph of several repositories: what each of them was
    coverage: Coverage = field(default_factory=Coverage)
    made_of: str = field(default="", compare=False)  # a digest of all that it was made of; "" where nobody took one

    @property
    def edge_counts(self) -> EdgeCounts:
        return counts_of(self.column_edges, self.row_edges)
