"""Several dbt projects in one repository: each with its own names, macros and vars, and edges across them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.pipeline.options import ScanOptions
from sqllineage_scan.pipeline.scan import scan_repository

if TYPE_CHECKING:
    from pathlib import Path

    from sqllineage_scan.graph.model import LineageGraph


def scanned(root: Path, files: dict[str, str], **options: Any) -> LineageGraph:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return scan_repository(root, ScanOptions(**options))


def edges(graph: LineageGraph) -> set[tuple[str, str]]:
    return {(str(edge.source), str(edge.target)) for edge in graph.column_edges}


MONOREPO = {
    "core/dbt_project.yml": "name: core\n",
    "core/models/orders.sql": "select o.amount from {{ source('raw', 'orders') }} o",
    "core/models/s.yml": "sources: [{name: raw, tables: [{name: orders}]}]",
    "finance/dbt_project.yml": "name: finance\n",
    "finance/dependencies.yml": "projects: [{name: core}, {name: elsewhere}]",
    "finance/models/revenue.sql": "select o.amount as revenue from {{ ref('core', 'orders') }} o",
    "finance/models/more.sql": "select c.other from {{ ref('elsewhere', 'costs') }} c",
    "finance/models/margin.sql": "select c.amount as cost from {{ ref('elsewhere', 'costs') }} c",
}


def test_a_ref_to_another_project_of_the_repository_or_of_another(tmp_path: Path) -> None:
    graph = scanned(tmp_path, MONOREPO)
    assert edges(graph) == {
        ("raw.orders.amount", "core.orders.amount"),
        ("core.orders.amount", "finance.revenue.revenue"),
        ("elsewhere.costs.amount", "finance.margin.cost"),
        ("elsewhere.costs.other", "finance.more.other"),
    }
    assert graph.dataset("elsewhere.costs").kind == "external"
    assert [(finding.name, finding.subject) for finding in graph.findings] == [("dbt.unknown_package", "elsewhere")]
    assert [gap.subject for gap in graph.coverage.gaps if gap.kind == "missing_dataset"] == ["ref('elsewhere', 'costs')"]


SHARED = {
    "shop/dbt_project.yml": "name: shop\nmodels: {kit: {+schema: tools}}\nvars: {unit: cent}\n",
    "shop/packages.yml": "packages: [{local: ../kit}]",
    "shop/profiles.yml": "shop: {outputs: {default: {type: duckdb, path: dwh.duckdb, schema: prod}}}",
    "shop/models/m.sql": "select {{ kit.doubled('c.amount') }} as twice, c.unit from {{ ref('c') }} c",
    "kit/dbt_project.yml": "name: kit\n",
    "kit/macros/d.sql": "{% macro doubled(a) %}{{ a }} * 2{% endmacro %}",
    "kit/models/c.sql": "select t.amount, t.{{ var('unit') }} as unit from {{ this.schema }}_raw.t",
}


def test_a_local_package_is_built_with_the_settings_of_the_project_that_uses_it(tmp_path: Path) -> None:
    graph = scanned(tmp_path, SHARED)
    assert edges(graph) == {
        ("prod_tools_raw.t.amount", "dwh.prod_tools.c.amount"),
        ("prod_tools_raw.t.cent", "dwh.prod_tools.c.unit"),
        ("dwh.prod_tools.c.amount", "dwh.prod.m.twice"),
        ("dwh.prod_tools.c.unit", "dwh.prod.m.unit"),
    }
    assert graph.dataset("dwh.prod_tools.c").unique_id == "model.kit.c"


def test_what_is_installed_for_a_local_package_belongs_to_the_project_that_uses_it(tmp_path: Path) -> None:
    files = SHARED | {
        "kit/dbt_packages/u/dbt_project.yml": "name: u\n",
        "kit/dbt_packages/u/models/u.sql": "select {{ u.two() }} as two from t",
        "kit/dbt_packages/u/models/u.yml": "models: [{name: u, description: Two.}]",
        "kit/dbt_packages/u/macros/two.sql": "{% macro two() %}t.x{% endmacro %}",
    }
    graph = scanned(tmp_path, files)
    assert graph.dataset("dwh.prod.u").description == "Two."
    assert ("t.x", "dwh.prod.u.two") in edges(graph)


def test_a_package_and_its_own_tests(tmp_path: Path) -> None:
    files = {
        "dbt_project.yml": "name: pack\n",
        "macros/m.sql": "{% macro one() %}a.x{% endmacro %}",
        "models/a.sql": "select t.x from t",
        "integration_tests/dbt_project.yml": "name: pack_tests\n",
        "integration_tests/packages.yml": "packages: [{local: ../}]",
        "integration_tests/models/check.sql": "select {{ pack.one() }} as y from {{ ref('a') }} a",
    }
    assert edges(scanned(tmp_path, files)) == {("t.x", "pack.a.x"), ("pack.a.x", "pack_tests.check.y")}


SETTINGS = {
    "dbt_project.yml": """
name: shop
models:
  shop:
    +schema: "{{ var('area', 'core') }}"
    audit: {+enabled: "{{ target.name == 'prod' }}"}
    +database: "{{ target.database if target.name == 'prod' else 'sandbox' }}"
vars:
  area: not seen by the settings themselves
  first_day: 2024-01-01
  shop: {tax_table: "{{ ref('taxes') }}"}
""",
    "profiles.yml": "shop: {target: dev, outputs: {dev: {type: duckdb, schema: d}, prod: {type: duckdb, path: p.db, schema: s}}}",
    "models/taxes.sql": "select r.rate from rates r where r.day > '{{ var('first_day') }}'",
    "models/audit/log.sql": "select t.rate from {{ var('tax_table') }} t",
}


def test_settings_hold_jinja_and_follow_the_target_and_the_vars(tmp_path: Path) -> None:
    assert edges(scanned(tmp_path, SETTINGS)) == {("rates.rate", "sandbox.d_core.taxes.rate")}
    assert edges(scanned(tmp_path, {}, target="prod", vars={"area": "x"})) == {
        ("rates.rate", "p.s_x.taxes.rate"),
        ("p.s_x.taxes.rate", "p.s_x.log.rate"),
    }


def test_docs_blocks_are_found_in_markdown(tmp_path: Path) -> None:
    files = {
        "dbt_project.yml": "name: shop\n",
        "models/m.sql": "select 1 as id",
        "models/words.md": "# Words\n{% docs m %}\nOne row.\n{% enddocs %}\n```\n{% macro evil() %}{% endmacro %}\n```\n",
        "models/m.yml": "models: [{name: m, description: \"{{ doc('m') }}\"}]",
    }
    assert scanned(tmp_path, files).dataset("shop.m").description == "One row."


def test_hooks_of_a_run_are_operations_with_parents(tmp_path: Path) -> None:
    """As ``dbt parse`` names them, with the refs of the macros they call."""
    files = {
        "dbt_project.yml": """
name: shop
on-run-start: "create schema if not exists audit"
on-run-end:
  - "insert into audit.log select count(*) from {{ ref('m') }}"
  - "{{ log_all() }}"
  - "{{ 1 / 0 }}"
""",
        "macros/l.sql": "{% macro log_all() %}insert into x select * from {{ source('raw', 't') }}{% endmacro %}",
        "models/m.sql": "select 1 as id",
        "models/s.yml": "sources: [{name: raw, tables: [{name: t}]}]",
        "dbt_packages/p/dbt_project.yml": "name: p\non-run-start: ['select 1']\n",
    }
    graph = scanned(tmp_path, files)
    assert [(finding.name, finding.span.line) for finding in graph.findings] == [("render.failed", 4)]
    assert {node.unique_id: node.depends_on for node in graph.nodes if node.resource_type == "operation"} == {
        "operation.shop.shop-on-run-start-0": (),
        "operation.shop.shop-on-run-end-0": ("model.shop.m",),
        "operation.shop.shop-on-run-end-1": ("source.shop.raw.t",),
        "operation.shop.shop-on-run-end-2": (),
        "operation.p.p-on-run-start-0": (),
    }
