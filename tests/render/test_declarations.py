"""dbt's YAML: what it declares, and what becomes of YAML that is not as dbt wants it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqllineage_scan.domain.dataset import Column
from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.domain.source import DbtProject, FileKind, SourceFile
from sqllineage_scan.render.environment import build_environment
from sqllineage_scan.render.properties import read_properties

FILE = SourceFile("models/schema.yml", FileKind.PROPERTIES, "")


def read(project, text):
    return read_properties(FILE, text, project.environment)


SOURCES = """
version: 2
sources:
  - name: raw
    database: "{{ var('db', 'lake') }}"
    schema: "{{ 'raw_' ~ target.name }}"
    description: All that is loaded.
    tags: [daily]
    meta: {owner: data-team}
    quoting: {identifier: true}
    tables:
      - name: orders
        identifier: Orders_V2
        columns:
          - name: id
            data_type: bigint
            description: The key.
            tests: [unique, not_null, {accepted_values: {values: [1]}}, dbt_utils.not_empty]
          - name: email
            meta: {policy: pii}
            config: {tags: [pii]}
      - description: no columns
        name: pay
        config: {enabled: "{{ var('pay', false) }}", meta: {owner: {email: pay@example.com}}, tags: money}
  - name: bare
    tables: [{name: t}]
"""


def test_sources(shop):
    found = read(shop(dialect="postgres"), SOURCES)
    assert found.findings == ()
    orders, pay, bare = found.datasets
    assert (orders.resource_type, orders.package, orders.source_name, orders.name) == ("source", "shop", "raw", "orders")
    assert orders.unique_id == "source.shop.raw.orders"
    assert orders.relation == ("lake", "raw_default", '"Orders_V2"')
    assert (orders.description, orders.tags, orders.owner, orders.enabled) == (
        "All that is loaded.",
        ("daily",),
        "data-team",
        True,
    )
    assert (orders.span.line, orders.span.column) == (12, 9)
    assert orders.columns == (
        Column("id", "bigint", None, "The key.", (), ("unique", "not_null", "accepted_values", "dbt_utils.not_empty")),
        Column("email", None, None, "", ("pii",), ()),
    )
    assert (pay.enabled, pay.owner, pay.tags, pay.description) == (False, "pay@example.com", ("daily", "money"), "no columns")
    assert pay.span.line == 23
    assert bare.relation == ("bare", "t")


def test_what_cannot_be_known_of_a_source_is_left_to_dbts_defaults(shop):
    text = 'sources: [{name: raw, schema: "{{ env_var(\'S\') }}", database: "{{ 1 / 0 }}", tables: [{name: t}]}]'
    assert read(shop(), text).datasets[0].relation == ("raw", "t")


def test_sources_live_in_the_targets_database_unless_they_say_another(shop):
    project = shop(target={"type": "duckdb", "database": "lake", "schema": "x"})
    assert read(project, "sources: [{name: raw, tables: [{name: t}]}]").datasets[0].relation == ("lake", "raw", "t")


def test_sources_are_switched_off_in_the_project_file(shop):
    settings = {"sources": {"shop": {"raw": {"+enabled": False}}}}
    found = read(shop(settings=settings), "sources: [{name: raw, tables: [{name: t}]}, {name: b, tables: [{name: t}]}]")
    assert [dataset.enabled for dataset in found.datasets] == [False, True]


def test_models_seeds_and_snapshots_are_described(shop):
    text = """
models:
  - name: orders
    description: '{{ doc("orders") }} and more'
    config: {tags: [mart], meta: {owner: ann}, enabled: false}
    data_tests: [something]
    columns:
      - {name: a, data_tests: [{unique: {where: x}}]}
seeds: [{name: codes, columns: [{name: code}]}]
snapshots: [{name: s}]
"""
    project = shop(macros="{% docs orders %} All orders. {% enddocs %}")
    orders, codes, snap = read(project, text).datasets
    assert (orders.unique_id, orders.description, orders.tags, orders.owner, orders.enabled) == (
        "model.shop.orders",
        "All orders. and more",
        ("mart",),
        "ann",
        False,
    )
    assert orders.columns == (Column("a", tests=("unique",)),)
    assert orders.relation == ()
    assert (codes.resource_type, codes.columns[0].name, snap.resource_type) == ("seed", "code", "snapshot")


def test_exposures(shop):
    text = """
exposures:
  - name: weekly
    label: Weekly numbers
    type: dashboard
    url: https://example.com/weekly
    owner: {name: Ann, email: ann@example.com}
    description: For Monday.
    depends_on: [ref('orders'), "ref('pay', 'bills')", "source('raw', 't')", metric('m')]
  - {name: bare, type: notebook, owner: {email: bob@example.com}}
"""
    found = read(shop(), text)
    weekly, bare = found.exposures
    assert (weekly.name, weekly.kind, weekly.owner, weekly.url) == ("weekly", "dashboard", "Ann", "https://example.com/weekly")
    assert [name.parts for name in weekly.depends_on] == [("", "orders", ""), ("pay", "bills", ""), ("raw", "t")]
    assert (weekly.unique_id, weekly.package, weekly.span.line) == ("exposure.shop.weekly", "shop", 3)
    assert (bare.owner, bare.url, bare.depends_on) == ("bob@example.com", None, ())
    assert found.findings == ()


def test_broken_yaml_is_a_finding_with_its_line(shop):
    found = read(shop(), "models:\n  - name: a\n   columns: [\n")
    assert found.datasets == ()
    (finding,) = found.findings
    assert (finding.code, finding.name, finding.severity) == ("RN10", "properties.unreadable", Severity.ERROR)
    assert finding.span.line == 3


@pytest.mark.parametrize(
    "text", ["a: !!python/object:os.system x", "a: 2020-99-99", "a: !!bool x", "a: &x [*x]\nb: *y", "\t", "? {a: b}\n: c"]
)
def test_yaml_that_pyyaml_cannot_build_is_a_finding(shop, text):
    assert [finding.code for finding in read(shop(), text).findings] in (["RN10"], [])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("models: {a: 1}", []),
        ("models: [a, {name: ok}]", ["ok"]),
        ("models: [{name: [a]}, {name: ok}]", ["ok"]),
        ("models: [{description: no name}]", []),
        ("models: [{name: ok, columns: {a: 1}}]", ["ok"]),
        ("models: [{name: ok, columns: [{name: a, tests: unique}]}]", ["ok"]),
        ("models: [{name: ok, columns: [{name: a, tests: [3]}]}]", ["ok"]),
        ("models: [{name: ok, tags: [{a: 1}]}]", ["ok"]),
        ("models: [{name: ok, description: [a]}]", ["ok"]),
        ("models: [{name: ok, config: [a]}]", ["ok"]),
        ("sources: [{name: a, tables: [1]}]", []),
        ("sources: [{name: a, quoting: 3, tables: [{name: ok}]}]", ["ok"]),
        ("exposures: [{name: a, depends_on: ref('x')}]", []),
        ("exposures: [{name: a, depends_on: [x]}]", []),
        ("[1, 2]", []),
    ],
)
def test_a_field_of_the_wrong_type_is_skipped_with_a_remark(shop, text, names):
    found = read(shop(), text)
    assert [dataset.name for dataset in found.datasets] == names
    assert "RN11" in {finding.code for finding in found.findings}


@pytest.mark.parametrize(
    "text", ["", "# only a comment", "version: 2", "models:", "models: [{name: a, columns: }]", "metrics: [{name: m}]"]
)
def test_what_is_empty_is_no_trouble(shop, text):
    assert read(shop(), text).findings == ()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["a", "{{ x", "{{ var('a') }}", "{% if %}", "ref('a')"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "tables", "columns", "config", "meta", "tags", "tests", "owner", "depends_on", "quoting", "enabled"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["sources", "models", "exposures", "seeds"]), VALUES, max_size=3))
def test_yaml_of_any_shape_never_fails(document):
    import json

    environment = build_environment(DbtProject("", "shop", {}, {}), {}, ())
    read_properties(FILE, json.dumps(document), environment)
