"""A contract as the YAML of the Open Data Contract Standard, written by the standard's own classes.

3.1.0 is said, which more tools read than 3.2.0, and nothing is used that it has not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from sqllineage_scan.outputs.harmless import write_yaml

if TYPE_CHECKING:
    from open_data_contract_standard.model import SchemaObject, SchemaProperty

    from sqllineage_scan.domain.contract import Contract, PromisedColumn, PromisedDataset

_API_VERSION = "v3.1.0"
ENDING = "yaml"


def write(contract: Contract, out: TextIO) -> None:
    from open_data_contract_standard.model import OpenDataContractStandard

    model = OpenDataContractStandard(
        version=contract.version,
        kind="DataContract",
        apiVersion=_API_VERSION,
        id=contract.id,
        name=contract.name or None,
        status=contract.status or None,
        schema=[_object(each) for each in contract.datasets],
    )
    values = model.model_dump(exclude_defaults=True, exclude_none=True, by_alias=True)  # as its own to_yaml has it
    write_yaml(values, out)


def _object(dataset: PromisedDataset) -> SchemaObject:
    from open_data_contract_standard.model import SchemaObject

    return SchemaObject(
        name=dataset.name,
        physicalName=dataset.names[0],
        logicalType="object",
        description=dataset.description or None,
        tags=list(dataset.tags) or None,
        properties=[_property(column) for column in dataset.columns],
    )


def _property(column: PromisedColumn) -> SchemaProperty:
    from open_data_contract_standard.model import SchemaProperty

    return SchemaProperty(
        name=column.name,
        physicalType=column.type or None,
        logicalType=column.logical_type or None,
        description=column.description or None,
        tags=list(column.tags) or None,
        required=column.required,
        unique=column.unique,
    )
