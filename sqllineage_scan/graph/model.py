"""The lineage graph as users of the Python API hold it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.graph import questions, select, traverse
from sqllineage_scan.graph.content import Content
from sqllineage_scan.graph.encode import to_dict
from sqllineage_scan.graph.index import Index, build_index
from sqllineage_scan.graph.selector.choose import choose
from sqllineage_scan.graph.selector.cut import parts
from sqllineage_scan.graph.subject import column_subject, dataset_subject

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.edge import ColumnEdge, RowEdge
    from sqllineage_scan.domain.names import DatasetId
    from sqllineage_scan.graph.content import EdgeCounts
    from sqllineage_scan.graph.selector.picked import Picked
    from sqllineage_scan.graph.subject import Subject
    from sqllineage_scan.graph.traverse import Network, Path, Reach


LATER = "_later"
"""Under this name a graph has what gives its column and row edges, until somebody asks for those."""
COUNTS = "_counts"
"""… and how many there are, where that is known without them."""


@dataclass(frozen=True, kw_only=True, repr=False)
class LineageGraph(Content):
    """An immutable value: two graphs of the same content are equal. Made by ``build_graph`` or read by ``from_dict``.

    Wherever a method takes a name, it takes an id, dbt's unique id or model name, or any ending of an id that only one
    dataset or column has: ``analytics.orders.amount``, ``orders.amount``, ``model.shop.orders``.
    """

    def __getattr__(self, name: str) -> Any:
        """Column and row edges that nobody has asked for so far (``build_graph``'s ``later``): now somebody does."""
        later = self.__dict__.get(LATER) if name in ("column_edges", "row_edges") else None
        if later is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
        self.__dict__["column_edges"], self.__dict__["row_edges"] = later()
        del self.__dict__[LATER]
        return self.__dict__[name]

    @property
    def edge_counts(self) -> EdgeCounts:
        counts = self.__dict__.get(COUNTS) if LATER in self.__dict__ else None
        return counts() if counts is not None else super().edge_counts

    def __repr__(self) -> str:
        edges = f", {len(self.column_edges)} column edges, {len(self.row_edges)} row edges" if LATER not in self.__dict__ else ""
        return f"<LineageGraph {self.name!r}: {len(self.datasets)} datasets, {len(self.jobs)} jobs{edges}>"

    def to_dict(self) -> dict[str, Any]:
        """The lineage document: ``lineage.json`` as plain values."""
        return to_dict(self)

    def find(self, name: str) -> DatasetId | ColumnId:
        """The dataset or column that ``name`` means; ``UsageError`` when that is nobody or not sure."""
        return select.find(self.index, name)

    def dataset(self, name: str) -> Dataset:
        return self.index.datasets[select.find_dataset(self.index, name)]

    def columns(self, name: str) -> tuple[str, ...]:
        """The columns of a dataset: declared ones in their order, then those that are only known from their use."""
        return self.index.columns[select.find_dataset(self.index, name)]

    def upstream(self, name: str, *, depth: int | None = None, rows: bool = False) -> tuple[Reach, ...]:
        """All that a column's value, or a dataset, is made from, nearest first. ``rows``: and what decides its rows."""
        return traverse.reach(self._network(rows=rows), self.find(name), traverse.Direction.UPSTREAM, depth)

    def downstream(self, name: str, *, depth: int | None = None, rows: bool = False) -> tuple[Reach, ...]:
        """All that a column, or a dataset, has a part in, nearest first. ``rows``: also those whose rows it decides."""
        return traverse.reach(self._network(rows=rows), self.find(name), traverse.Direction.DOWNSTREAM, depth)

    def paths(self, source: str, target: str, *, rows: bool = False) -> tuple[Path, ...]:
        """Every shortest way from ``source`` down to ``target``, the most certain first; empty when there is none."""
        return traverse.shortest_paths(self._network(rows=rows), self.find(source), self.find(target))

    def subject(self, name: str, *, depth: int | None = None) -> Subject:
        """All there is to say of what ``name`` means. ``depth``: how far back; all the way for a column, one for a dataset."""
        found = self.find(name)
        if isinstance(found, ColumnId):
            return column_subject(self.index, found, depth)
        return dataset_subject(self.index, found, 1 if depth is None else depth)

    def edges_into(self, datasets: AbstractSet[DatasetId]) -> tuple[tuple[ColumnEdge, ...], tuple[RowEdge, ...]]:
        """The column and row edges into some datasets. Of a graph that a cache gave, the others need not be read for it."""
        later = self.__dict__.get(LATER)
        columns, rows = (self.column_edges, self.row_edges) if later is None else later(datasets)
        return (
            tuple(edge for edge in columns if edge.target.dataset in datasets),
            tuple(edge for edge in rows if edge.target in datasets),
        )

    def impact(self, name: str, *, depth: int | None = None) -> questions.Reached:
        """All that a change of ``name`` may reach: datasets, jobs, exposures, owners, and how much that is."""
        return questions.impact(self.index, self._network(rows=True), self.find(name), depth)

    def trace(self, name: str, *, rows: bool = False) -> questions.Traced:
        """Where a wrong value may come from: the ends of all chains into ``name``, the surest first, gaps among them."""
        return questions.trace(self.index, self._network(rows=rows), self.find(name), rows=rows)

    def ways(self, source: str, target: str, *, rows: bool = False) -> questions.Ways:
        """Every way from ``source`` down to ``target``, as a tree; ``paths`` are the shortest of them."""
        return questions.ways(self._network(rows=rows), self.find(source), self.find(target))

    def select(self, *select: str, exclude: str | Iterable[str] = ()) -> LineageGraph:
        """The part that selectors pick, in dbt's syntax: ``graph.select("+orders.amount+2", "tag:pii")`` is their union.

        ``UsageError`` when that is nothing. docs/selectors.md has the syntax.
        """
        unwanted = (exclude,) if isinstance(exclude, str) else exclude
        return self.only(choose(self, self.index, select, unwanted).picked)

    def only(self, picked: Picked) -> LineageGraph:
        changed: dict[str, Any] = parts(self, picked)
        return replace(self, **changed)

    @cached_property
    def index(self) -> Index:
        return build_index(self)

    @cached_property
    def _value_network(self) -> Network:
        return traverse.network(self, self.index, rows=False)

    @cached_property
    def _row_network(self) -> Network:
        return traverse.network(self, self.index, rows=True)

    def _network(self, *, rows: bool) -> Network:
        return self._row_network if rows else self._value_network
