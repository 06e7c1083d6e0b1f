"""What a dataset is: schema, source, owner, words about it, tags, version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openlineage.client.facet_v2 import (
    dataset_type_dataset,
    dataset_version_dataset,
    datasource_dataset,
    documentation_dataset,
    ownership_dataset,
    schema_dataset,
    tags_dataset,
)

from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.outputs.openlineage.producer import PRODUCER

if TYPE_CHECKING:
    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.outputs.naming import Names

Facets = dict[str, Any]
_TYPES = {
    DatasetKind.VIEW: ("VIEW", None),
    DatasetKind.MATERIALIZED_VIEW: ("VIEW", "MATERIALIZED"),
    DatasetKind.EPHEMERAL: ("VIEW", "EPHEMERAL"),
    DatasetKind.FILE: ("FILE", None),
    DatasetKind.TEMPORARY: ("TABLE", "TEMPORARY"),
    DatasetKind.EXTERNAL: ("TABLE", "EXTERNAL"),
    DatasetKind.QUERY: ("QUERY", None),
    DatasetKind.TEST: ("QUERY", "TEST"),
}


def dataset_facets(dataset: Dataset, names: Names) -> Facets:
    facets: Facets = {"dataSource": _source(dataset, names), "datasetType": _type(dataset)}
    if dataset.columns is not None:
        facets["schema"] = _schema(dataset, names)
    if dataset.description:
        facets["documentation"] = documentation_dataset.DocumentationDatasetFacet(
            description=dataset.description, contentType="text/markdown", producer=PRODUCER
        )
    if dataset.owner is not None:
        owner = ownership_dataset.Owner(name=dataset.owner, type="OWNER")
        facets["ownership"] = ownership_dataset.OwnershipDatasetFacet(owners=[owner], producer=PRODUCER)
    tags = _tags(dataset, names)
    if tags:
        facets["tags"] = tags_dataset.TagsDatasetFacet(tags=tags, producer=PRODUCER)
    if dataset.version is not None:
        facets["version"] = dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion=dataset.version, producer=PRODUCER)
    return facets


def _source(dataset: Dataset, names: Names) -> datasource_dataset.DatasourceDatasetFacet:
    namespace = names.dataset(dataset.id).namespace
    return datasource_dataset.DatasourceDatasetFacet(name=namespace, uri=namespace, producer=PRODUCER)


def _type(dataset: Dataset) -> dataset_type_dataset.DatasetTypeDatasetFacet:
    kind, subtype = _TYPES.get(dataset.kind, ("TABLE", dataset.kind.value.upper()))
    return dataset_type_dataset.DatasetTypeDatasetFacet(datasetType=kind, subType=subtype, producer=PRODUCER)


def _schema(dataset: Dataset, names: Names) -> schema_dataset.SchemaDatasetFacet:
    fields = [
        schema_dataset.SchemaDatasetFacetFields(
            name=names.column(column.name),
            type=column.type,
            description=column.description or None,
            ordinal_position=column.ordinal,
        )
        for column in dataset.columns or ()
    ]
    return schema_dataset.SchemaDatasetFacet(fields=fields, producer=PRODUCER)


def _tags(dataset: Dataset, names: Names) -> list[tags_dataset.TagsDatasetFacetFields]:
    """The spec's tags have a key and a value; a tag of dbt is its key, and true."""
    tag = tags_dataset.TagsDatasetFacetFields
    source = "DBT" if dataset.unique_id else "SQL"
    of_dataset = [tag(key=word, value="true", source=source) for word in dataset.tags]
    of_columns = [
        tag(key=word, value="true", source=source, field=names.column(column.name))
        for column in dataset.columns or ()
        for word in column.tags
    ]
    return [*of_dataset, *of_columns]
