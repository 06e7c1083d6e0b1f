"""What the site says to a person: evidence, kinds and transformations in words."""

from __future__ import annotations

from sqllineage_scan.domain.evidence import EvidenceKind
from sqllineage_scan.domain.transformation import TransformationSubtype

# Each can follow "because".
WORDS = {
    EvidenceKind.QUALIFIED: "the statement names the input",
    EvidenceKind.SCHEMA: "of the inputs, only this one has such a column",
    EvidenceKind.SOLE_INPUT: "the statement reads nothing else that it could be",
    EvidenceKind.POSITION: "bound by position",
    EvidenceKind.POSITION_UNKNOWN_TARGET: "bound by position, to a dataset whose columns are not known",
    EvidenceKind.STAR: "it passes a star over known columns",
    EvidenceKind.OPEN_STAR: "it passes a star over a dataset whose columns are not all known",
    EvidenceKind.CANDIDATE: "the name fits several inputs, and this is one of them",
    EvidenceKind.NOT_IN_SCHEMA: "the known columns of the input lack it",
    EvidenceKind.PARTIAL_NAME: "the short name fits this dataset alone",
    EvidenceKind.CONDITIONAL_RENDER: "only one way of rendering the template has it",
    EvidenceKind.HOLE: "it passes a template expression that could not be rendered",
    EvidenceKind.SECOND_PARSER: "the statement did not parse, and a second parser read it",
    EvidenceKind.TOKENS: "the statement did not parse, and names were taken from its words",
    EvidenceKind.MENDED: "the statement did not parse, and a part of it was reduced to the columns that it mentions",
    EvidenceKind.ARTIFACT: "dbt's manifest says so of this very text",
    EvidenceKind.GUESSED_DIALECT: "the SQL dialect was guessed",
    EvidenceKind.CYCLE: "the datasets read each other",
    EvidenceKind.OBSERVED: "a run reported it",
}

HAPPENS = {
    TransformationSubtype.IDENTITY: "copied",
    TransformationSubtype.TRANSFORMATION: "computed",
    TransformationSubtype.AGGREGATION: "aggregated",
    TransformationSubtype.JOIN: "join",
    TransformationSubtype.FILTER: "filter",
    TransformationSubtype.GROUP_BY: "group by",
    TransformationSubtype.SORT: "sort",
    TransformationSubtype.WINDOW: "window",
    TransformationSubtype.CONDITIONAL: "decides",
}
