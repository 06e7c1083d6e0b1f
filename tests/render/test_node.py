"""What a file is in its project: unique id, relation, configuration, parents."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqllineage_scan.domain.source import DbtProject, FileKind, SourceFile
from sqllineage_scan.render.environment import build_environment
from sqllineage_scan.render.file import render_file
from sqllineage_scan.render.seeds import seed_node
from sqllineage_scan.render.ways import parts_of


def node(project, text="select 1", path="models/orders.sql", kind=FileKind.MODEL, root=""):
    return project.file(text, path, kind, root).node


@pytest.mark.parametrize(
    ("path", "kind", "text", "unique_id", "materialized", "relation"),
    [
        ("models/a/orders.sql", FileKind.MODEL, "select 1", "model.shop.orders", "view", ("shop", "orders")),
        ("analyses/look.sql", FileKind.ANALYSIS, "select 1", "analysis.shop.look", "view", ("shop", "look")),
        ("tests/no_gaps.sql", FileKind.TEST, "select 1", "test.shop.no_gaps", "test", ("shop_dbt_test__audit", "no_gaps")),
        (
            "snapshots/s.sql",
            FileKind.SNAPSHOT,
            "{% snapshot orders_snap %}{{ config(target_schema='snaps') }} select * from {{ ref('a') }}{% endsnapshot %}",
            "snapshot.shop.orders_snap",
            "snapshot",
            ("snaps", "orders_snap"),
        ),
        ("models/p.py", FileKind.PYTHON_MODEL, "", "model.shop.p", "view", ("shop", "p")),
    ],
)
def test_kinds_of_nodes(shop, path, kind, text, unique_id, materialized, relation):  # noqa: PLR0917 -- a table of cases
    found = node(shop(), text, path, kind)
    assert (found.unique_id, found.materialized, found.relation, found.enabled) == (unique_id, materialized, relation, True)
    assert found.resource_type == unique_id.partition(".")[0]


def test_seeds_are_nodes_without_text(shop):
    settings = {"seeds": {"shop": {"+schema": "raw", "big": {"+enabled": "{{ var('load', false) }}"}}}}
    environment = shop(settings=settings).environment
    seed = seed_node(SourceFile("seeds/codes.csv", FileKind.SEED, ""), environment)
    assert (seed.unique_id, seed.relation, seed.materialized, seed.enabled) == (
        "seed.shop.codes",
        ("shop_raw", "codes"),
        "seed",
        True,
    )
    assert not seed_node(SourceFile("seeds/big/codes.csv", FileKind.SEED, ""), environment).enabled
    file = shop(settings=settings).file("a,b", "seeds/codes.csv", FileKind.SEED)
    assert (file.variants, file.node) == ((), seed)


def test_the_projects_folders_configure_outermost_first_and_the_file_last(shop):
    settings = {
        "models": {
            "+materialized": "table",
            "shop": {"+tags": ["all"], "marts": {"schema": "mart", "tags": "daily", "sales": {"+materialized": "view"}}},
        }
    }
    project = shop(settings=settings)
    assert node(project, path="models/a.sql").materialized == "table"
    sales = node(project, "{{ config(tags=['own'], alias='o') }} select 1", "models/marts/sales/a.sql")
    assert (sales.materialized, sales.tags, sales.relation) == ("view", ("all", "daily", "own"), ("shop_mart", "o"))
    assert node(project, "{{ config(materialized='ephemeral') }}", "models/marts/a.sql").materialized == "ephemeral"


def test_switches_may_be_jinja(shop):
    settings = {"models": {"shop": {"new": {"+enabled": "{{ var('new', false) | as_bool }}"}}}}
    assert not node(shop(settings=settings), path="models/new/a.sql").enabled
    assert node(shop(settings=settings, vars={"new": True}), path="models/new/a.sql").enabled
    assert not node(shop(settings=settings, vars={"new": "false"}), path="models/new/a.sql").enabled
    assert not node(shop(), "{{ config(enabled=var('new', false)) }} select 1").enabled


def test_the_target_says_where(shop):
    project = shop(target={"type": "snowflake", "database": "ANALYTICS", "schema": "dbt"}, dialect="snowflake")
    assert node(project).relation == ("analytics", "dbt", "orders")
    assert node(project, "{{ config(database='raw', schema='x') }}").relation == ("raw", "dbt_x", "orders")


@pytest.mark.parametrize(
    ("dialect", "settings", "alias", "expected"),
    [
        ("postgres", {}, "Orders", '"Orders"'),
        ("postgres", {"quoting": {"identifier": False}}, "Orders", "orders"),
        ("snowflake", {}, "Orders", "orders"),
        ("snowflake", {"quoting": {"identifier": True}}, "orders", '"orders"'),
        ("bigquery", {}, "Orders", "Orders"),
        ("duckdb", {}, "Orders", "orders"),
    ],
)
def test_names_are_folded_as_the_dialect_folds_what_dbt_writes(shop, dialect, settings, alias, expected):
    project = shop(settings=settings, dialect=dialect)
    assert node(project, "{{ config(alias='" + alias + "') }}").relation[-1] == expected


def test_a_schema_macro_of_the_project_is_called(shop):
    macros = """{% macro generate_schema_name(custom_schema_name, node) -%}
        {%- if custom_schema_name is none -%} {{ target.schema }} {%- elif node.resource_type == 'seed' -%} raw
        {%- else -%} {{ custom_schema_name | trim }} {%- endif -%}
    {%- endmacro %}
    {% macro generate_alias_name(custom_alias_name=none, node=none) %}{{ node.name | replace('stg_', '') }}{% endmacro %}"""
    project = shop(macros=macros, target={"schema": "dev"})
    assert node(project, path="models/stg_orders.sql").relation == ("dev", "orders")
    assert node(project, "{{ config(schema='mart') }}").relation == ("mart", "orders")


def test_a_schema_macro_may_call_dbts_own(shop):
    macros = "{% macro generate_schema_name(name, node) %}{{ default__generate_schema_name(name, node) }}_x{% endmacro %}"
    assert node(shop(macros=macros), "{{ config(schema='mart') }}").relation == ("shop_mart_x", "orders")
    macros = "{% macro generate_schema_name(name, node) %}{{ generate_schema_name_for_env(name, node) }}{% endmacro %}"
    assert node(shop(macros=macros), "{{ config(schema='mart') }}").relation == ("shop", "orders")
    target = {"schema": "dev", "name": "prod"}
    assert node(shop(macros=macros, target=target), "{{ config(schema='mart') }}").relation == ("mart", "orders")


@pytest.mark.parametrize(
    "body", ["{{ env_var('NOBODY') }}", "{{ 1 / 0 }}", "{{ generate_schema_name(name, node) }}", "", "{{ return(none) }}"]
)
def test_a_schema_macro_that_cannot_be_known_leaves_dbts_rule(shop, body):
    macros = "{% macro generate_schema_name(name, node) %}" + body + "{% endmacro %}"
    assert node(shop(macros=macros)).relation == ("shop", "orders")


def test_parents_are_counted_once_in_the_order_they_are_met(shop):
    text = """{{ config(post_hook="insert into log select * from {{ ref('hooked') }}") }}
    {% if execute %}{{ ref('only_at_run_time') }}{% endif %}
    select * from {{ source('raw', 'a') }} join {{ ref('b') }} join {{ ref('b') }} {# {{ ref('comment') }} #}"""
    assert [str(name) for name in node(shop(), text).depends_on] == ["source('raw', 'a')", "ref('b')", "ref('hooked')"]


def test_models_of_a_package_belong_to_it_and_the_scanned_project_configures_them(shop):
    package = DbtProject(
        "dbt_packages/pay", "pay", {"models": {"pay": {"+schema": "pay", "+materialized": "table"}}}, {}, parent=""
    )
    project = shop(packages=(package,), settings={"models": {"pay": {"+schema": "billing"}}})
    found = node(project, path="dbt_packages/pay/models/x.sql", root="dbt_packages/pay")
    assert (found.unique_id, found.relation, found.materialized) == ("model.pay.x", ("shop_billing", "x"), "table")


def test_a_file_may_hold_several_snapshots(shop):
    text = "{% snapshot a %}{{ config(updated_at='t') }}select 1 {% endsnapshot %}\n{% snapshot b %}select 2{% endsnapshot %}"
    file = SourceFile("snapshots/s.sql", FileKind.SNAPSHOT, "")
    first, second = (render_file(replace(file, part=part), text, shop().environment) for part in (0, 1))
    assert parts_of(file, text) == ("a", "b")
    assert (first.node.name, second.node.name) == ("a", "b")
    assert "select 1 " in first.variants[0].text
    assert "t as dbt_valid_from" in first.variants[0].text
    assert "select 2\n)" in second.variants[0].text


def test_python_models_are_read_not_run(shop):
    text = """
def model(dbt, session):
    dbt.config(materialized="table", tags=["ml"])
    orders = dbt.ref("orders", v=2)
    pay = dbt.source("raw", "pay")
    other = dbt.ref("shop", "other")
    computed = dbt.ref(f"stg_{orders}")
    raise SystemExit
"""
    file = shop().file(text, "models/ml.py", FileKind.PYTHON_MODEL)
    assert file.variants == ()
    assert (file.node.materialized, file.node.tags) == ("table", ("ml",))
    assert [name.parts for name in file.node.depends_on] == [("", "orders", "2"), ("raw", "pay"), ("shop", "other", "")]


def test_a_python_model_that_is_no_python_is_a_finding(shop):
    file = shop().file("def model(:\n", "models/ml.py", FileKind.PYTHON_MODEL)
    assert [(finding.code, finding.span.line) for finding in file.findings] == [("RN01", 1)]
    assert file.node.unique_id == "model.shop.ml"


@pytest.mark.parametrize(
    "settings",
    [
        {"models": ["a"], "vars": ["b"], "quoting": 3, "dispatch": {"a": 1}, "model-paths": "models"},
        {"models": {"shop": {"+tags": {"a": 1}, "+meta": [1], "+schema": 3, "+alias": ["x"], "+enabled": None, "+post-hook": 7}}},
        {
            "models": {
                "shop": {"+enabled": "{{ 1 / 0 }}", "+schema": "{{ nobody() }}", "+post-hook": ["{{ broken( }}", {"sql": 3}]}
            }
        },
    ],
)
def test_settings_of_the_wrong_kind_do_no_harm(shop, settings):
    assert node(shop(settings=settings)).unique_id == "model.shop.orders"


SETTINGS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["a", "{{ x", "{{ var('a') }}", "{{ [1] }}", "models"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "shop",
                    "models",
                    "+tags",
                    "tags",
                    "+meta",
                    "meta",
                    "+schema",
                    "+alias",
                    "+enabled",
                    "+post-hook",
                    "quoting",
                    "vars",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=25,
)


@given(
    st.dictionaries(
        st.sampled_from(["models", "vars", "quoting", "dispatch", "model-paths", "profile", "seeds"]), SETTINGS, max_size=4
    )
)
def test_settings_of_any_shape_do_no_harm(settings):
    environment = build_environment(DbtProject("", "shop", settings, {}, "duckdb"), {}, ())
    text = "{{ config(meta={'a': 1}, tags='x', post_hook='{{ this }}') }}{{ var('a', 1) }} {{ adapter.dispatch('f', 'shop')() }}"
    file = render_file(SourceFile("models/a/orders.sql", FileKind.MODEL, ""), text, environment)
    assert file.node.unique_id == "model.shop.orders"


def test_settings_that_hold_themselves_do_no_harm():
    meta: dict[str, object] = {}
    meta["again"] = [meta]
    bomb: list[object] = ["x"]
    for _ in range(60):
        bomb = [bomb, bomb]
    settings = {"models": {"+meta": meta, "+tags": bomb, "+bomb": bomb}, "vars": {"bomb": bomb, "meta": meta}}
    environment = build_environment(DbtProject("", "shop", settings, {}, "duckdb"), {}, ())
    text = "{{ var('bomb') }}{{ var('meta') }}{{ config.get('meta') }}"
    file = render_file(SourceFile("models/orders.sql", FileKind.MODEL, ""), text, environment)
    assert file.node.tags == ()
    assert len(file.variants[0].text) < 1_000
