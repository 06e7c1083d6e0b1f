"""Our own facets: what the spec has no place for. Their schema is ``facets/1-0-0/SqlLineageScanFacets.json`` beside this file.

Source of how facets are named and versioned: openlineage.io/docs/spec/facets/custom-facets.
"""

from __future__ import annotations

from typing import Any

import attr
from openlineage.client.facet_v2 import DatasetFacet, JobFacet

KEY = "sqllineageScan"
VERSION = "1-0-0"
SCHEMA_URL = (
    "https://raw.githubusercontent.com/sqllineage-scan/sqllineage-scan/main/"
    f"sqllineage_scan/outputs/openlineage/facets/{VERSION}/SqlLineageScanFacets.json"
)


@attr.define
class SqlLineageScanDatasetFacet(DatasetFacet):
    """``dataset``: as the lineage document has it. ``edges``: those into it that one job makes, with confidence and evidence."""

    dataset: dict[str, Any] | None = attr.field(default=None)
    edges: dict[str, Any] | None = attr.field(default=None)

    @staticmethod
    def _get_schema() -> str:
        return f"{SCHEMA_URL}#/$defs/SqlLineageScanDatasetFacet"


@attr.define
class SqlLineageScanJobFacet(JobFacet):
    """``project`` in every one of them; ``job`` or ``exposure`` as the lineage document has it, or a dbt ``test``."""

    project: dict[str, Any] | None = attr.field(default=None)
    job: dict[str, Any] | None = attr.field(default=None)
    exposure: dict[str, Any] | None = attr.field(default=None)
    test: dict[str, Any] | None = attr.field(default=None)

    @staticmethod
    def _get_schema() -> str:
        return f"{SCHEMA_URL}#/$defs/SqlLineageScanJobFacet"
