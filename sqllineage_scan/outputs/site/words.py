"""What the site says to a person: evidence, kinds and transformations in words."""

from __future__ import annotations

from sqllineage_scan.domain.evidence import EvidenceKind
from sqllineage_scan.domain.transformation import TransformationSubtype

WORDS = {
    EvidenceKind.QUALIFIED: "the statement names the input",
    EvidenceKind.SCHEMA: "only this input has a column of that name",
    EvidenceKind.SOLE_INPUT: "there is only one input it could come from",
    EvidenceKind.POSITION: "matched by its position in the list",
    EvidenceKind.POSITION_UNKNOWN_TARGET: "matched by its position, in a table whose columns are not known",
    EvidenceKind.STAR: "through a star over columns that are known",
    EvidenceKind.OPEN_STAR: "through a star over columns that are not known",
    EvidenceKind.CANDIDATE: "one of several inputs that it could come from",
    EvidenceKind.NOT_IN_SCHEMA: "the input is known, and has no such column",
    EvidenceKind.PARTIAL_NAME: "no other dataset is called that, but the name is not the whole name",
    EvidenceKind.CONDITIONAL_RENDER: "only when a condition of the template holds",
    EvidenceKind.HOLE: "passes a template expression that could not be rendered",
    EvidenceKind.SECOND_PARSER: "the statement was read by the second parser",
    EvidenceKind.TOKENS: "the statement could not be parsed; names were taken from its words",
    EvidenceKind.GUESSED_DIALECT: "the SQL dialect was guessed",
    EvidenceKind.CYCLE: "the datasets are made from each other",
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
