"""Our examples as dbt sees them: the same nodes, parents, relations, SQL and columns, from the files alone.

dbt runs on a copy; the scan reads the example itself, in which dbt has installed, compiled and built nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from compiling import compiled_by_dbt, compiled_by_us
from effects import asked
from runs import ROOT, run_dbt

from benchmarks.dbt_parse import Comparison, of_document, of_manifest
from sqllineage_scan import scan

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = {"shop": (), "bakery": ("warehouse/tools/",)}  # and the folders of projects inside, which dbt does not see

MODELS = {"shop": 13, "bakery": 19}  # that read tables


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_scan_finds_what_dbt_finds(name: str, tmp_path: Path) -> None:
    example = ROOT / "examples" / name
    truth = run_dbt(example, "warehouse", tmp_path)
    document = scan(example).to_dict()
    nodes = Comparison(of_manifest(truth.parsed), of_document(document, EXAMPLES[name]))
    kinds = tuple(sorted({node.resource_type for node in nodes.dbt.values()}))

    assert [each for each in nodes.missing() if nodes.dbt[each].resource_type in kinds] == []
    assert [each for each in nodes.invented() if nodes.ours[each].resource_type != "group"] == []
    assert nodes.other_parents(*kinds) == {}
    assert nodes.other_relations() == {}
    assert compiled_by_us(example, document).items() >= compiled_by_dbt(truth.compiled).items()
    assert columns_by_us(document).items() >= columns_of(truth.catalog).items()
    effects = asked(truth.compiled, truth.catalog)
    assert len(effects) >= MODELS[name]
    assert {each: missed for each, missed in effects.items() if missed} == {}


def columns_of(catalog: dict[str, Any]) -> dict[str, list[str]]:
    """unique id -> the columns that the database has in the end, in order."""
    return {
        unique_id: [column["name"].lower() for column in sorted(found["columns"].values(), key=lambda column: column["index"])]
        for unique_id, found in catalog["nodes"].items()
    }


def columns_by_us(document: dict[str, Any]) -> dict[str, list[str]]:
    return {
        dataset["dbt"]["unique_id"]: [column["name"] for column in dataset.get("columns", ())]
        for dataset in document["datasets"]
        if "dbt" in dataset
    }
