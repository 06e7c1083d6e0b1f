"""A contract of the Open Data Contract Standard, taken for what is there: it speaks of its own datasets and of no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.domain.drift import Observed, ObservedColumn, ObservedDataset
from sqllineage_scan.errors import UsageError
from sqllineage_scan.inputs.odcs import check_installed, read_contract

if TYPE_CHECKING:
    from pathlib import Path


def fits(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in (".yaml", ".yml") and (b"apiVersion" in head or b"DataContract" in head)


def read(path: Path) -> Observed:
    check_installed()
    found = read_contract(path.read_text(encoding="utf-8-sig"), path.name)
    if found.contract is None:
        raise UsageError(found.findings[0].message)
    datasets = tuple(
        ObservedDataset(
            each.names,
            tuple(ObservedColumn(column.name, column.type, column.logical_type, column.tags) for column in each.columns),
        )
        for each in found.contract.datasets
    )
    return Observed(path.name, "odcs", datasets, whole=False)
