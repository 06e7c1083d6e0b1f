"""The nodes of a dbt project: what YAML says of files, what YAML makes alone, and the parents that dbt counts.

The expected ids and parents are those of ``dbt parse`` 1.11 on the same files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sqllineage_scan import scan
from sqllineage_scan.graph.decode import from_dict

if TYPE_CHECKING:
    from pathlib import Path

    from sqllineage_scan.domain.dbt import Node
    from sqllineage_scan.graph.model import LineageGraph

PROJECT = {
    "dbt_project.yml": """
name: shop
version: '1.0'
profile: shop
models: {shop: {+schema: core}, pay: {+schema: paid, +materialized: table}}
data_tests: {shop: {marts: {+enabled: false}}}
""",
    "profiles.yml": "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, schema: dev}}}",
    "models/stg_orders.sql": "select * from {{ source('raw', 'orders') }}",
    "models/orders_v1.sql": "select id from {{ ref('stg_orders') }}",
    "models/new_orders.sql": "{{ config(tags='own') }} select id, amount, updated_at from {{ ref('stg_orders') }}",
    "models/first.sql": "select * from {{ ref('orders', v=1) }}",
    "models/latest.sql": "select * from {{ ref('orders') }}",
    "models/idle.sql": "select 1 as a",
    "models/busy.sql": "select * from {{ ref('latest') }}",
    "models/days.sql": "select current_date as day",
    "models/marts/mart.sql": "select id from {{ ref('pay', 'bills') }}",
    "models/all.yml": """
sources:
  - name: raw
    tables:
      - name: orders
        columns: [{name: id, data_tests: [unique]}, {name: amount}, {name: updated_at}]
models:
  - name: stg_orders
    config: {alias: staged, tags: nightly, group: sales, access: public}
    columns:
      - name: id
        data_tests:
          - not_null
          - relationships: {arguments: {to: ref('latest'), field: id, config: {severity: warn}}}
  - name: orders
    latest_version: 2
    config: {materialized: table, tags: [versioned]}
    columns: [{name: id}, {name: amount, description: net}]
    versions:
      - v: 1
        columns: [{include: all, exclude: [amount]}]
      - v: 2
        defined_in: new_orders
        config: {materialized: incremental}
  - name: days
    time_spine: {standard_granularity_column: day}
    columns: [{name: day, granularity: day}]
  - name: idle
    config: {enabled: "{{ var('on', false) }}"}
    columns: [{name: a, data_tests: [not_null]}]
groups: [{name: sales, owner: {name: Ann}}]
unit_tests:
  - name: adds_up
    model: latest
    given: []
    expect: {rows: []}
semantic_models:
  - name: orders
    model: ref('latest')
    defaults: {agg_time_dimension: at}
    entities: [{name: id, type: primary}]
    dimensions: [{name: at, type: time, expr: updated_at, type_params: {time_granularity: day}}]
    measures: [{name: revenue, agg: sum, expr: amount}]
metrics:
  - {name: revenue, label: R, type: simple, type_params: {measure: revenue}}
  - {name: twice, label: T, type: derived, type_params: {expr: 2 * revenue, metrics: [{name: revenue}]}}
saved_queries:
  - {name: weekly, query_params: {metrics: [revenue]}}
exposures:
  - {name: board, type: dashboard, owner: {name: Bob}, depends_on: [ref('latest'), metric('twice')]}
""",
    "models/marts/marts.yml": "models: [{name: mart, columns: [{name: id, data_tests: [not_null]}]}]",
    "snapshots/two.sql": """
{% snapshot a_snapshot %}{{ config(unique_key='id', strategy='check', check_cols='all') }}
select id from {{ ref('latest') }}{% endsnapshot %}
{% snapshot b_snapshot %}{{ config(unique_key='id', strategy='timestamp', updated_at='updated_at', schema='snaps') }}
select id, updated_at from {{ ref('stg_orders') }}{% endsnapshot %}
""",
    "snapshots/yaml.yml": """
snapshots:
  - name: c_snapshot
    relation: source('raw', 'orders')
    config: {unique_key: id, strategy: timestamp, updated_at: updated_at, dbt_valid_to_current: "'9999-12-31'"}
    columns: [{name: id, data_tests: [unique]}]
""",
    "dbt_packages/pay/dbt_project.yml": "name: pay\nversion: '1.0'\nmodels: {+materialized: view}",
    "dbt_packages/pay/models/bills.sql": "{{ config(schema='own') }} select id from {{ source('till', 'bills') }}",
    "dbt_packages/pay/models/pay.yml": "sources: [{name: till, tables: [{name: bills}]}]",
    "models/more.yml": """
sources:
  - {name: till, overrides: pay, schema: cash, tables: [{name: bills, identifier: bills_2024}]}
""",
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> LineageGraph:
    return scan(written(tmp_path_factory.mktemp("shop"), PROJECT))


def written(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def node(graph: LineageGraph, unique_id: str) -> Node:
    (found,) = (node for node in graph.nodes if node.unique_id == unique_id)
    return found


def parents(graph: LineageGraph, unique_id: str) -> set[str]:
    return set(node(graph, unique_id).depends_on)


def test_yaml_configures_a_node(graph: LineageGraph) -> None:
    staged = node(graph, "model.shop.stg_orders")
    assert (staged.schema, staged.alias, staged.tags) == ("dev_core", "staged", ("nightly",))
    assert (staged.group, staged.access) == ("sales", "public")
    assert graph.dataset("model.shop.stg_orders").id.name.endswith("dev_core.staged")


def test_versions_of_a_model(graph: LineageGraph) -> None:
    first, second = node(graph, "model.shop.orders.v1"), node(graph, "model.shop.orders.v2")
    assert (first.alias, first.materialized, first.version) == ("orders_v1", "table", "1")
    assert (second.alias, second.materialized, second.path) == ("orders_v2", "incremental", "models/new_orders.sql")
    assert second.tags == ("own", "versioned")
    assert parents(graph, "model.shop.first") == {"model.shop.orders.v1"}
    assert parents(graph, "model.shop.latest") == {"model.shop.orders.v2"}
    assert graph.columns("model.shop.latest") == ("id", "amount", "updated_at")
    described = {column.name: column.description for column in graph.dataset("model.shop.orders.v2").columns or ()}
    assert described == {"id": "", "amount": "net", "updated_at": ""}


def test_what_yaml_switches_off_is_nobodys_parent(graph: LineageGraph) -> None:
    assert not node(graph, "model.shop.idle").enabled
    assert "model.shop.idle" not in {dataset.unique_id for dataset in graph.datasets}
    assert parents(graph, "test.shop.not_null_idle_a.d719dd0ef0") == set()  # dbt keeps the test


def test_every_snapshot_of_a_file_and_of_yaml_is_a_node(graph: LineageGraph) -> None:
    assert parents(graph, "snapshot.shop.a_snapshot") == {"model.shop.latest"}
    assert parents(graph, "snapshot.shop.b_snapshot") == {"model.shop.stg_orders"}
    assert parents(graph, "snapshot.shop.c_snapshot") == {"source.shop.raw.orders"}
    added = ("dbt_scd_id", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to")
    assert graph.columns("snapshot.shop.a_snapshot") == ("id", *added)
    assert graph.columns("snapshot.shop.b_snapshot") == ("id", "updated_at", *added)
    assert graph.columns("snapshot.shop.c_snapshot") == ("id", "amount", "updated_at", *added)
    (since,) = (edge for edge in graph.column_edges if str(edge.target).endswith("c_snapshot.dbt_valid_from"))
    assert (since.source.column, since.span and since.span.path) == ("updated_at", "snapshots/yaml.yml")


def test_a_project_has_the_last_word_on_its_packages(graph: LineageGraph) -> None:
    bills = node(graph, "model.pay.bills")
    assert (bills.schema, bills.materialized) == ("dev_paid", "table")
    till = node(graph, "source.pay.till.bills")
    assert (till.schema, till.alias) == ("cash", "bills_2024")
    assert parents(graph, "model.shop.mart") == {"model.pay.bills"}


@pytest.mark.parametrize(
    ("unique_id", "columns", "expected"),
    [
        ("test.shop.not_null_stg_orders_id.8cf5724805", ("id",), {"model.shop.stg_orders"}),
        ("test.shop.source_unique_raw_orders_id.56401af608", ("id",), {"source.shop.raw.orders"}),
        (
            "test.shop.relationships_stg_orders_id__id__ref_latest_.4764469578",
            ("id",),
            {"model.shop.stg_orders", "model.shop.latest"},
        ),
        ("unit_test.shop.latest.adds_up", (), {"model.shop.latest"}),
        ("semantic_model.shop.orders", ("revenue",), {"model.shop.latest"}),
        ("metric.shop.revenue", (), {"semantic_model.shop.orders"}),
        ("metric.shop.twice", (), {"metric.shop.revenue"}),
        ("saved_query.shop.weekly", (), {"metric.shop.revenue"}),
        ("exposure.shop.board", (), {"model.shop.latest", "metric.shop.twice"}),
        ("group.shop.sales", (), set()),
    ],
)
def test_nodes_that_yaml_makes(graph: LineageGraph, unique_id: str, columns: tuple[str, ...], expected: set[str]) -> None:
    found = node(graph, unique_id)
    assert (set(found.depends_on), found.columns, found.enabled) == (expected, columns, True)


def test_a_folder_switches_its_tests_off(graph: LineageGraph) -> None:
    (found,) = (node for node in graph.nodes if node.name == "not_null_mart_id")
    assert not found.enabled


def test_nodes_survive_the_document(graph: LineageGraph) -> None:
    document = graph.to_dict()
    assert from_dict(document) == graph
    datasets = {dataset.get("dbt", {}).get("unique_id"): dataset for dataset in document["datasets"]}
    assert datasets["model.shop.first"]["dbt"]["depends_on"] == ["model.shop.orders.v1"]


FAULTY = {
    "dbt_project.yml": "name: shop\nversion: '1.0'",
    "models/orders.sql": "select 1 as id",
    "models/again/orders.sql": "select 2 as id",
    "models/bills.sql": "{{ config(alias='orders') }} select 1 as id",
    "models/lost.sql": "select *\nfrom {{ ref('nobody') }}, {{ source('raw', 'gone') }}",
    "models/hen.sql": "select * from {{ ref('egg') }}",
    "models/egg.sql": "select * from {{ ref('hen') }}",
    "models/itself.sql": "select * from {{ ref('itself') }}",
    "models/broken.sql": "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %} select 1",
    "models/all.yml": "models:\n  - name: orders\n  - name: ghost\n",
}


def test_each_fault_is_one_finding_at_its_place(tmp_path: Path) -> None:
    found = scan(written(tmp_path, FAULTY)).findings
    assert {(each.name, each.severity.value, each.span.path, each.span.line, each.subject) for each in found} == {
        ("dbt.duplicate_node", "error", "models/orders.sql", 1, "model.shop.orders"),
        ("dbt.duplicate_relation", "error", "models/bills.sql", 1, "shop.orders"),
        ("dbt.unknown_ref", "warning", "models/lost.sql", 2, "ref('nobody')"),
        ("dbt.unknown_source", "warning", "models/lost.sql", 2, "source('raw', 'gone')"),
        ("dbt.cycle", "error", "models/egg.sql", 1, "model.shop.egg"),
        ("dbt.cycle", "error", "models/itself.sql", 1, "model.shop.itself"),
        ("dbt.unused_properties", "warning", "models/all.yml", 3, "ghost"),
        ("render.failed", "error", "models/broken.sql", 1, ""),
    }
    assert len(found) == 8
