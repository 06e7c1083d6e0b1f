from __future__ import annotations

from itertools import product
from math import prod

import pytest

from sqllineage_scan.domain.evidence import FACTORS, TOGETHER, Band, Evidence, EvidenceKind, band_of, confidence_of
from sqllineage_scan.domain.source import SourceMap, identity_map, line_starts
from sqllineage_scan.domain.span import Span
from sqllineage_scan.domain.transformation import TransformationSubtype as Subtype
from sqllineage_scan.domain.transformation import TransformationType, compose


def test_every_kind_has_a_factor_with_its_basis() -> None:
    assert set(FACTORS) == set(EvidenceKind)
    assert all(0 < factor.value <= 1 and factor.basis for factor in FACTORS.values())


def test_a_kind_counts_once() -> None:
    hole = Evidence(EvidenceKind.HOLE, "f()")
    assert confidence_of([hole]) == confidence_of([hole, Evidence(EvidenceKind.HOLE, "g()")]) == FACTORS[EvidenceKind.HOLE].value
    assert confidence_of([]) == 1.0
    both = confidence_of([hole, Evidence(EvidenceKind.CANDIDATE)])
    assert both == pytest.approx(FACTORS[EvidenceKind.HOLE].value * FACTORS[EvidenceKind.CANDIDATE].value)


def test_a_candidate_is_worth_less_the_more_there_are() -> None:
    def one_of(count: int) -> Evidence:
        return Evidence(EvidenceKind.CANDIDATE, "o or c", among=count)

    assert [confidence_of([one_of(count)]) for count in (1, 2, 3, 4)] == [1.0, 0.5, 0.3333, 0.25]
    assert confidence_of([one_of(2), one_of(4)]) == 0.25  # several choices on the way: the widest counts


def test_kinds_that_say_more_together() -> None:
    for kinds, factor in TOGETHER.items():
        each = [Evidence(kind) for kind in kinds]
        alone = prod(confidence_of([item]) for item in each)
        assert confidence_of(each) == pytest.approx(alone * factor.value, abs=1e-4)


def test_bands() -> None:
    assert [band_of(value) for value in (1.0, 0.95, 0.9, 0.5, 0.1)] == [
        Band.CERTAIN,
        Band.CERTAIN,
        Band.LIKELY,
        Band.AMBIGUOUS,
        Band.GUESSED,
    ]


def test_composition_is_associative_and_indirect_wins() -> None:
    for first, second, third in product(Subtype, repeat=3):
        assert compose(compose(first, second), third) == compose(first, compose(second, third))
    for first, second in product(Subtype, repeat=2):
        indirect = TransformationType.INDIRECT in (first.type, second.type)
        assert (compose(first, second).type is TransformationType.INDIRECT) == indirect


def test_spans_of_a_source_map() -> None:
    text = "select a\n  from t"
    assert identity_map("q.sql", text).span(11, 15) == Span("q.sql", 2, 3, 2, 7)
    assert str(Span("q.sql", 2, 3, 2, 7)) == "q.sql:2:3"
    # select {{ f() }} from t, rendered as "select abc from t": abc is the tag, the rest is itself
    source = "select {{ f() }} from t"
    generated = SourceMap("m.sql", line_starts(source), (0, 7, 10), (0, 7, 16), (-1, 16, -1))
    assert generated.span(7, 10) == Span("m.sql", 1, 8, 1, 17)
    assert generated.span(11, 15) == Span("m.sql", 1, 18, 1, 22)
