"""The configuration's JSON Schema, for editors: made from the fields of ``Settings``, so it cannot fall behind."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import Any

from sqllineage_scan.config.kinds import kind_of
from sqllineage_scan.config.settings import Settings


def schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sqllineage-scan.toml",
        "description": "Configuration of sqllineage-scan; the same keys go into [tool.sqllineage-scan] of pyproject.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": {field.name: _property(field) for field in fields(Settings)},
    }


def _property(field: Field[Any]) -> dict[str, Any]:
    said = {**kind_of(field).schema, "description": field.metadata["description"]}
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    if default is not None:
        said["default"] = list(default) if isinstance(default, tuple) else default
    said["examples"] = list(field.metadata["examples"])
    return said
