"""The lineage document read back. Readers accept any document of the same major version (older ones by
``migrate``); what they do not know they skip.

Derived values (confidence, band, counts) are not read: they follow from the evidence, by this version's factors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqllineage_scan.domain.acknowledgement import Acknowledgement
from sqllineage_scan.domain.coverage import Coverage, FileRecord, Gap, GapKind
from sqllineage_scan.domain.dataset import Column, Dataset, DatasetKind, SchemaOrigin
from sqllineage_scan.domain.dbt import Node
from sqllineage_scan.domain.definition import PASSED_ON, ColumnForm, Definition, Definitions, Form, RowRule
from sqllineage_scan.domain.edge import ColumnEdge, DatasetEdge, RowEdge
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.job import Exposure, Job, JobKind
from sqllineage_scan.domain.member import Member
from sqllineage_scan.domain.names import ColumnId, DatasetId, JobId
from sqllineage_scan.domain.source import FileKind, FileStatus
from sqllineage_scan.domain.span import Span
from sqllineage_scan.domain.transformation import Transformation, TransformationSubtype
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.build import build_graph
from sqllineage_scan.graph.encode import SCHEMA_VERSION
from sqllineage_scan.graph.migrate import migrate
from sqllineage_scan.graph.reading import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqllineage_scan.graph.model import LineageGraph


def from_dict(document: Mapping[str, Any]) -> LineageGraph:
    """The graph of a document. ``UsageError`` names the place of the first thing that does not fit."""
    top = Place(migrate(document))
    _check_version(top)
    reader = _Reader(top)
    project = top.get("project")
    return build_graph(
        name=project.get("name").text(),
        revision=project.maybe("revision", Place.text),
        dialects=project.maybe("dialects", _counts) or {},
        datasets=top.all_at("datasets", _dataset),
        jobs=top.all_at("jobs", reader.job),
        column_edges=top.all_at("column_edges", reader.column_edge),
        row_edges=top.all_at("row_edges", reader.row_edge),
        dataset_edges=top.all_at("dataset_edges", reader.dataset_edge),
        exposures=top.all_at("exposures", reader.exposure),
        definitions=reader.definitions(top),
        nodes=top.maybe("dbt", lambda dbt: dbt.all_at("nodes", reader.node)) or (),
        acknowledgements=top.all_at("acknowledgements", _acknowledgement),
        members=project.all_at("members", _member),
        findings=top.all_at("findings", read_finding),
        coverage=top.maybe("stats", _coverage),
    )


def _check_version(top: Place) -> None:
    version = top.get("schema_version").text()
    ours = SCHEMA_VERSION.split(".", maxsplit=1)[0]
    if not re.fullmatch(rf"{ours}\.\d+", version):
        raise UsageError(f"schema_version is {version!r}; this version of sqllineage-scan reads {ours}.x")


def _member(place: Place) -> Member:
    statements, references = place.get("statements"), place.get("references")
    return Member(
        name=place.get("name").text(),
        revision=place.text_at("revision"),
        digest=place.get("digest").text(),
        dialects=tuple(sorted(_counts(place.get("dialects")).items())),
        statements=statements.get("total").whole(),
        statements_understood=statements.get("understood").whole(),
        references=references.get("total").whole(),
        references_resolved=references.get("resolved").whole(),
    )


def _counts(place: Place) -> dict[str, int]:
    return {key: count.whole() for key, count in place.entries()}


class _Reader:
    """Edges and jobs name datasets and jobs by id; only the entries of those say which part of an id is the namespace."""

    def __init__(self, top: Place) -> None:
        self._datasets = dict(top.all_at("datasets", lambda place: (place.get("id").text(), _dataset_id(place))))
        self._jobs = dict(top.all_at("jobs", lambda place: (place.get("id").text(), _job_id(place))))

    def dataset_id(self, place: Place) -> DatasetId:
        text = place.text()
        return self._datasets.get(text) or DatasetId("", text)

    def job_id(self, place: Place) -> JobId:
        text = place.text()
        return self._jobs.get(text) or JobId("", text)

    def column_id(self, place: Place) -> ColumnId:
        return ColumnId(self.dataset_id(place.get("dataset")), place.get("column").text())

    def definitions(self, top: Place) -> Definitions:
        """Read at once: what does not fit is told when the document is read."""
        listed = top.all_at("datasets", lambda place: (_dataset_id(place), place.maybe("definition", self.definition)))
        found = {dataset: definition for dataset, definition in listed if definition is not None}
        return Definitions(found, found.get)

    def definition(self, place: Place) -> Definition:
        return Definition(
            rows=self.form(place.get("rows")),
            columns=place.all_at("columns", self.column_form),
            rules=place.all_at("rules", self.row_rule),
            missing=place.texts_at("missing"),
            words=place.text_at("words"),
        )

    def form(self, place: Place) -> Form:
        return Form(place.text_at("shape", PASSED_ON), place.all_at("reads", self.read))

    def read(self, place: Place) -> ColumnId | DatasetId:
        """``["raw.orders", "amount"]``, a column; ``["raw.orders"]``, the rows of a dataset."""
        parts = [part.text() for part in place.items()]
        dataset = DatasetId("", "") if not parts else self._datasets.get(parts[0]) or DatasetId("", parts[0])
        return dataset if len(parts) < 2 else ColumnId(dataset, parts[1])  # noqa: PLR2004

    def column_form(self, place: Place) -> ColumnForm:
        span = place.maybe("span", read_span)
        return ColumnForm(place.get("name").text(), self.form(place), place.text_at("expression"), span)

    def row_rule(self, place: Place) -> RowRule:
        return RowRule(place.get("kind").text(), place.text_at("text"), self.form(place), place.maybe("span", read_span))

    def job(self, place: Place) -> Job:
        return Job(
            id=_job_id(place),
            kind=place.get("kind").word(JobKind),
            dialect=place.text_at("dialect"),
            span=read_span(place.get("span")),
            reads=place.all_at("reads", self.dataset_id),
            writes=place.all_at("writes", self.dataset_id),
            unique_id=place.maybe("dbt", _unique_id),
        )

    def dataset_edge(self, place: Place) -> DatasetEdge:
        return DatasetEdge(
            source=self.dataset_id(place.get("source")),
            target=self.dataset_id(place.get("target")),
            job=self.job_id(place.get("job")),
            evidence=place.all_at("evidence", read_evidence),
        )

    def column_edge(self, place: Place) -> ColumnEdge:
        return ColumnEdge(
            source=self.column_id(place.get("source")),
            target=self.column_id(place.get("target")),
            job=self.job_id(place.get("job")),
            transformation=Transformation(
                place.get("subtype").word(TransformationSubtype),
                place.text_at("expression"),
                place.maybe("masking", Place.truth) or False,
            ),
            evidence=place.all_at("evidence", read_evidence),
            span=place.maybe("span", read_span),
        )

    def row_edge(self, place: Place) -> RowEdge:
        return RowEdge(
            source=self.column_id(place.get("source")),
            target=self.dataset_id(place.get("target")),
            job=self.job_id(place.get("job")),
            subtype=place.get("subtype").word(TransformationSubtype),
            evidence=place.all_at("evidence", read_evidence),
            span=place.maybe("span", read_span),
        )

    def node(self, place: Place) -> Node:
        return Node(
            unique_id=place.get("unique_id").text(),
            resource_type=place.get("resource_type").text(),
            package=place.text_at("package"),
            name=place.get("name").text(),
            path=place.text_at("path"),
            enabled=place.get("enabled").truth(),
            dataset=place.maybe("dataset", self.dataset_id),
            database=_said(place, "database"),
            schema=_said(place, "schema"),
            alias=_said(place, "alias"),
            materialized=place.text_at("materialized"),
            version=place.text_at("version"),
            depends_on=place.texts_at("depends_on"),
            columns=place.texts_at("columns"),
            tags=place.texts_at("tags"),
            group=place.text_at("group"),
            access=place.text_at("access"),
            owner=_said(place, "owner"),
            contract=bool(place.maybe("contract", Place.truth)),
        )

    def exposure(self, place: Place) -> Exposure:
        return Exposure(
            name=place.get("name").text(),
            kind=place.text_at("kind"),
            owner=place.maybe("owner", Place.text),
            url=place.maybe("url", Place.text),
            depends_on=place.all_at("depends_on", self.dataset_id),
            span=read_span(place.get("span")),
            description=place.text_at("description"),
            unique_id=place.maybe("dbt", _unique_id),
        )


def _dataset_id(place: Place) -> DatasetId:
    return DatasetId(place.text_at("namespace"), place.get("name").text())


def _job_id(place: Place) -> JobId:
    name = place.find("name")
    return JobId("", place.get("id").text()) if name is None else JobId(place.text_at("namespace"), name.text())


def _dataset(place: Place) -> Dataset:
    return Dataset(
        id=_dataset_id(place),
        kind=place.get("kind").word(DatasetKind),
        columns=None if place.find("columns") is None else place.all_at("columns", _column),
        origin=place.maybe("schema_origin", lambda found: found.word(SchemaOrigin)) or SchemaOrigin.NONE,
        span=place.maybe("span", read_span),
        owner=place.maybe("owner", Place.text),
        tags=place.texts_at("tags"),
        description=place.text_at("description"),
        unique_id=place.maybe("dbt", _unique_id),
        owner_origin=place.text_at("owner_origin"),
        code_owners=place.texts_at("code_owners"),
        stewards=place.texts_at("stewards"),
        terms=place.texts_at("terms"),
        access=place.text_at("access"),
        version=place.maybe("version", Place.text),
    )


def _column(place: Place) -> Column:
    return Column(
        name=place.get("name").text(),
        type=place.maybe("type", Place.text),
        ordinal=place.maybe("ordinal", Place.whole),
        description=place.text_at("description"),
        tags=place.texts_at("tags"),
        tests=place.texts_at("tests"),
        terms=place.texts_at("terms"),
    )


def _said(place: Place, key: str) -> str | None:
    return place.maybe(key, Place.text)


def read_span(place: Place) -> Span:
    return Span(place.get("path").text(), *(place.get(key).whole() for key in ("line", "column", "end_line", "end_column")))


def _unique_id(place: Place) -> str:
    return place.get("unique_id").text()


def read_evidence(place: Place) -> Evidence:
    among = place.find("among")
    return Evidence(
        place.get("kind").word(EvidenceKind),
        place.text_at("note"),
        place.maybe("span", read_span),
        1 if among is None else max(among.whole(), 1),
    )


def _acknowledgement(place: Place) -> Acknowledgement:
    return Acknowledgement(place.get("subject").text(), place.text_at("reason"), read_span(place.get("span")))


def read_finding(place: Place) -> Finding:
    return Finding(
        code=place.get("code").text(),
        name=place.get("name").text(),
        severity=place.get("severity").word(Severity),
        message=place.get("message").text(),
        span=read_span(place.get("span")),
        subject=place.text_at("subject"),
        help=place.text_at("help"),
    )


def _coverage(place: Place) -> Coverage:
    statements = place.find("statements")
    references = place.find("references")
    return Coverage(
        files=place.all_at("files", _file),
        statements=0 if statements is None else statements.get("total").whole(),
        statements_understood=0 if statements is None else statements.get("understood").whole(),
        references=0 if references is None else references.get("total").whole(),
        references_resolved=0 if references is None else references.get("resolved").whole(),
        gaps=place.all_at("gaps", read_gap),
    )


def _file(place: Place) -> FileRecord:
    return FileRecord(
        path=place.get("path").text(),
        kind=place.get("kind").word(FileKind),
        status=place.get("status").word(FileStatus),
        statements=place.get("statements").whole(),
    )


def read_gap(place: Place) -> Gap:
    return Gap(
        kind=place.get("kind").word(GapKind),
        subject=place.get("subject").text(),
        reason=place.get("reason").text(),
        hides=place.get("hides").whole(),
        help=place.text_at("help"),
        span=place.maybe("span", read_span),
    )
