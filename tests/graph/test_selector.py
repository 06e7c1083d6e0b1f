"""Selectors on the sample graph: what each picks, and what sets of them do whatever the graph is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_shop import sample_shop

from sqllineage_scan.errors import UsageError
from sqllineage_scan.graph.selector.choose import choose
from sqllineage_scan.graph.selector.pattern import path_fits

SHOP = sample_shop()


def chosen(*select: str, exclude: str = "") -> tuple[set[str], set[str]]:
    """The whole datasets, and the columns picked for themselves."""
    picked = choose(SHOP, SHOP.index, select, [exclude]).picked
    return {str(dataset) for dataset in picked.datasets}, {str(column) for column in picked.loose}


@pytest.mark.parametrize(
    ("selector", "datasets", "columns"),
    [
        ("orders", {"analytics.orders"}, set()),  # dbt's model before the ending of raw.public.orders
        ("raw.orders", {"raw.public.orders"}, set()),  # dbt's source
        ("model.shop.stg_payments", {"analytics.stg_payments"}, set()),
        ("*payments", {"raw.public.payments", "analytics.stg_payments"}, set()),
        ("orders.amount", set(), {"analytics.orders.amount"}),
        (
            "+orders.amount",
            set(),
            {
                "analytics.orders.amount",
                "analytics.stg_payments.amount",
                "raw.public.payments.amt",
                "snowflake://acme/finance.rates.rate",
            },
        ),
        (
            "1+orders.amount+1",
            set(),
            {
                "analytics.orders.amount",
                "analytics.stg_payments.amount",
                "snowflake://acme/finance.rates.rate",
                "analytics.report.amount",
            },
        ),
        ("payments+1", {"raw.public.payments", "analytics.stg_payments"}, set()),
        ("@stg_payments", {str(dataset.id) for dataset in SHOP.datasets}, set()),
        ("tag:pii", set(), {"raw.public.orders.email"}),
        ("tag:fin*", {"analytics.orders"}, set()),
        ("path:views/*", {"analytics.report"}, set()),
        ("path:ddl", {"raw.public.payments"}, set()),
        ("file:orders.sql", {"analytics.orders"}, set()),
        ("views/", {"analytics.report"}, set()),
        ("source:raw", {"raw.public.orders"}, set()),
        ("source:shop.raw.orders", {"raw.public.orders"}, set()),
        ('owner:"data team"', {"analytics.orders"}, set()),
        ("kind:view", {"analytics.report"}, set()),
        ("namespace:snowflake*", {"snowflake://acme/finance.rates"}, set()),
        ("snowflake://acme/finance.rates", {"snowflake://acme/finance.rates"}, set()),
        ("dialect:snowflake", {"analytics.report"}, set()),
        ("1+exposure:weekly_report", {"analytics.orders", "analytics.report"}, set()),
        ("tag:pii,raw.orders", set(), {"raw.public.orders.email"}),  # a column of a dataset that is picked whole
        ("orders,kind:view", None, None),
        ("kind:view kind:source", {"analytics.report", "raw.public.orders"}, set()),
        ("*.amount", set(), {"analytics.orders.amount", "analytics.stg_payments.amount", "analytics.report.amount"}),
    ],
)
def test_what_is_picked(selector: str, datasets: set[str] | None, columns: set[str] | None) -> None:
    if datasets is None:
        with pytest.raises(UsageError, match="nothing is selected"):
            chosen(selector)
        return
    assert chosen(selector) == (datasets, columns)


def test_exclude_takes_away() -> None:
    assert chosen("kind:model", exclude="orders") == ({"analytics.stg_payments"}, set())
    rest = SHOP.select("raw.orders", exclude="tag:pii")
    assert [column.name for column in rest.datasets[0].columns or ()] == ["id", "status"]


@pytest.mark.parametrize(
    ("selector", "said"),
    [
        ("ordres", "nothing is selected: no dataset or column is called 'ordres'; did you mean"),
        ("orders.amout", "nothing is selected: analytics.orders has no column 'amout'; did you mean amount?"),
        ("tga:pii", "selector 'tga:pii': there is no method 'tga'; did you mean 'tag'?"),
        ("tag:", "selector 'tag:' says tag, and not which"),
        ("+", "selector '+' names nothing"),
        ("@orders+", "selector '@orders+': @ and a + behind it cannot be together"),
        ("tag:nobody", "nothing is selected: nothing fits 'tag:nobody'"),
        ("config.owner:x", "selector 'config.owner:x': config.KEY knows"),
    ],
)
def test_what_cannot_be_is_one_line(selector: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        chosen(selector)
    assert str(error.value).startswith(said)


def test_a_part_that_picks_nothing_is_said() -> None:
    choice = choose(SHOP, SHOP.index, ["orders tag:nobody"])
    assert choice.unmatched == ("nothing fits 'tag:nobody'",)


def test_the_cut_graph_has_no_loose_ends() -> None:
    cut = SHOP.select("+orders.amount")
    assert [str(dataset.id) for dataset in cut.datasets] == [
        "analytics.orders",
        "analytics.stg_payments",
        "raw.public.payments",
        "snowflake://acme/finance.rates",
    ]
    assert [(str(edge.source), str(edge.target)) for edge in cut.column_edges] == [
        ("analytics.stg_payments.amount", "analytics.orders.amount"),
        ("raw.public.payments.amt", "analytics.stg_payments.amount"),
        ("snowflake://acme/finance.rates.rate", "analytics.orders.amount"),
    ]
    known = {dataset.id for dataset in cut.datasets}
    assert all({*job.reads, *job.writes} <= known for job in cut.jobs)
    assert not cut.exposures
    assert not [finding for finding in cut.findings if finding.span.path.startswith("legacy")]


def test_everything_is_the_graph_itself() -> None:
    assert SHOP.select().datasets == SHOP.datasets
    assert SHOP.select().column_edges == SHOP.column_edges


ATOMS = st.sampled_from(
    ["orders", "*payments", "+orders.amount", "tag:pii", "@stg_payments", "kind:model", "orders.*", "payments+1"]
)


@given(ATOMS, ATOMS)
def test_sets(first: str, second: str) -> None:
    def picked(text: str, exclude: str = ""):
        try:
            return choose(SHOP, SHOP.index, [text], [exclude]).picked
        except UsageError:
            return None

    union, both = picked(f"{first} {second}"), picked(f"{first},{second}")
    one, other = picked(first), picked(second)
    assert union == one | other == picked(f"{second} {first}")
    expected = one & other
    assert both == (expected if expected.something else None) == picked(f"{second},{first}")
    assert (picked(first, exclude=second) or (one - other)) == one - other


@pytest.mark.parametrize(
    ("path", "pattern", "fitting"),
    [
        ("warehouse/models/marts/orders.sql", "marts/*", True),
        ("warehouse/models/marts/eu/orders.sql", "marts", True),
        ("warehouse/models/marts/eu/orders.sql", "models/**/orders.sql", True),
        ("warehouse/models/marts/orders.sql", "/models", False),
        ("warehouse/models/marts/orders.sql", "./warehouse/models/", True),
        ("warehouse/models/smarts/orders.sql", "marts/*", False),
    ],
)
def test_paths(path: str, pattern: str, *, fitting: bool) -> None:
    assert path_fits(path, pattern) is fitting
