"""Where a dataset's columns and rows come from: the facets ``columnLineage`` (1-2-0) and ``lineage`` (1-0-0)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from openlineage.client.facet_v2 import column_lineage_dataset, lineage

from sqllineage_scan.domain.transformation import Transformation
from sqllineage_scan.outputs.openlineage.producer import PRODUCER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
    from sqllineage_scan.domain.names import ColumnId, DatasetId
    from sqllineage_scan.outputs.naming import Names

Ways = dict["ColumnId", list[Transformation]]


class Into(NamedTuple):
    """The edges that one job makes into one dataset."""

    columns: tuple[ColumnEdge, ...] = ()
    rows: tuple[RowEdge, ...] = ()
    datasets: tuple[DatasetEdge, ...] = ()

    def fields(self) -> Mapping[str, Ways]:
        """Of every column of the dataset what it is made from, and each way in which it is."""
        found: defaultdict[str, Ways] = defaultdict(lambda: defaultdict(list))
        for edge in self.columns:
            found[edge.target.column][edge.source].append(edge.transformation)
        return found

    def rows_from(self) -> Ways:
        found: Ways = defaultdict(list)
        for edge in self.rows:
            found[edge.source].append(Transformation(edge.subtype))
        return found


def column_lineage(into: Into, names: Names) -> column_lineage_dataset.ColumnLineageDatasetFacet:
    fields = {
        names.column(column): column_lineage_dataset.Fields(inputFields=_input_fields(ways, names))
        for column, ways in into.fields().items()
    }
    rows = _input_fields(into.rows_from(), names)
    return column_lineage_dataset.ColumnLineageDatasetFacet(fields=fields, dataset=rows, producer=PRODUCER)


def _input_fields(ways: Ways, names: Names) -> list[column_lineage_dataset.InputField]:
    return [
        column_lineage_dataset.InputField(
            namespace=names.dataset(source.dataset).namespace,
            name=names.dataset(source.dataset).name,
            field=names.column(source.column),
            transformations=[
                column_lineage_dataset.Transformation(
                    type=way.type.value, subtype=way.subtype.value, description=way.description, masking=way.masking
                )
                for way in each
            ],
        )
        for source, each in ways.items()
    ]


def explicit_lineage(outputs: Mapping[DatasetId, Into], names: Names) -> lineage.LineageJobFacet:
    """What a job declares: each dataset it writes, with all that feeds it. No inputs at all means that nothing tracked does."""
    return lineage.LineageJobFacet(entries=[_entry(target, into, names) for target, into in outputs.items()], producer=PRODUCER)


def _entry(target: DatasetId, into: Into, names: Names) -> lineage.LineageDatasetEntry:
    name = names.dataset(target)
    fields = {
        names.column(column): lineage.LineageFieldEntry(inputs=_inputs(ways, names)) for column, ways in into.fields().items()
    }
    sources = dict.fromkeys(edge.source for edge in into.datasets)
    inputs = [*(_whole(source, names) for source in sources), *_inputs(into.rows_from(), names)]
    return lineage.LineageDatasetEntry(namespace=name.namespace, name=name.name, type="DATASET", inputs=inputs, fields=fields)


def _whole(source: DatasetId, names: Names) -> lineage.LineageInput:
    name = names.dataset(source)
    return lineage.LineageDatasetInput(namespace=name.namespace, name=name.name, type="DATASET")


def _inputs(ways: Ways, names: Names) -> list[lineage.LineageInput]:
    return [
        lineage.LineageDatasetInput(
            namespace=names.dataset(source.dataset).namespace,
            name=names.dataset(source.dataset).name,
            type="DATASET",
            field=names.column(source.column),
            transformations=_transformations(each),
        )
        for source, each in ways.items()
    ]


def _transformations(ways: Iterable[Transformation]) -> list[lineage.LineageTransformation]:
    return [
        lineage.LineageTransformation(
            type=way.type.value, subtype=way.subtype.value, description=way.description, masking=way.masking
        )
        for way in ways
    ]
