"""Why we believe an edge, and how much each reason is worth.

Confidence is never set by hand. An edge carries evidence; its confidence is the product of the factors of its distinct
evidence kinds. ``FACTORS`` is the only table. Its values are *assumed*, from the meaning of each kind, until the
calibration run (docs/confidence.md) replaces them with measured ones; the column ``basis`` says which is which.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
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
    TOKENS = "tokens"  # the statement did not parse; names were taken from its tokens
    GUESSED_DIALECT = "guessed_dialect"  # the dialect was guessed from the SQL itself
    CYCLE = "cycle"  # the datasets read each other; their columns were taken as first seen


class Factor(NamedTuple):
    """One row of the table: the probability that an edge with this evidence is right, other things being certain."""

    value: float
    basis: str


FACTORS: dict[EvidenceKind, Factor] = {
    EvidenceKind.QUALIFIED: Factor(1.0, "the statement names the input"),
    EvidenceKind.SCHEMA: Factor(1.0, "valid SQL cannot mean another input"),
    EvidenceKind.SOLE_INPUT: Factor(0.99, "assumed: a correlated or unseen input is rare"),
    EvidenceKind.POSITION: Factor(1.0, "the standard's rule, ISO 9075-2 14.11"),
    EvidenceKind.POSITION_UNKNOWN_TARGET: Factor(0.9, "assumed: the select's names stand for the target's"),
    EvidenceKind.STAR: Factor(1.0, "expansion over known columns"),
    EvidenceKind.OPEN_STAR: Factor(0.99, "assumed: in valid SQL the column has nowhere else to come from"),
    EvidenceKind.CANDIDATE: Factor(0.5, "assumed: one of two"),
    EvidenceKind.NOT_IN_SCHEMA: Factor(0.7, "assumed: the schema is stale more often than the query is wrong"),
    EvidenceKind.PARTIAL_NAME: Factor(0.95, "assumed: the only dataset of that name"),
    EvidenceKind.CONDITIONAL_RENDER: Factor(0.9, "assumed: holds in one way of rendering only"),
    EvidenceKind.HOLE: Factor(0.5, "assumed: the hole may change what the name means"),
    EvidenceKind.SECOND_PARSER: Factor(0.8, "assumed"),
    EvidenceKind.TOKENS: Factor(0.6, "assumed"),
    EvidenceKind.GUESSED_DIALECT: Factor(0.98, "assumed: most names mean the same in every dialect"),
    EvidenceKind.CYCLE: Factor(0.8, "assumed"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    kind: EvidenceKind
    note: str = ""
    span: Span | None = None


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

    Two stars on the way are one reason to doubt, said twice, so a kind counts once.
    """
    return round(prod(FACTORS[kind].value for kind in {item.kind for item in evidence}), 4)
