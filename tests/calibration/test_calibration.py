"""A confidence of 0.8 means right eight times in ten: a fast part of the measurement, and what it has left behind.

The whole: python -m benchmarks.calibration (docs/confidence.md).
"""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from random import Random

import pytest

from benchmarks.calibration.corpora import generated_worlds, measure, own_worlds
from benchmarks.calibration.generate import SCRIPTS, WAREHOUSE, Family, repository
from benchmarks.calibration.gold import gold_of
from benchmarks.calibration.measure import (
    Case,
    brier,
    calibration_error,
    counted,
    current,
    doubts,
    fitted,
    promised,
    reliability,
    wilson,
)
from sqllineage_scan.domain.evidence import FACTORS, RULES, TOGETHER, Evidence, EvidenceKind, confidence_of

MEASURED = json.loads((Path(__file__).parents[2] / "benchmarks" / "calibration.json").read_text())


def test_the_factors_are_those_that_were_measured() -> None:
    assert MEASURED["factors"] == current()


def test_what_was_measured_is_good_enough() -> None:
    judge = MEASURED["halves"]["judge"]
    assert judge["calibration_error"] <= 0.03
    assert judge["doubtful"] > 10_000


def test_every_kind_says_what_its_factor_rests_on() -> None:
    for kind, factor in FACTORS.items():
        if kind in RULES:
            assert factor.value == 1
        elif kind is not EvidenceKind.CANDIDATE:
            assert factor.value < 1
            assert factor.basis.startswith(("measured: ", "assumed: ")), kind
    assert all(factor.basis.startswith("measured: ") for factor in TOGETHER.values())


def test_generated_repositories_and_our_own() -> None:
    """Factors that hold no longer, because binding has changed, show here."""
    found = measure(chain(own_worlds(every=12), generated_worlds(4)))
    counts = counted(found.tally)
    doubtful = [count for count in counts if doubts(count.case.signature)]
    assert sum(count.edges for count in doubtful) > 2_000
    bins = reliability(counts, current())
    assert calibration_error(bins) <= 0.05, bins
    assert found.recall["nothing"][0] == found.recall["nothing"][1]


@pytest.mark.parametrize("family", [WAREHOUSE, SCRIPTS], ids=lambda family: family.name)
def test_generated_repositories_are_decided(family: Family) -> None:
    """All is said in them, so all is known: no edge of theirs needs a doubt."""
    for number in range(5):
        gold = gold_of(repository(family, Random(number)), Random(number))
        assert gold.undecided == frozenset()
        assert len(gold.edges) > 30


def test_factors_are_found_again() -> None:
    """Counts made from known factors give these factors back; what is sure stays at 1."""
    known = {**current(), "hole": 0.8, "partial_name": 0.95, "open_star": 0.99}
    signatures = [("hole",), ("partial_name", "qualified"), ("hole", "partial_name"), ("open_star",), ("star",)]
    tally = {}
    for signature in signatures:
        tally[Case("made up", "nothing", "column", signature)] = [10_000, round(10_000 * promised(signature, known))]
    counts = counted(tally)
    found = fitted(counts, current())
    assert {name: found[name] for name in ("hole", "partial_name", "open_star", "star")} == {
        "hole": 0.8,
        "partial_name": 0.95,
        "open_star": 0.99,
        "star": 1.0,
    }
    assert calibration_error(reliability(counts, found)) < 0.001
    assert calibration_error(reliability(counts, {**found, "hole": 0.4})) > 0.1
    assert brier(counts, found) < brier(counts, {**found, "hole": 0.4})


def test_what_the_measurement_promises_is_what_an_edge_says() -> None:
    evidence = [
        Evidence(EvidenceKind.CANDIDATE, "a or b or c", among=3),
        Evidence(EvidenceKind.PARTIAL_NAME),
        Evidence(EvidenceKind.NOT_IN_SCHEMA),
    ]
    signature = ("candidate/3", "not_in_schema", "partial_name")
    assert confidence_of(evidence) == pytest.approx(promised(signature, current()), abs=1e-4)


def test_wilson() -> None:
    """Wilson's interval for 8 of 10, as tabulated."""
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.49, 0.943)
    assert wilson(0, 0) == (0.0, 1.0)
