"""The lineage document: its names, its schema, and back again."""

from __future__ import annotations

import copy
import json
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator
from sample_shop import sample_shop

from sqllineage_scan.domain.coverage import GapKind
from sqllineage_scan.domain.dataset import DatasetKind, SchemaOrigin
from sqllineage_scan.domain.evidence import FACTORS, Band, EvidenceKind, band_of
from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.domain.job import JobKind
from sqllineage_scan.domain.source import FileKind, FileStatus
from sqllineage_scan.domain.transformation import TransformationSubtype
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.document import from_dict, schema
from sqllineage_scan.outputs.lineage.json import write

if TYPE_CHECKING:
    from enum import StrEnum

DOCUMENT = Path(__file__).with_name("shop.lineage.json")


def test_the_document_that_other_tests_load_is_this_graph(shop) -> None:
    """Made anew with: ``python tests/graph/test_document.py``."""
    out = StringIO()
    write(shop, out)
    assert out.getvalue() == DOCUMENT.read_text(encoding="utf-8")


def test_the_schema_is_one_and_the_document_meets_it(shop) -> None:
    Draft202012Validator.check_schema(schema())
    Draft202012Validator(schema()).validate(shop.to_dict())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dataset_kind", DatasetKind),
        ("schema_origin", SchemaOrigin),
        ("job_kind", JobKind),
        ("subtype", TransformationSubtype),
        ("band", Band),
        ("evidence_kind", EvidenceKind),
        ("severity", Severity),
        ("file_kind", FileKind),
        ("file_status", FileStatus),
        ("gap_kind", GapKind),
    ],
)
def test_the_schema_knows_the_words_of_the_code(name: str, words: type[StrEnum]) -> None:
    assert schema()["$defs"][name]["enum"] == [word.value for word in words]


def test_an_indirect_identity_does_not_meet_the_schema(shop) -> None:
    document = shop.to_dict()
    edge = next(edge for edge in document["column_edges"] if edge["subtype"] == "IDENTITY")
    edge["type"] = "INDIRECT"
    assert not Draft202012Validator(schema()).is_valid(document)


def test_names_of_the_document(shop) -> None:
    document = shop.to_dict()
    assert list(document) == [
        "schema_version",
        "tool",
        "project",
        "datasets",
        "jobs",
        "dataset_edges",
        "column_edges",
        "row_edges",
        "exposures",
        "findings",
        "stats",
    ]
    assert document["project"] == {"name": "shop", "revision": None, "dialects": {"duckdb": 4, "snowflake": 2}}
    assert [dataset["id"] for dataset in document["datasets"]] == sorted(dataset["id"] for dataset in document["datasets"])
    edge = next(edge for edge in document["column_edges"] if edge["subtype"] == "AGGREGATION")
    assert edge["source"] == {"dataset": "analytics.stg_payments", "column": "amount"}
    confidence = FACTORS[EvidenceKind.HOLE].value
    assert (edge["confidence"], edge["band"], edge["type"]) == (confidence, band_of(confidence).value, "DIRECT")


def test_absent_means_unknown(shop) -> None:
    datasets = {dataset["id"]: dataset for dataset in shop.to_dict()["datasets"]}
    assert "columns" not in datasets["analytics.report"]
    assert "span" not in datasets["snowflake://acme/finance.rates"]
    assert "dbt" not in datasets["raw.public.payments"]
    assert datasets["analytics.report"]["owner"] is None
    assert "type" not in datasets["raw.public.orders"]["columns"][1]


def test_stats(shop) -> None:
    stats = shop.to_dict()["stats"]
    assert stats["statements"] == {"total": 7, "understood": 6}
    assert stats["datasets"] == {"external": 1, "model": 2, "source": 1, "table": 1, "view": 1}
    bands = Counter(edge.band.value for edge in shop.column_edges)
    assert stats["column_edges"] == {band.value: bands[band.value] for band in Band} | {"total": 9}
    assert stats["coverage"] == 0.8571
    assert (stats["columns"], stats["row_edges"]) == (11, 3)


def test_back_again(shop) -> None:
    assert from_dict(json.loads(json.dumps(shop.to_dict()))) == shop


def test_a_later_minor_version_and_unknown_keys_are_read(shop) -> None:
    document = shop.to_dict()
    document["schema_version"] = "1.7"
    document["datasets"][0]["from_the_future"] = "sha256:00"
    assert from_dict(document) == shop


def changed(document, path: str, value):
    """The document with the value at ``datasets.0.kind`` replaced, or taken out where ``value`` is ``...``."""
    document = copy.deepcopy(document)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    holder = document
    for step in steps:
        holder = holder[step]
    if value is ...:
        del holder[last]
    else:
        holder[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("schema_version", "2.0", "schema_version is '2.0'; this version of sqllineage-scan reads 1.x"),
        ("schema_version", ..., "not a lineage document: the top level has no 'schema_version'"),
        ("datasets", {}, "not a lineage document: datasets must be a list, not an object"),
        ("datasets.1.kind", "tabel", "not a lineage document: datasets[1].kind is 'tabel'; did you mean 'table'?"),
        ("datasets.0.name", ..., "not a lineage document: datasets[0] has no 'name'"),
        ("datasets.0.columns.0.ordinal", "1", "not a lineage document: datasets[0].columns[0].ordinal must be a whole number"),
        ("column_edges.2.source", "a.b", "not a lineage document: column_edges[2].source must be an object, not a text"),
        ("column_edges.0.masking", 1, "not a lineage document: column_edges[0].masking must be true or false, not a number"),
        ("jobs.0.span", None, "not a lineage document: jobs[0] has no 'span'"),
        ("project", [], "not a lineage document: project must be an object, not a list"),
        ("project.dialects.duckdb", True, "not a lineage document: project.dialects.duckdb must be a whole number"),
        ("stats.gaps.0.hides", 1.5, "not a lineage document: stats.gaps[0].hides must be a whole number, not a fraction"),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(shop, path: str, value, said: str) -> None:
    with pytest.raises(UsageError) as error:
        from_dict(changed(shop.to_dict(), path, value))
    assert str(error.value).startswith(said)


@pytest.mark.parametrize("document", [[], "text", 3, None, {"a": 1}])
def test_anything_else_is_refused(document) -> None:
    with pytest.raises(UsageError, match="not a lineage document: the top level"):
        from_dict(document)


if __name__ == "__main__":
    with DOCUMENT.open("w", encoding="utf-8", newline="\n") as file:
        write(sample_shop(), file)
