"""Why we believe an edge, and how much each reason is worth.

Confidence is never set by hand. An edge carries evidence; its confidence is the product of the factors of its distinct
evidence kinds. ``FACTORS`` is the only table, with ``TOGETHER`` for kinds that are worth something else together. Rules of
SQL are worth 1; the rest is measured, and set by ``python -m benchmarks.calibration --fit`` (docs/confidence.md).
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.span import Span


class EvidenceKind(StrEnum):
    QUALIFIED = "qualified"  # select o.amount from orders o
    SCHEMA = "schema"  # select amount from orders join x: the schemas say that only orders has it
    SOLE_INPUT = "sole_input"  # select amount from orders: nothing else it could be
    POSITION = "position"  # insert into t (a, b) select x, y: bound by position
    POSITION_UNKNOWN_TARGET = "position_unknown_target"  # insert into t select x, y: t's columns are not known
    STAR = "star"  # through a star over known columns
    OPEN_STAR = "open_star"  # through a star over a dataset whose columns are not known
    CANDIDATE = "candidate"  # fits two inputs: one edge to each
    NOT_IN_SCHEMA = "not_in_schema"  # read from a dataset whose known columns lack it
    PARTIAL_NAME = "partial_name"  # `orders` met `raw.orders` because nothing else is called that
    CONDITIONAL_RENDER = "conditional_render"  # only when is_incremental()
    HOLE = "hole"  # passes a template expression that could not be rendered
    SECOND_PARSER = "second_parser"  # the statement did not parse; another parser read it
    MENDED = "mended"  # the statement did not parse; parts of it were reduced to the columns that they mention
    TOKENS = "tokens"  # the statement did not parse; names were taken from its tokens
    GUESSED_DIALECT = "guessed_dialect"  # the dialect was guessed from the SQL itself
    ARTIFACT = "artifact"  # dbt's manifest.json says so, of the very text that the file has now
    CYCLE = "cycle"  # the datasets read each other; their columns were taken as first seen
    OBSERVED = "observed"  # a run reported it (OpenLineage): raises what the other reasons give


class Factor(NamedTuple):
    """One row of the table: the probability that an edge with this evidence is right, other things being certain."""

    value: float
    basis: str


FACTORS: dict[EvidenceKind, Factor] = {
    EvidenceKind.QUALIFIED: Factor(1.0, "the statement names the input"),
    EvidenceKind.SCHEMA: Factor(1.0, "valid SQL cannot mean another input"),
    EvidenceKind.SOLE_INPUT: Factor(0.99, "measured: 5,995 edges, 0.998 right (0.997 to 0.999)"),
    EvidenceKind.POSITION: Factor(1.0, "the standard's rule, ISO 9075-2 14.11"),
    EvidenceKind.POSITION_UNKNOWN_TARGET: Factor(0.8, "measured: 674 edges, 0.837 right (0.807 to 0.863)"),
    EvidenceKind.STAR: Factor(1.0, "expansion over known columns"),
    EvidenceKind.OPEN_STAR: Factor(0.97, "measured: 16,724 edges, 0.941 right (0.937 to 0.944)"),
    EvidenceKind.CANDIDATE: Factor(1.0, "it is one of them, so divided by how many there are"),
    EvidenceKind.NOT_IN_SCHEMA: Factor(0.95, "measured: 509 edges, 0.937 right (0.913 to 0.955)"),
    EvidenceKind.PARTIAL_NAME: Factor(0.98, "measured: 9,713 edges, 0.979 right (0.976 to 0.982)"),
    EvidenceKind.CONDITIONAL_RENDER: Factor(0.8, "measured: 3,983 edges, 0.799 right (0.786 to 0.811)"),
    EvidenceKind.HOLE: Factor(0.98, "measured: 683 edges, 0.981 right (0.968 to 0.989)"),
    EvidenceKind.SECOND_PARSER: Factor(0.99, "measured: 263 edges, 1.000 right (0.986 to 1.000)"),
    EvidenceKind.MENDED: Factor(
        0.9, "assumed: of 337 edges past a slip of the pen 0.988 were right, of reduced parts too few are known"
    ),
    EvidenceKind.TOKENS: Factor(0.95, "measured: 232 edges, 0.966 right (0.933 to 0.982)"),
    EvidenceKind.GUESSED_DIALECT: Factor(0.99, "measured: 3,292 edges, 1.000 right (0.999 to 1.000)"),
    EvidenceKind.ARTIFACT: Factor(0.99, "assumed: dbt made it of this text, by macros and variables that may have changed since"),
    EvidenceKind.CYCLE: Factor(0.99, "measured: 370 edges, 1.000 right (0.990 to 1.000)"),
    EvidenceKind.OBSERVED: Factor(0.95, "assumed: extractors at run time err too; it raises, and is worth this alone"),
}


TOGETHER: dict[frozenset[EvidenceKind], Factor] = {
    # select o.discount from orders o, where `orders` was taken for raw.orders, which has no discount: another `orders`?
    frozenset({EvidenceKind.PARTIAL_NAME, EvidenceKind.NOT_IN_SCHEMA}): Factor(0.6, "measured: 151 edges, 0.550 right"),
}
"""Kinds that say more together than each alone: one factor more."""

RULES = frozenset({EvidenceKind.QUALIFIED, EvidenceKind.SCHEMA, EvidenceKind.POSITION, EvidenceKind.STAR})
"""Kinds that say by which rule of SQL an edge follows. They are no doubts: their factor is 1."""


class Evidence(NamedTuple):
    kind: EvidenceKind
    note: str = ""
    span: Span | None = None
    among: int = 1  # of a candidate: how many there are

    @property
    def weight(self) -> float:
        """What this reason makes of a confidence: one of two candidates makes half of it; an observation lowers none."""
        if self.kind is EvidenceKind.OBSERVED:
            return 1.0
        return FACTORS[self.kind].value / self.among


class Band(StrEnum):
    """A word for a probability, for people who skim."""

    CERTAIN = "certain"
    LIKELY = "likely"
    AMBIGUOUS = "ambiguous"
    GUESSED = "guessed"


_BAND_FLOORS = ((0.95, Band.CERTAIN), (0.75, Band.LIKELY), (0.4, Band.AMBIGUOUS))


def band_of(confidence: float) -> Band:
    """``certain`` from 0.95, ``likely`` from 0.75, ``ambiguous`` from 0.4, ``guessed`` below."""
    return next((band for floor, band in _BAND_FLOORS if confidence >= floor), Band.GUESSED)


def confidence_of(evidence: Iterable[Evidence]) -> float:
    """The probability that the edge is right: the product over *distinct* kinds, rounded to four places.

    Two stars on the way are one reason to doubt, said twice, so a kind counts once; of several choices the widest counts.
    A run that reported the edge is a witness of its own: both would have to be wrong, 1 - (1 - static) * (1 - observed).
    """
    return _product(tuple([(item.kind, item.among) for item in evidence]))


@lru_cache(maxsize=4096)
def _product(kinds: tuple[tuple[EvidenceKind, int], ...]) -> float:
    """A repository has millions of edges and few hundred combinations of reasons."""
    among: dict[EvidenceKind, int] = {}
    for kind, count in kinds:
        among[kind] = max(count, among.get(kind, 1))
    observed = among.pop(EvidenceKind.OBSERVED, None)
    if observed and not among:
        return FACTORS[EvidenceKind.OBSERVED].value
    together = prod(factor.value for kinds, factor in TOGETHER.items() if kinds <= among.keys())
    static = together * prod(FACTORS[kind].value / count for kind, count in among.items())
    return round(1 - (1 - static) * (1 - FACTORS[EvidenceKind.OBSERVED].value) if observed else static, 4)
