"""Events held against the JSON Schemas of the specification, facet by facet, and ours against our own."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from sqllineage_scan.outputs.openlineage import own_facets

SPEC = Path(__file__).parent / "spec"
OURS = Path(own_facets.__file__).parent / "facets" / own_facets.VERSION / "SqlLineageScanFacets.json"


@cache
def registry() -> Registry:
    contents = [json.loads(path.read_text(encoding="utf-8")) for path in (*SPEC.rglob("*.json"), OURS)]
    return Registry().with_resources([(content["$id"], Resource.from_contents(content)) for content in contents])


@cache
def validator(reference: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": reference}, registry=registry(), format_checker=FormatChecker())


def check(event: dict[str, Any]) -> None:
    """The event by the schema that it names, and every facet in it by the one that that names."""
    validator(event["schemaURL"]).validate(event)
    for facet in facets(event):
        validator(facet["_schemaURL"]).validate(facet)


def facets(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [facet for item in value for facet in facets(item)]
    if not isinstance(value, dict):
        return []
    own = [value] if "_schemaURL" in value else []
    return [*own, *(facet for item in value.values() for facet in facets(item))]
