"""A comparison with something of everything, made by hand: what the writers are shown."""

from __future__ import annotations

from sqllineage_scan.domain.acknowledgement import Acknowledgement
from sqllineage_scan.domain.change import (
    Change,
    ChangeKind,
    Diff,
    Effect,
    Impact,
    Reader,
    ReaderKind,
    Revision,
    Seen,
    State,
    Step,
    Unresolved,
    Verdict,
)
from sqllineage_scan.domain.coverage import Gap, GapKind
from sqllineage_scan.domain.evidence import Evidence, EvidenceKind
from sqllineage_scan.domain.finding import Finding, Severity
from sqllineage_scan.domain.names import ColumnId, DatasetId
from sqllineage_scan.domain.span import Span

STAGED, REVENUE, KPIS, USERS = (DatasetId("", name) for name in ("dw.stg_orders", "dw.fct_revenue", "dw.kpis", "dw.stg_users"))
QUALIFIED, STAR = Evidence(EvidenceKind.QUALIFIED), Evidence(EvidenceKind.STAR)
HOLE = Evidence(EvidenceKind.CONDITIONAL_RENDER, "only when is_incremental()", Span("models/kpis.sql", 8, 1, 8, 20))


def _at(path: str, line: int, column: int = 3, width: int = 20) -> Span:
    return Span(path, line, column, line, column + width)


def _removed() -> Change:
    amount, net, kpi = ColumnId(STAGED, "amount"), ColumnId(REVENUE, "net"), ColumnId(KPIS, "net")
    read = Step(amount, net, "TRANSFORMATION", 1.0, (QUALIFIED,), _at("models/fct_revenue.sql", 31))
    on = Step(net, kpi, "AGGREGATION", 0.8, (QUALIFIED, HOLE), _at("models/kpis.sql", 9))
    readers = (
        Reader(
            ReaderKind.COLUMN,
            str(net),
            Effect.BREAKING,
            "reads it in `o.amount - o.tax`",
            net,
            read.span,
            (read,),
            owner="@finance",
        ),
        Reader(
            ReaderKind.TEST,
            "test.dw.not_null_stg_orders_amount.0a1b2c3d4e",
            Effect.BREAKING,
            "tests a column that is gone",
            span=_at("models/_models.yml", 12),
        ),
        Reader(ReaderKind.COLUMN, str(kpi), Effect.REVIEW, "is made of dw.fct_revenue.net", kpi, on.span, (read, on), 0.8),
        Reader(
            ReaderKind.EXPOSURE,
            "Exec KPIs",
            Effect.REVIEW,
            "shows dw.kpis",
            span=_at("models/_exposures.yml", 4),
            path=(read, on),
            confidence=0.8,
            owner="Ada Lovelace <ada@example.com>",
            url="https://bi.example.com/dash/7",
        ),
    )
    return Change(
        ChangeKind.REMOVED,
        amount,
        State("cast(total as numeric)", _at("models/stg_orders.sql", 14)),
        None,
        Effect.BREAKING,
        "dw.fct_revenue.net still reads it",
        Impact(readers),
    )


def _retyped() -> Change:
    user, dim = ColumnId(USERS, "id"), DatasetId("", "dw.dim_users")
    read = Step(user, dim, "JOIN", 1.0, (QUALIFIED,), _at("models/dim_users.sql", 22))
    reader = Reader(ReaderKind.DATASET, str(dim), Effect.BREAKING, "joins on it: the other side is int", dim, read.span, (read,))
    return Change(
        ChangeKind.RETYPED,
        user,
        State("int", _at("ddl/users.sql", 2)),
        State("text", _at("ddl/users.sql", 2)),
        Effect.BREAKING,
        "dw.dim_users joins on it",
        Impact((reader,)),
        acknowledged=Acknowledgement("id", "keys are text from today", _at("ddl/users.sql", 1)),
    )


def _rows() -> Change:
    day = DatasetId("", "dw.revenue_daily")
    step = Step(REVENUE, day, "", 1.0, (QUALIFIED,), _at("models/revenue_daily.sql", 3))
    reader = Reader(ReaderKind.DATASET, str(day), Effect.PASS_THROUGH, "reads its rows", day, step.span, (step,))
    return Change(
        ChangeKind.ROWS_CHANGED,
        REVENUE,
        State("o.status = 'paid'", _at("models/fct_revenue.sql", 40)),
        State("o.status in ('paid', 'sent')", _at("models/fct_revenue.sql", 40)),
        Effect.REVIEW,
        "a filter changed: it may keep other rows",
        Impact((reader,)),
        details=("- filter o.status = 'paid'", "+ filter o.status in ('paid', 'sent')"),
    )


def _redefined() -> Change:
    status, copied = ColumnId(STAGED, "status"), ColumnId(REVENUE, "status")
    step = Step(status, copied, "IDENTITY", 1.0, (STAR,), _at("models/fct_revenue.sql", 28))
    reader = Reader(ReaderKind.COLUMN, str(copied), Effect.PASS_THROUGH, "passes it on", copied, step.span, (step,))
    return Change(
        ChangeKind.REDEFINED,
        status,
        State("case when s = 1 then 'paid' end", _at("models/stg_orders.sql", 16)),
        State("case when s = 1 then 'paid' else 'open' end", _at("models/stg_orders.sql", 16)),
        Effect.REVIEW,
        "its value is made in another way",
        Impact((reader,)),
    )


def _added() -> Change:
    note = ColumnId(STAGED, "note")
    return Change(
        ChangeKind.ADDED, note, None, State("note", _at("models/stg_orders.sql", 17)), Effect.NONE, "nothing reads it yet"
    )


def sample_diff() -> Diff:
    gap = Gap(
        GapKind.HOLE, "dbt_utils.pivot(…)", "its columns hang on data", 3, "list the values", _at("models/int_pivot.sql", 8)
    )
    finding = Finding(
        "RS01", "column.missing", Severity.ERROR, "dw.stg_orders has no column amount", _at("models/fct_revenue.sql", 31)
    )
    return Diff(
        base=Revision("main", "9f2c1d0a4b5c6d7e8f90a1b2c3d4e5f60718293a"),
        head=Revision("HEAD", "abc1234d5e6f708192a3b4c5d6e7f8091a2b3c4d"),
        verdict=Verdict.BREAKING,
        changes=(_removed(), _retyped(), _rows(), _redefined(), _added()),
        seen=Seen(files=412, references=18342, references_resolved=18030, edges=63, edges_certain=60),
        unresolved=(Unresolved(gap, appeared=True, near=True),),
        stale=(Acknowledgement("tax", "goes with the old mart", _at("models/stg_orders.sql", 1)),),
        rebuild=("dim_users", "fct_revenue", "kpis", "revenue_daily", "stg_orders"),
        findings=(finding,),
        project="dw",
    )
