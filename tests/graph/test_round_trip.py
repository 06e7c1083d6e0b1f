"""Whatever a graph holds comes back from its document, as the same value and the same bytes."""

from __future__ import annotations

import json
from io import StringIO

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sqllineage_scan.domain.coverage import Coverage, FileRecord, Gap, GapKind
from sqllineage_scan.domain.dataset import Column, Dataset, DatasetKind, SchemaOrigin
from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.job import Exposure, Job, JobKind
from sqllineage_scan.domain.names import ColumnId, DatasetId, JobId
from sqllineage_scan.domain.source import FileKind, FileStatus
from sqllineage_scan.domain.span import Span
from sqllineage_scan.domain.transformation import Transformation, TransformationSubtype
from sqllineage_scan.graph.build import build_graph
from sqllineage_scan.graph.document import from_dict, schema
from sqllineage_scan.outputs.lineage.json import write

numbers = st.integers(1, 99)
words = st.sampled_from(["a", "b", "Ü", '"q"', "x.y", "名", "a b", "\udc80", "\x00"])
texts = st.text(max_size=6)
dataset_ids = st.builds(DatasetId, st.sampled_from(["", "snowflake://acme"]), st.sampled_from(["a", "b.c", 'x."Y"', "d/e.csv"]))
job_ids = st.builds(JobId, st.just(""), st.sampled_from(["a.sql", "a.sql#2", "b/c.sql"]))
column_ids = st.builds(ColumnId, dataset_ids, words)
spans = st.builds(Span, words, numbers, numbers, numbers, numbers)
evidences = st.lists(
    st.builds(Evidence, st.sampled_from(EvidenceKind), texts, st.none() | spans, st.integers(1, 4)), max_size=3
).map(tuple)
subtypes = st.sampled_from(TransformationSubtype)


def tuples(items):
    return st.lists(items, max_size=3).map(tuple)


columns = st.builds(Column, words, st.none() | texts, st.none() | numbers, texts, tuples(texts), tuples(texts))
datasets = st.builds(
    Dataset,
    dataset_ids,
    st.sampled_from(DatasetKind),
    st.none() | tuples(columns),
    st.sampled_from(SchemaOrigin),
    st.none() | spans,
    st.none() | texts,
    tuples(texts),
    texts,
    st.none() | words,
)
graphs = st.builds(
    build_graph,
    name=texts,
    revision=st.none() | texts,
    dialects=st.dictionaries(words, numbers, max_size=2),
    datasets=st.lists(datasets, max_size=4),
    jobs=st.lists(
        st.builds(
            Job,
            job_ids,
            st.sampled_from(JobKind),
            words,
            spans,
            tuples(dataset_ids),
            tuples(dataset_ids),
            st.none() | words,
        ),
        max_size=3,
    ),
    column_edges=st.lists(
        st.builds(
            ColumnEdge,
            column_ids,
            column_ids,
            job_ids,
            st.builds(Transformation, subtypes, texts, st.booleans()),
            evidences,
            st.none() | spans,
        ),
        max_size=6,
    ),
    row_edges=st.lists(st.builds(RowEdge, column_ids, dataset_ids, job_ids, subtypes, evidences, st.none() | spans), max_size=4),
    dataset_edges=st.lists(st.builds(DatasetEdge, dataset_ids, dataset_ids, job_ids, evidences), max_size=4),
    exposures=st.lists(
        st.builds(
            Exposure, words, words, st.none() | texts, st.none() | texts, tuples(dataset_ids), spans, texts, st.none() | words
        ),
        max_size=2,
    ),
    findings=st.lists(
        st.builds(Finding, words, words, st.sampled_from(Severity), texts, spans, texts, texts),
        max_size=3,
    ),
    coverage=st.builds(
        Coverage,
        tuples(st.builds(FileRecord, words, st.sampled_from(FileKind), st.sampled_from(FileStatus), numbers)),
        numbers,
        numbers,
        numbers.map(lambda number: number + 99),
        numbers,
        tuples(st.builds(Gap, st.sampled_from(GapKind), texts, texts, numbers, texts, st.none() | spans)),
    ),
)
validator = Draft202012Validator(schema())


def written(graph) -> str:
    out = StringIO()
    write(graph, out)
    return out.getvalue()


@settings(max_examples=150)
@given(graphs)
def test_round_trip(graph) -> None:
    text = written(graph)
    again = from_dict(json.loads(text))
    assert again == graph
    assert written(again) == text
    validator.validate(json.loads(text))


@settings(max_examples=50)
@given(graphs)
def test_every_id_can_be_looked_up(graph) -> None:
    known = {dataset.id for dataset in graph.datasets}
    assert {edge.source.dataset for edge in graph.column_edges} <= known
    assert {edge.target for edge in graph.row_edges} <= known
    for edge in graph.column_edges:
        assert edge.source.column in graph.index.columns[edge.source.dataset]
