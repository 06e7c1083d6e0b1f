"""What a NAME means."""

from __future__ import annotations

import pytest

from sqllineage_scan.domain.dataset import Column, Dataset, DatasetKind
from sqllineage_scan.domain.names import DatasetId
from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.build import build_graph


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("analytics.orders", "analytics.orders"),
        ("model.shop.orders", "analytics.orders"),
        ("orders", "analytics.orders"),  # dbt's model before raw.public.orders, which only ends so
        ("shop.orders", "analytics.orders"),
        ("raw.orders", "raw.public.orders"),  # dbt's source
        ("public.orders", "raw.public.orders"),
        ("report", "analytics.report"),
        ("Analytics.ORDERS", "analytics.orders"),
        ("snowflake://acme/finance.rates", "snowflake://acme/finance.rates"),
        ("finance.rates", "snowflake://acme/finance.rates"),
        ("rates", "snowflake://acme/finance.rates"),
        ("analytics.orders.amount", "analytics.orders.amount"),
        ("model.shop.orders.amount", "analytics.orders.amount"),
        ("orders.amount", "analytics.orders.amount"),
        ("ORDERS.Amount", "analytics.orders.amount"),
        ("public.payments.amt", "raw.public.payments.amt"),
        ("report.amount", "analytics.report.amount"),  # known from an edge only
        (" orders ", "analytics.orders"),
    ],
)
def test_found(shop, name: str, found: str) -> None:
    assert str(shop.find(name)) == found


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("order", "no dataset or column is called 'order'; did you mean analytics.orders"),
        ("orders.amuont", "analytics.orders has no column 'amuont'; did you mean amount?"),
        ("orders.zzz", "analytics.orders has no column 'zzz'; it has id, amount, email_hash, status"),
        ("order_id", "no dataset is called 'order_id'; as a column there is analytics.stg_payments.order_id"),
        ("qqq", "no dataset or column is called 'qqq'"),
        ("", "no dataset or column is called ''"),
    ],
)
def test_unknown(shop, name: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        shop.find(name)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


def test_ambiguous_lists_five() -> None:
    graph = build_graph(
        name="t",
        datasets=[Dataset(DatasetId("", f"s{number}.orders"), DatasetKind.TABLE, (Column("id"),)) for number in range(7)],
    )
    with pytest.raises(UsageError) as error:
        graph.find("orders")
    assert str(error.value) == (
        "'orders' is ambiguous: it could be s0.orders, s1.orders, s2.orders, s3.orders, s4.orders or 2 more"
    )
    with pytest.raises(UsageError, match=r"'orders\.id' is ambiguous: it could be s0\.orders\.id"):
        graph.find("orders.id")


def test_case_decides_where_it_can() -> None:
    datasets = [Dataset(DatasetId("", name), DatasetKind.TABLE) for name in ("Orders", "orders")]
    graph = build_graph(name="t", datasets=datasets)
    assert str(graph.find("Orders")) == "Orders"
    with pytest.raises(UsageError, match="ambiguous"):
        graph.find("ORDERS")


def test_a_column_with_dots_in_its_name() -> None:
    graph = build_graph(name="t", datasets=[Dataset(DatasetId("", "raw.events"), DatasetKind.TABLE, (Column("address.zip"),))])
    assert graph.find("events.address.zip").column == "address.zip"  # type: ignore[union-attr]


def test_a_dataset_is_asked_for_and_a_column_named(shop) -> None:
    with pytest.raises(UsageError):
        shop.dataset("orders.amount")
    assert shop.columns("orders") == ("id", "amount", "email_hash", "status")
