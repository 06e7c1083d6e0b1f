"""Macros are found, compiled and called as dbt does it."""

from __future__ import annotations

import pickle

import pytest

from sqllineage_scan.domain.source import FileKind, SourceFile
from sqllineage_scan.render.file import render_file


def test_a_macro_writes_text_or_returns_a_value(shop):
    macros = """
    {% macro cents(column) -%} ({{ column }} / 100) {%- endmacro %}
    {% macro columns() %}ignored{{ return(['a', 'b']) }}ignored{% endmacro %}
    {% macro upstream(name) %}{% do return(ref('stg_' ~ name)) %}{% endmacro %}
    """
    way = shop(macros=macros).render("select {{ cents('x') }}, {{ columns() | join(', ') }} from {{ upstream('orders') }}")
    assert way.text == "select (x / 100), a, b from ref__0"
    assert way.names["ref__0"].parts == ("", "stg_orders", "")


def test_a_macro_that_calls_itself_returns_a_value_each_time(shop):
    macros = "{% macro sum_to(n) %}{% if n <= 0 %}{{ return(0) }}{% endif %}{{ return(n + sum_to(n - 1)) }}{% endmacro %}"
    assert shop(macros=macros).text("{{ sum_to(5) + 1 }}") == "16"


def test_whole_models_may_be_one_macro_call(shop):
    macros = "{% macro trades(chain) %}select * from {{ source(chain, 'trades') }} union all {{ more(chain) }}{% endmacro %}\
    {% macro more(chain) %}select * from {{ ref(chain ~ '_more') }}{% endmacro %}"
    file = shop(macros=macros).file("{{ trades(chain='eth') }}")
    assert file.variants[0].text == "select * from source__0 union all select * from ref__1"
    assert [str(name) for name in file.node.depends_on] == ["source('eth', 'trades')", "ref('eth_more')"]


def test_arguments_and_callers(shop):
    macros = """
    {% macro all_of() %}{{ varargs | join('-') }}{{ kwargs.items() | list }}{% endmacro %}
    {% macro wrapped(a, b=2) %}<{{ a }}{{ b }}{{ caller() if caller }}>{% endmacro %}
    """
    project = shop(macros=macros)
    assert project.text("{{ all_of(1, 2, x=3) }}") == "1-2[('x', 3)]"
    assert project.text("{{ wrapped(1) }}{% call wrapped(1, b=3) %}in{% endcall %}") == "<12><13in>"


def test_the_projects_own_macro_wins_over_dbts_and_packages_are_named(shop):
    macros = "{% macro type_string() %}own{% endmacro %}{% macro same() %}of shop{% endmacro %}"
    project = shop(
        macros=macros, package_macros={"pay": "{% macro same() %}of pay{% endmacro %}{% macro _inner() %}in{% endmacro %}"}
    )
    template = (
        "{{ type_string() }}, {{ dbt.type_string() }}, {{ same() }}, {{ pay.same() }}, {{ shop.same() }}, {{ pay._inner() }}"
    )
    assert (
        project.text("{{ type_string() }}, {{ same() }}, {{ pay.same() }}, {{ shop.same() }}") == "own, of shop, of pay, of shop"
    )
    assert "TEXT" in project.text(template)


def test_a_package_macro_calls_its_own_and_sees_the_projects_override(shop):
    package = """
    {% macro outer() %}{{ inner() }} {{ shared() }}{% endmacro %}
    {% macro inner() %}in{% endmacro %}
    {% macro shared() %}pay{% endmacro %}
    """
    project = shop(macros="{% macro shared() %}shop{% endmacro %}", package_macros={"pay": package})
    assert project.text("{{ pay.outer() }}") == "in shop"


@pytest.mark.parametrize(
    ("adapter", "expected"),
    [("redshift", "of redshift"), ("postgres", "of postgres"), ("alloydb", "of postgres"), ("duckdb", "of default")],
)
def test_dispatch_tries_the_adapter_then_its_parents_then_default(shop, adapter, expected):
    package = """
    {% macro f() %}{{ return(adapter.dispatch('f', 'pay')()) }}{% endmacro %}
    {% macro default__f() %}of default{% endmacro %}
    {% macro postgres__f() %}of postgres{% endmacro %}
    {% macro redshift__f() %}of redshift{% endmacro %}
    """
    assert shop(package_macros={"pay": package}, target={"type": adapter}).text("{{ pay.f() }}") == expected


def test_dispatch_follows_the_projects_search_order(shop):
    package = "{% macro f() %}{{ adapter.dispatch('f', 'pay')() }}{% endmacro %}{% macro default__f() %}pay{% endmacro %}"
    other = {"pay": package, "other": "{% macro default__f() %}other{% endmacro %}"}
    order = [{"macro_namespace": "pay", "search_order": ["other", "pay"]}]
    assert shop(package_macros=other).text("{{ pay.f() }}") == "pay"
    assert shop(package_macros=other, settings={"dispatch": order}).text("{{ pay.f() }}") == "other"
    assert shop(package_macros=other, macros="{% macro default__f() %}shop{% endmacro %}").text("{{ pay.f() }}") == "shop"


def test_dispatch_without_a_namespace_and_without_a_find(shop):
    project = shop(macros="{% macro duckdb__g() %}g{% endmacro %}")
    assert project.text("{{ adapter.dispatch('g')() }}") == "g"
    assert project.text("{{ adapter.dispatch('nothing', 'dbt_utils')() }}") == "hole__0"


@pytest.mark.parametrize(
    "macro",
    [
        "{% macro bad() %}{{ 1 / 0 }}{% endmacro %}",
        "{% macro bad() %}{{ a b }}{% endmacro %}",
        "{% macro bad() %}{% if x %}{% endmacro %}",
        "{% macro bad(a) %}{{ a.b.c }}{{ none.x() + 1 }}{{ {}['a'] < none }}{{ 1 < 'a' }}{% endmacro %}",
    ],
)
def test_a_broken_macro_costs_its_call_and_nothing_else(shop, macro):
    file = shop(macros=macro + "{% macro good() %}good{% endmacro %}").file(
        "select {{ bad() }}, {{ good() }} from {{ ref('t') }}"
    )
    assert file.variants[0].text == "select hole__0, good from ref__1"
    assert file.variants[0].holes[0].expression == "bad()"
    assert "bad" in file.variants[0].holes[0].reason
    assert file.findings == ()


def test_an_environment_survives_pickling_and_renders_alike(shop):
    project = shop(macros="{% macro m() %}x{% endmacro %}", vars={"a": [1]})
    copy = pickle.loads(pickle.dumps(project.environment))
    assert copy == project.environment
    file = SourceFile("models/m.sql", FileKind.MODEL, "")
    assert render_file(file, "{{ m() }}{{ var('a') }}", copy).variants[0].text == "x[1]"


def test_the_digest_stands_for_everything_a_file_can_see(shop):
    changed = (
        shop(macros="{% macro m() %}y{% endmacro %}"),
        shop(vars={"a": 1}),
        shop(env={"A": "1"}),
        shop(settings={"vars": {"a": 1}}),
        shop(target={"schema": "x"}),
        shop(dialect="snowflake"),
        shop(package_macros={"pay": "{% macro m() %}{% endmacro %}"}),
    )
    digests = {project.environment.digest for project in (shop(), *changed)}
    assert len(digests) == len(changed) + 1
    assert shop().environment.digest == shop().environment.digest


def test_settings_that_hold_themselves_have_a_digest(shop):
    settings: dict[str, object] = {"vars": {}}
    settings["vars"]["again"] = settings  # type: ignore[index]
    assert shop(settings=settings).environment.digest
