"""What json, sqlite, graphml and OpenLineage hold comes back as the same value."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from hostile import hostile
from hypothesis import HealthCheck, given, settings
from sample_shop import sample_shop
from test_round_trip import graphs

from sqllineage_scan import api
from sqllineage_scan.domain.coverage import Coverage
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.document import from_dict
from sqllineage_scan.inputs.load import form_of, load
from sqllineage_scan.outputs.files import write_file
from sqllineage_scan.outputs.formats import is_binary, writer

# What XML cannot hold, and lone surrogates, are lost there (docs/formats.md); JSON keeps them.
UNSAFE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def safe(value: Any) -> Any:
    if isinstance(value, str):
        return UNSAFE.sub("?", value)
    if isinstance(value, list):
        return [safe(item) for item in value]
    if isinstance(value, dict):
        return {safe(key): safe(item) for key, item in value.items()}
    return value


safe_graphs = graphs.map(lambda graph: from_dict(safe(graph.to_dict())))


def there_and_back(form: str, graph, path):
    write_file(path, graph, writer("lineage", form), binary=is_binary("lineage", form))
    assert form_of(path.read_bytes()[:4096]) == form
    return load(path)


def lineage_only(graph, *, findings: bool = False):
    """Without what OpenLineage and GraphML have no place for."""
    empty = () if not findings else graph.findings
    return replace(graph, findings=empty, nodes=(), coverage=Coverage())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=safe_graphs)
def test_sqlite(graph, tmp_path) -> None:
    assert there_and_back("sqlite", graph, tmp_path / "a.db") == graph


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=safe_graphs)
def test_graphml(graph, tmp_path) -> None:
    assert there_and_back("graphml", graph, tmp_path / "a.graphml") == lineage_only(graph)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=safe_graphs)
def test_json(graph, tmp_path) -> None:
    assert there_and_back("json", graph, tmp_path / "a.json") == graph


@pytest.mark.parametrize("form", ["json", "sqlite", "graphml", "openlineage"])
@pytest.mark.parametrize("make", [sample_shop, hostile])
def test_the_samples(form: str, make, tmp_path) -> None:
    graph = make()
    expected = graph if form in ("json", "sqlite") else lineage_only(graph)
    if make is hostile and form == "graphml":
        graph = from_dict(safe(graph.to_dict()))
        expected = lineage_only(graph)
    assert there_and_back(form, graph, tmp_path / "a") == expected


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=safe_graphs)
def test_openlineage(graph, tmp_path) -> None:
    """A project's name stands in every job's event: where there is no job, it is nowhere."""
    back = there_and_back("openlineage", graph, tmp_path / "a.ndjson") if graph.datasets or graph.jobs else None
    if back is None:
        return
    expected = lineage_only(graph)
    edges = (*expected.column_edges, *expected.row_edges, *expected.dataset_edges)
    if not (expected.jobs or edges or expected.exposures):
        expected = replace(expected, name=back.name, dialects=back.dialects, revision=back.revision)
    known = {job.id for job in expected.jobs}
    assert replace(back, jobs=tuple(job for job in back.jobs if job.id in known)) == expected


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"SQLite format 3\0 and no more", "not a lineage database"),
        (b"<html></html>", "not a lineage graph in GraphML"),
        (b"<graphml><graph><node", "not a lineage graph in GraphML"),
        (b'{"eventTime": 1}\n', "line 1 is no OpenLineage event: it has neither a job nor a dataset"),
        (b'{"eventTime": 1, "job": 3}\n', "an OpenLineage event is not as the spec has it"),
        (b'{"eventTime": "x", "job": {}}\n{broken', "line 2 is no OpenLineage event: no JSON"),
        (b"\xff\xfe", "not a lineage document: no UTF-8 text"),
    ],
)
def test_what_cannot_be_read_is_one_line(content: bytes, said: str, tmp_path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UsageError) as error:
        api.load(path)
    assert str(error.value).startswith(f"{path}: {said}")


def test_somebody_elses_database(tmp_path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute("create table t (a)")
    with pytest.raises(UsageError, match="not one that sqllineage-scan wrote"):
        load(tmp_path / "a.db")


def test_a_part_is_written_from_python(tmp_path) -> None:
    api.write(sample_shop(), tmp_path / "a.json", select="orders.amount")
    assert [str(item.id) for item in api.load(tmp_path / "a.json").datasets] == ["analytics.orders"]
    out = io.StringIO()
    writer("lineage", "csv")(sample_shop().select("+orders.amount"), out)
    assert len(out.getvalue().splitlines()) == 4
