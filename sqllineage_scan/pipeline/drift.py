"""A repository against what was observed of its database."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from sqllineage_scan.diff.drift import compare_with_observed
from sqllineage_scan.domain.dataset import DatasetKind
from sqllineage_scan.domain.drift import Expected, ExpectedColumn
from sqllineage_scan.domain.names import ColumnId
from sqllineage_scan.inputs.observe import observed
from sqllineage_scan.linting.material import Material
from sqllineage_scan.linting.promises import made_columns, tags_in_repository, type_in_sql
from sqllineage_scan.pipeline.memory import no_collection
from sqllineage_scan.pipeline.scan import examine_repository
from sqllineage_scan.pipeline.watch import drifted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.drift import DriftReport
    from sqllineage_scan.linting.settings import RuleSettings
    from sqllineage_scan.pipeline.options import ScanOptions

_MADE = frozenset(
    {
        DatasetKind.TABLE, DatasetKind.VIEW, DatasetKind.MATERIALIZED_VIEW, DatasetKind.MODEL, DatasetKind.SEED,
        DatasetKind.SNAPSHOT,
    }
)  # fmt: skip
_READ = frozenset({DatasetKind.SOURCE, DatasetKind.EXTERNAL})


def drift(
    root: Path,
    file: Path,
    options: ScanOptions,
    settings: RuleSettings,
    *,
    kind: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> DriftReport:
    """dbt's artifacts are left out of it: what they say of tables is what the repository is held against."""
    found = observed(file, kind)
    with no_collection():
        examined = examine_repository(root, replace(options, artifacts=False), progress)
        graph = examined.graph
        material = Material(graph, examined.facts, settings)
        expected = {each.id: _expected(material, each) for each in graph.datasets if each.kind in _MADE or each.kind in _READ}
        report = compare_with_observed(expected, graph.datasets, found)
    drifted(Counter(each.kind.value for each in report.drifts))
    return report


def _expected(material: Material, dataset: Dataset) -> Expected:
    """Of what the repository makes the columns that it makes; of what it only reads those that it reads or lists."""
    made = dataset.kind in _MADE
    names = made_columns(material, dataset) if made else tuple(_listed(material, dataset))
    columns = []
    for name in names:
        key = ColumnId(dataset.id, name)
        place = material.column_place(key) if made else material.declared_places.get(key)
        columns.append(ExpectedColumn(name, type_in_sql(material, key), tags_in_repository(material, key), place))
    return Expected(dataset.id, made, made and dataset.origin.complete, tuple(columns), material.place(dataset.id))


def _listed(material: Material, dataset: Dataset) -> dict[str, None]:
    listed = (*(column.name for column in dataset.columns or ()), *material.index.columns.get(dataset.id, ()))
    return dict.fromkeys(name.partition(".")[0] for name in listed)
