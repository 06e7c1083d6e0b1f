"""Equal edges merge by certainty, everything is sorted by value."""

from __future__ import annotations

import random

import pytest
import sample_shop as sample

from sqllineage_scan.domain import evidence
from sqllineage_scan.domain.coverage import Coverage
from sqllineage_scan.domain.dataset import Column, Dataset, DatasetKind, SchemaOrigin
from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge
from sqllineage_scan.domain.evidence import FACTORS, Evidence, EvidenceKind, Factor
from sqllineage_scan.domain.job import Job, JobKind
from sqllineage_scan.domain.names import ColumnId, DatasetId, JobId
from sqllineage_scan.domain.span import Span
from sqllineage_scan.domain.transformation import Transformation, TransformationSubtype
from sqllineage_scan.graph.build import build_graph, merge
from sqllineage_scan.graph.order import column_edge_key

JOB = JobId("", "t.sql")
SOURCE, TARGET = ColumnId(DatasetId("", "a"), "id"), ColumnId(DatasetId("", "t"), "id")


def edge(*kinds: EvidenceKind, line: int = 1, subtype=TransformationSubtype.IDENTITY, expression: str = "id") -> ColumnEdge:
    evidence = tuple(Evidence(kind) for kind in kinds)
    return ColumnEdge(SOURCE, TARGET, JOB, Transformation(subtype, expression), evidence, Span("t.sql", line, 1, line, 3))


def kinds_of(merged: ColumnEdge) -> list[EvidenceKind]:
    return [item.kind for item in merged.evidence]


def test_seen_with_certainty_once_is_certain() -> None:
    merged = merge(
        [edge(EvidenceKind.QUALIFIED, EvidenceKind.CONDITIONAL_RENDER), edge(EvidenceKind.QUALIFIED, line=7)], column_edge_key
    )
    assert kinds_of(merged) == [EvidenceKind.QUALIFIED]
    assert merged.confidence == 1.0
    assert merged.span is not None
    assert merged.span.line == 7


def test_equally_certain_ones_pool_their_evidence_and_the_first_place_stays() -> None:
    merged = merge(
        [edge(EvidenceKind.STAR, line=9, expression="b.id"), edge(EvidenceKind.QUALIFIED, line=2, expression="a.id")],
        column_edge_key,
    )
    assert kinds_of(merged) == [EvidenceKind.QUALIFIED, EvidenceKind.STAR]
    assert merged.span is not None
    assert (merged.span.line, merged.transformation.description) == (2, "a.id")


def test_pooling_never_weakens(monkeypatch) -> None:
    for kind in (EvidenceKind.HOLE, EvidenceKind.CYCLE):
        monkeypatch.setitem(FACTORS, kind, Factor(0.5, "as doubtful as the other"))
    monkeypatch.setattr(evidence, "_product", evidence._product.__wrapped__)  # products of the real factors are remembered
    merged = merge([edge(EvidenceKind.HOLE), edge(EvidenceKind.CYCLE, line=2)], column_edge_key)
    assert merged.confidence == 0.5
    assert kinds_of(merged) == [EvidenceKind.HOLE]


def test_other_subtypes_stay_apart() -> None:
    graph = build_graph(
        name="t",
        column_edges=[
            edge(EvidenceKind.QUALIFIED),
            edge(EvidenceKind.QUALIFIED, subtype=TransformationSubtype.AGGREGATION),
            edge(EvidenceKind.QUALIFIED, line=3),
        ],
    )
    assert [each.transformation.subtype.value for each in graph.column_edges] == ["AGGREGATION", "IDENTITY"]


def test_a_dataset_that_nobody_describes_is_external() -> None:
    graph = build_graph(name="t", dataset_edges=[DatasetEdge(SOURCE.dataset, TARGET.dataset, JOB, ())])
    assert [(str(dataset.id), dataset.kind) for dataset in graph.datasets] == [
        ("a", DatasetKind.EXTERNAL),
        ("t", DatasetKind.EXTERNAL),
    ]


def test_of_two_descriptions_the_better_known_columns_win() -> None:
    orders = DatasetId("", "orders")
    described = Dataset(orders, DatasetKind.SOURCE, (Column("id"),), SchemaOrigin.PROPERTIES)
    created = Dataset(orders, DatasetKind.TABLE, (Column("id"), Column("day")), SchemaOrigin.DDL)
    for order in ([described, created], [created, described]):
        assert build_graph(name="t", datasets=order).datasets == (created,)


def test_a_job_seen_twice_reads_what_either_reads() -> None:
    jobs = [
        Job(JOB, JobKind.QUERY, "duckdb", Span("t.sql", 1, 1, 2, 1), (DatasetId("", name),), (TARGET.dataset,)) for name in "ba"
    ]
    (job,) = build_graph(name="t", jobs=jobs).jobs
    assert [str(read) for read in job.reads] == ["a", "b"]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_arrival_does_not_matter(seed: int) -> None:
    chance = random.Random(seed)

    def shuffled(items):
        return chance.sample(items, len(items))

    again = build_graph(
        name="shop",
        dialects={"duckdb": 4, "snowflake": 2},
        datasets=shuffled(sample.DATASETS),
        jobs=shuffled(sample.JOBS),
        column_edges=shuffled(sample.COLUMN_EDGES * 2),
        row_edges=shuffled(sample.ROW_EDGES * 2),
        dataset_edges=shuffled(sample.DATASET_EDGES),
        exposures=shuffled(sample.EXPOSURES),
        findings=shuffled(sample.FINDINGS),
        coverage=Coverage(
            files=tuple(shuffled(sample.COVERAGE.files)),
            statements=7,
            statements_understood=6,
            references=14,
            references_resolved=12,
            gaps=tuple(shuffled(sample.COVERAGE.gaps)),
        ),
    )
    assert again == sample.sample_shop()
    assert list(again.dialects) == ["duckdb", "snowflake"]


def test_gaps_that_hide_most_come_first(shop) -> None:
    assert [gap.hides for gap in shop.coverage.gaps] == [2, 1, 0]
