"""From counts to numbers: factors that fit, how well they keep what they promise, and how sure that is."""

from __future__ import annotations

from functools import cache
from math import log, prod, sqrt
from typing import TYPE_CHECKING, NamedTuple

from sqllineage_scan.domain.evidence import FACTORS, RULES, TOGETHER, EvidenceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Signature = tuple[str, ...]
"""The distinct kinds of evidence of an edge, sorted; a candidate with how many there are: ``candidate/2``."""

MOST = 0.99  # what was measured is never certain
FIXED = frozenset(RULES | {EvidenceKind.CANDIDATE})  # a candidate is one of several, and that is all there is to know
_LEAST = 0.05
_CELL = 2000  # edges of one corpus under one hiding that count; more are weighed as so many
_FLOORS = (1.0, 0.98, 0.95, 0.9, 0.8, 0.6, 0.4, 0.2, 0.0)


class Case(NamedTuple):
    """Edges that look alike: same corpus, same hiding, same sort of edge, same evidence."""

    corpus: str
    hiding: str
    sort: str
    signature: Signature


class Counted(NamedTuple):
    case: Case
    edges: int
    right: int
    weight: float  # of one edge: no repository drowns the others


Factors = dict[str, float]
"""By the name of a kind of evidence; kinds that are worth something else together by both: ``not_in_schema+partial_name``."""


def current() -> Factors:
    """The factors as they are in the code, but for what a run observed: nothing runs here."""
    together = {"+".join(sorted(kinds)): factor.value for kinds, factor in TOGETHER.items()}
    return {kind.value: factor.value for kind, factor in FACTORS.items() if kind is not EvidenceKind.OBSERVED} | together


def counted(tally: Mapping[Case, Sequence[int]]) -> list[Counted]:
    """Every case with the weight of its edges."""
    cells: dict[tuple[str, str], int] = {}
    for case, (edges, _) in tally.items():
        cells[case.corpus, case.hiding] = cells.get((case.corpus, case.hiding), 0) + edges
    return [
        Counted(case, edges, right, min(1.0, _CELL / cells[case.corpus, case.hiding]))
        for case, (edges, right) in sorted(tally.items())
    ]


def promised(signature: Signature, factors: Factors) -> float:
    """The confidence of an edge of this evidence."""
    return prod(factors[name] / among for name, among in _terms(signature))


@cache
def _terms(signature: Signature) -> tuple[tuple[str, int], ...]:
    """What is multiplied: each kind, divided by how many candidates there are, and what kinds say together."""
    words = [word.partition("/") for word in signature]
    kinds = {kind for kind, _, _ in words}
    together = [("+".join(sorted(pair)), 1) for pair in TOGETHER if {kind.value for kind in pair} <= kinds]
    return (*((kind, int(among or 1)) for kind, _, among in words), *together)


def doubts(signature: Signature) -> list[str]:
    """The kinds that are no rules of SQL."""
    return [word for word in signature if EvidenceKind(word.partition("/")[0]) not in RULES]


def fitted(counts: Sequence[Counted], start: Factors) -> Factors:
    """The factors under which what was seen is likeliest; rules stay at 1."""
    factors = {kind: 1.0 if kind in FIXED else min(value, MOST) for kind, value in start.items()}
    seen = {kind for count in counts for kind, _ in _terms(count.case.signature)}
    grouped: dict[Signature, list[float]] = {}
    for count in counts:
        if doubts(count.case.signature):
            sums = grouped.setdefault(tuple(doubts(count.case.signature)), [0.0, 0.0])
            sums[0] += count.weight * count.edges
            sums[1] += count.weight * count.right
    for _ in range(30):
        for kind in sorted(seen - FIXED):
            own = {signature: sums for signature, sums in grouped.items() if any(kind == name for name, _ in _terms(signature))}
            factors[kind] = _likeliest(kind, own, factors)
    return {kind: _rounded(value) for kind, value in factors.items()}


def _rounded(value: float) -> float:
    """To hundredths near 1, where they matter, and to twentieths below: no more than a measurement can tell again."""
    return round(value, 2) if value > 0.965 else round(round(value * 20) / 20, 2)


def _likeliest(kind: str, grouped: Mapping[Signature, Sequence[float]], factors: Factors) -> float:
    def likelihood(value: float) -> float:
        total = 0.0
        tried = {**factors, kind: value}
        for signature, (edges, right) in grouped.items():
            chance = min(max(promised(signature, tried), 1e-6), 1 - 1e-6)
            total += right * log(chance) + (edges - right) * log(1 - chance)
        return total

    low, high = _LEAST, MOST
    for _ in range(40):
        one, two = low + (high - low) / 3, high - (high - low) / 3
        if likelihood(one) < likelihood(two):
            low = one
        else:
            high = two
    return (low + high) / 2


def wilson(right: float, edges: float) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    if not edges:
        return 0.0, 1.0
    z, share = 1.96, right / edges
    middle = (share + z * z / (2 * edges)) / (1 + z * z / edges)
    reach = z / (1 + z * z / edges) * sqrt(share * (1 - share) / edges + z * z / (4 * edges * edges))
    return max(0.0, middle - reach), min(1.0, middle + reach)


class Bin(NamedTuple):
    """Edges of about one confidence."""

    floor: float
    edges: int
    right: int
    weight: float
    promised: float  # the mean confidence
    kept: float  # the share that is right, weighed


def reliability(counts: Iterable[Counted], factors: Factors) -> list[Bin]:
    """Of the edges that were given about this confidence, how many are right; the most confident first."""
    bins: dict[float, list[float]] = {}
    for count in counts:
        chance = promised(count.case.signature, factors)
        floor = next(each for each in _FLOORS if round(chance, 4) >= each)
        sums = bins.setdefault(floor, [0, 0, 0.0, 0.0, 0.0])
        for place, value in enumerate((1 / count.weight, 1 / count.weight, 1.0, chance, 0.0)):
            sums[place] += count.weight * count.edges * value if place != 1 else count.right
        sums[4] += count.weight * count.right
    return [
        Bin(floor, round(sums[0]), round(sums[1]), sums[2], sums[3] / sums[2], sums[4] / sums[2])
        for floor, sums in sorted(bins.items(), reverse=True)
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error: how far promised and kept are apart, on average over edges."""
    total = sum(each.weight for each in bins)
    return sum(each.weight * abs(each.promised - each.kept) for each in bins) / total if total else 0.0


def brier(counts: Iterable[Counted], factors: Factors) -> float:
    """The mean squared difference between confidence and truth."""
    total = error = 0.0
    for count in counts:
        chance = promised(count.case.signature, factors)
        total += count.weight * count.edges
        error += count.weight * (count.right * (1 - chance) ** 2 + (count.edges - count.right) * chance**2)
    return error / total if total else 0.0


class Alone(NamedTuple):
    """How often edges are right that have one doubt and no other."""

    edges: int
    right: int
    among: float  # how many candidates there are, on average; 1 for other kinds


def alone(counts: Iterable[Counted], name: str) -> Alone:
    """``name``: of a kind, or of kinds together."""
    wanted = set(name.split("+"))
    edges = right = 0
    shares = 0.0
    for count in counts:
        found = doubts(count.case.signature)
        kinds = {word.partition("/")[0] for word in found}
        if kinds == wanted or (not kinds and name in RULES and name in count.case.signature):
            edges += count.edges
            right += count.right
            shares += count.edges * max((int(word.partition("/")[2] or 1) for word in found), default=1)
    return Alone(edges, right, shares / edges if edges else 1.0)
