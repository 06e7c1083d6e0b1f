"""One of the two graphs that are compared, looked up the ways a comparison needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sqllineage_scan.diff.derived import derived_definition
from sqllineage_scan.domain.change import State
from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.definition import Definitions
from sqllineage_scan.graph.content import Content
from sqllineage_scan.graph.index import build_index

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqllineage_scan.domain.dataset import Column, Dataset
    from sqllineage_scan.domain.dbt import Node
    from sqllineage_scan.domain.definition import ColumnForm, Definition, Form
    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.domain.names import ColumnId, DatasetId
    from sqllineage_scan.graph.index import Index
    from sqllineage_scan.graph.model import LineageGraph

_NOT_THERE = frozenset({DatasetKind.EXTERNAL, DatasetKind.TEST})


@dataclass(frozen=True)
class Side:
    """``derive``: definitions are worked out from edges, since one of the two documents is too old to have them. ``touched``:
    the datasets that may differ, and all that is made of them; None: any. Edges into others are not looked at.
    """

    graph: LineageGraph
    derive: bool = False
    touched: frozenset[DatasetId] | None = None

    @cached_property
    def column_edges(self) -> tuple[ColumnEdge, ...]:
        return self._edges[0]

    @cached_property
    def _edges(self) -> tuple[tuple[ColumnEdge, ...], tuple[RowEdge, ...]]:
        graph = self.graph
        return (graph.column_edges, graph.row_edges) if self.touched is None else graph.edges_into(self.touched)

    @cached_property
    def index(self) -> Index:
        graph = self.graph
        part = Content(
            name=graph.name,
            datasets=graph.datasets,
            jobs=graph.jobs,
            column_edges=self._edges[0],
            row_edges=self._edges[1],
            dataset_edges=graph.dataset_edges,
            exposures=graph.exposures,
        )
        return build_index(part)

    @cached_property
    def datasets(self) -> Mapping[DatasetId, Dataset]:
        """The same as the index has; edges need not be read for it."""
        return {dataset.id: dataset for dataset in self.graph.datasets}

    @cached_property
    def dataset_edges_into(self) -> Mapping[DatasetId, Sequence[DatasetEdge]]:
        found: dict[DatasetId, list[DatasetEdge]] = {}
        for edge in self.graph.dataset_edges:
            found.setdefault(edge.target, []).append(edge)
        return found

    @cached_property
    def defined(self) -> Mapping[DatasetId, Dataset]:
        """The datasets that the repository makes or declares. What it only reads is there whether it reads it or not."""
        return {dataset.id: dataset for dataset in self.graph.datasets if dataset.kind not in _NOT_THERE}

    @cached_property
    def definitions(self) -> Mapping[DatasetId, Definition]:
        if not self.derive:
            return self.graph.definitions
        return Definitions(self.datasets, lambda dataset: derived_definition(self.index, dataset))

    @cached_property
    def _forms(self) -> dict[DatasetId, Mapping[str, ColumnForm]]:
        return {}

    def column_form(self, column: ColumnId) -> ColumnForm | None:
        known = self._forms.get(column.dataset)
        if known is None:
            definition = self.definitions.get(column.dataset)
            known = {each.name: each for each in definition.columns} if definition is not None else {}
            self._forms[column.dataset] = known
        return known.get(column.column)

    def form(self, column: ColumnId) -> Form | None:
        found = self.column_form(column)
        return None if found is None else found.form

    @cached_property
    def nodes(self) -> Mapping[DatasetId, Node]:
        """dbt's models, seeds, snapshots and sources by what they make."""
        return {node.dataset: node for node in self.graph.nodes if node.dataset is not None and node.enabled}

    @cached_property
    def by_unique_id(self) -> Mapping[str, DatasetId]:
        return {node.unique_id: node.dataset for node in self.graph.nodes if node.dataset is not None and node.enabled}

    @cached_property
    def tests(self) -> Mapping[DatasetId, tuple[Node, ...]]:
        """The generic tests of each dataset; singular ones are datasets of their own."""
        found: dict[DatasetId, list[Node]] = {}
        for node in self.graph.nodes:
            if node.resource_type == "test" and node.enabled and node.columns:
                for parent in node.depends_on[:1] if len(node.depends_on) == 1 else node.depends_on:
                    dataset = self.by_unique_id.get(parent)
                    if dataset is not None:
                        found.setdefault(dataset, []).append(node)
        return {dataset: tuple(nodes) for dataset, nodes in found.items()}

    def column(self, column: ColumnId) -> Column | None:
        dataset = self.datasets.get(column.dataset)
        return next((item for item in dataset.columns or () if item.name == column.column), None) if dataset else None

    def names(self, dataset: DatasetId) -> tuple[str, ...]:
        """The columns in their order. Where the list is complete, what is only read of it is none of them."""
        found = self.datasets.get(dataset)
        if found is None:
            return ()
        return tuple(column.name for column in found.columns or () if column.ordinal is not None or not found.origin.complete)

    def complete(self, dataset: DatasetId) -> bool:
        """Whether a column that is not listed does not exist."""
        found = self.datasets.get(dataset)
        return found is not None and found.origin.complete

    def maker(self, column: ColumnId) -> ColumnEdge | None:
        """An edge whose expression makes the value."""
        edges = self.index.column_edges_into.get(column, ())
        direct = [edge for edge in edges if edge.transformation.type == "DIRECT"]
        return next((edge for edge in direct or edges if edge.transformation.description), None)

    def expression(self, column: ColumnId) -> State:
        """How the value is made, as written, and where; else where its dataset is defined."""
        edge = self.maker(column)
        if edge is not None:
            return State(edge.transformation.description, edge.span)
        form = self.column_form(column)
        if form is not None and form.expression:
            return State(form.expression, form.span)
        dataset = self.datasets.get(column.dataset)
        return State(column.column, dataset.span if dataset else None)
