"""A small graph with one of everything, made by hand: what other tests load as shop.lineage.json."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from sqllineage_scan.graph.model import LineageGraph

RAW_ORDERS = DatasetId("", "raw.public.orders")
RAW_PAYMENTS = DatasetId("", "raw.public.payments")
STG_PAYMENTS = DatasetId("", "analytics.stg_payments")
ORDERS = DatasetId("", "analytics.orders")
REPORT = DatasetId("", "analytics.report")
RATES = DatasetId("snowflake://acme", "finance.rates")


def place(path: str, line: int, column: int = 1, length: int = 10) -> Span:
    return Span(path, line, column, line, column + length)


def column(dataset: DatasetId, name: str) -> ColumnId:
    return ColumnId(dataset, name)


def job(path: str) -> JobId:
    return JobId("", path)


def evidence(*kinds: EvidenceKind, note: str = "", span: Span | None = None) -> tuple[Evidence, ...]:
    return tuple(Evidence(kind, note, span, among=2 if kind is EvidenceKind.CANDIDATE else 1) for kind in kinds)


def value(
    source: ColumnId,
    target: ColumnId,
    path: str,
    *,
    subtype: TransformationSubtype = TransformationSubtype.IDENTITY,
    expression: str = "",
    because: tuple[Evidence, ...] = evidence(EvidenceKind.QUALIFIED),
    line: int = 3,
    masking: bool = False,
) -> ColumnEdge:
    return ColumnEdge(source, target, job(path), Transformation(subtype, expression, masking), because, place(path, line, 5))


DATASETS = (
    Dataset(
        RAW_ORDERS,
        DatasetKind.SOURCE,
        (Column("id", "integer", 1, "", (), ("not_null", "unique")), Column("status"), Column("email", tags=("pii",))),
        SchemaOrigin.PROPERTIES,
        place("models/_sources.yml", 6),
        unique_id="source.shop.raw.orders",
    ),
    Dataset(
        RAW_PAYMENTS,
        DatasetKind.TABLE,
        (Column("order_id", "integer", 1), Column("amt", "decimal(18,2)", 2)),
        SchemaOrigin.DDL,
        place("ddl/payments.sql", 1),
    ),
    Dataset(
        STG_PAYMENTS,
        DatasetKind.MODEL,
        (Column("order_id", None, 1), Column("amount", None, 2)),
        SchemaOrigin.INFERRED,
        place("models/stg_payments.sql", 1),
        unique_id="model.shop.stg_payments",
    ),
    Dataset(
        ORDERS,
        DatasetKind.MODEL,
        (
            Column("id", None, 1),
            Column("amount", "decimal(18,2)", 2, "What was paid, refunds taken off.", ("money",), ("not_null",)),
            Column("email_hash", None, 3),
            Column("status", None, 4),
        ),
        SchemaOrigin.INFERRED,
        place("models/orders.sql", 1),
        owner="Data team",
        tags=("finance", "nightly"),
        description="One row an order, with what was paid for it. Orders that nobody paid for are in it, with an amount of zero.",
        unique_id="model.shop.orders",
    ),
    Dataset(REPORT, DatasetKind.VIEW, None, SchemaOrigin.NONE, place("views/report.sql", 1)),
)
COLUMN_EDGES = (
    value(column(RAW_PAYMENTS, "order_id"), column(STG_PAYMENTS, "order_id"), "models/stg_payments.sql", expression="order_id"),
    value(
        column(RAW_PAYMENTS, "amt"),
        column(STG_PAYMENTS, "amount"),
        "models/stg_payments.sql",
        subtype=TransformationSubtype.TRANSFORMATION,
        expression="amt / 100",
        because=evidence(EvidenceKind.SOLE_INPUT),
        line=4,
    ),
    value(column(RAW_ORDERS, "id"), column(ORDERS, "id"), "models/orders.sql", expression="o.id"),
    value(
        column(STG_PAYMENTS, "amount"),
        column(ORDERS, "amount"),
        "models/orders.sql",
        subtype=TransformationSubtype.AGGREGATION,
        expression="coalesce(sum(p.amount), 0) * {{ rate('EUR') }}",
        because=evidence(EvidenceKind.QUALIFIED)
        + evidence(EvidenceKind.HOLE, note="rate('EUR')", span=place("models/orders.sql", 4, 36, 17)),
        line=4,
    ),
    value(
        column(RATES, "rate"),
        column(ORDERS, "amount"),
        "models/orders.sql",
        subtype=TransformationSubtype.TRANSFORMATION,
        expression="rate",
        because=evidence(EvidenceKind.CANDIDATE, note="analytics.stg_payments, finance.rates")
        + evidence(EvidenceKind.GUESSED_DIALECT, note="QUALIFY", span=place("models/orders.sql", 1, 1, 0)),
        line=4,
    ),
    value(
        column(RAW_ORDERS, "email"),
        column(ORDERS, "email_hash"),
        "models/orders.sql",
        subtype=TransformationSubtype.TRANSFORMATION,
        expression="md5(o.email)",
        line=5,
        masking=True,
    ),
    value(
        column(RAW_ORDERS, "status"),
        column(ORDERS, "status"),
        "models/orders.sql",
        because=evidence(EvidenceKind.STAR, EvidenceKind.CONDITIONAL_RENDER),
        line=6,
    ),
    value(column(ORDERS, "amount"), column(REPORT, "amount"), "views/report.sql", because=evidence(EvidenceKind.STAR)),
    value(column(ORDERS, "status"), column(ORDERS, "status"), "models/orders.sql", because=evidence(EvidenceKind.STAR), line=9),
)
ROW_EDGES = (
    RowEdge(
        column(RAW_ORDERS, "id"),
        ORDERS,
        job("models/orders.sql"),
        TransformationSubtype.JOIN,
        evidence(EvidenceKind.QUALIFIED),
        place("models/orders.sql", 8, 30),
    ),
    RowEdge(
        column(STG_PAYMENTS, "order_id"),
        ORDERS,
        job("models/orders.sql"),
        TransformationSubtype.JOIN,
        evidence(EvidenceKind.QUALIFIED),
        place("models/orders.sql", 8, 18),
    ),
    RowEdge(
        column(RAW_ORDERS, "status"),
        ORDERS,
        job("models/orders.sql"),
        TransformationSubtype.FILTER,
        evidence(EvidenceKind.SOLE_INPUT, EvidenceKind.CANDIDATE),
    ),
)
DATASET_EDGES = (
    DatasetEdge(RAW_PAYMENTS, STG_PAYMENTS, job("models/stg_payments.sql"), evidence(EvidenceKind.QUALIFIED)),
    DatasetEdge(RAW_ORDERS, ORDERS, job("models/orders.sql"), evidence(EvidenceKind.QUALIFIED)),
    DatasetEdge(STG_PAYMENTS, ORDERS, job("models/orders.sql"), evidence(EvidenceKind.QUALIFIED)),
    DatasetEdge(RATES, ORDERS, job("models/orders.sql"), evidence(EvidenceKind.PARTIAL_NAME)),
    DatasetEdge(ORDERS, REPORT, job("views/report.sql"), evidence(EvidenceKind.QUALIFIED)),
)
JOBS = (
    Job(
        job("models/stg_payments.sql"),
        JobKind.QUERY,
        "duckdb",
        place("models/stg_payments.sql", 1),
        (RAW_PAYMENTS,),
        (STG_PAYMENTS,),
        "model.shop.stg_payments",
    ),
    Job(
        job("models/orders.sql"),
        JobKind.QUERY,
        "duckdb",
        place("models/orders.sql", 1),
        (RAW_ORDERS, STG_PAYMENTS, RATES),
        (ORDERS,),
        "model.shop.orders",
    ),
    Job(job("views/report.sql"), JobKind.CREATE, "snowflake", place("views/report.sql", 1), (ORDERS,), (REPORT,)),
)
EXPOSURES = (
    Exposure(
        "weekly_report",
        "dashboard",
        "Ada",
        "https://bi.example.com/weekly",
        (ORDERS, REPORT),
        place("models/_exposures.yml", 3),
        "What the board looks at.",
        "exposure.shop.weekly_report",
    ),
)
FINDINGS = (
    Finding(
        "PR01",
        "parse.failed",
        Severity.ERROR,
        "expected a column, found FORM",
        place("legacy/broken.sql", 2, 8),
        help="check the statement's spelling",
    ),
    Finding("RD02", "read.encoding", Severity.WARNING, "no UTF-8; read as Latin-1", place("legacy/old.sql", 1)),
)
COVERAGE = Coverage(
    files=(
        FileRecord("ddl/payments.sql", FileKind.SQL, FileStatus.READ, 1),
        FileRecord("legacy/broken.sql", FileKind.SQL, FileStatus.FAILED, 1),
        FileRecord("legacy/old.sql", FileKind.SQL, FileStatus.PARTIAL, 2),
        FileRecord("models/_sources.yml", FileKind.PROPERTIES, FileStatus.READ, 0),
        FileRecord("models/orders.sql", FileKind.MODEL, FileStatus.READ, 1),
        FileRecord("models/stg_payments.sql", FileKind.MODEL, FileStatus.READ, 1),
        FileRecord("views/report.sql", FileKind.SQL, FileStatus.READ, 1),
    ),
    statements=7,
    statements_understood=6,
    references=14,
    references_resolved=12,
    gaps=(
        Gap(
            GapKind.HOLE,
            "rate('EUR')",
            "nothing in the repository defines the macro rate",
            2,
            "add the package that has it, or a macro of that name, to the project",
            place("models/orders.sql", 4, 36, 17),
        ),
        Gap(
            GapKind.UNKNOWN_COLUMNS,
            "snowflake://acme/finance.rates",
            "no file says which columns it has",
            1,
            "describe it in a sources file, or add its CREATE TABLE",
        ),
        Gap(
            GapKind.UNPARSED,
            "select * form orders",
            "expected a column, found FORM",
            0,
            "check the statement's spelling",
            place("legacy/broken.sql", 2, 8),
        ),
    ),
)


def sample_shop() -> LineageGraph:
    return build_graph(
        name="shop",
        revision=None,
        dialects={"snowflake": 2, "duckdb": 4},
        datasets=DATASETS,
        jobs=JOBS,
        column_edges=COLUMN_EDGES,
        row_edges=ROW_EDGES,
        dataset_edges=DATASET_EDGES,
        exposures=EXPOSURES,
        findings=FINDINGS,
        coverage=COVERAGE,
    )
