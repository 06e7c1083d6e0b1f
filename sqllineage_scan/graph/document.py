"""The lineage document: written, read back, and described by its JSON Schema."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from sqllineage_scan.graph.decode import from_dict
from sqllineage_scan.graph.encode import SCHEMA_VERSION, to_dict

__all__ = ["SCHEMA_VERSION", "from_dict", "schema", "to_dict"]


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) that every document of this version meets."""
    text = files("sqllineage_scan.graph").joinpath("lineage.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
