"""Documents of older versions, kept as they were written, load and mean what they meant."""

from __future__ import annotations

import json
from pathlib import Path

from sqllineage_scan.api import load
from sqllineage_scan.domain.evidence import EvidenceKind
from sqllineage_scan.domain.names import DatasetId
from sqllineage_scan.graph.document import SCHEMA_VERSION, from_dict
from sqllineage_scan.graph.migrate import migrate

OLD = Path(__file__).parent / "documents" / "1.0.lineage.json"
WITHOUT_UUIDS = OLD.with_name("1.1.lineage.json")


def test_a_candidate_of_old_is_one_of_two() -> None:
    """As it was written, confidence 0.49; read without a migration it would be 0.99."""
    written = json.loads(OLD.read_text())
    before = {
        (edge["source"]["column"], edge["target"]["column"]): edge["confidence"]
        for edge in written["column_edges"]
        if any(item["kind"] == "candidate" for item in edge["evidence"])
    }
    assert list(before.values()) == [0.49]
    for edge in load(OLD).column_edges:
        if any(item.kind is EvidenceKind.CANDIDATE for item in edge.evidence):
            assert abs(edge.confidence - before[edge.source.column, edge.target.column]) < 0.01


def test_written_again_it_is_a_document_of_today() -> None:
    graph = load(OLD)
    assert graph.to_dict()["schema_version"] == SCHEMA_VERSION == "1.2"
    assert from_dict(graph.to_dict()) == graph
    assert len(graph.datasets) == len(json.loads(OLD.read_text())["datasets"])


def test_a_document_without_uuids_gets_those_that_a_scan_gives() -> None:
    document = json.loads(WITHOUT_UUIDS.read_text())
    assert document["schema_version"] == "1.1"
    assert not any("uuid" in dataset for dataset in document["datasets"])
    migrated = migrate(document)
    assert [dataset["uuid"] for dataset in migrated["datasets"]] == [
        str(DatasetId(dataset["namespace"], dataset["name"]).uuid) for dataset in document["datasets"]
    ]
    assert from_dict(document) == from_dict(migrated)
    assert migrate({**document, "datasets": [7]})["datasets"] == [7]
