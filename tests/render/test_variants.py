"""A condition that the repository cannot decide is rendered each way."""

from __future__ import annotations

import pickle
import re

INCREMENTAL = """{{ config(materialized='incremental') }}
select * from {{ ref('events') }}
{% if is_incremental() %}where day > (select max(day) from {{ this }}){% endif %}"""


def test_an_incremental_model_has_two_ways(shop):
    file = shop().file(INCREMENTAL)
    assert [way.condition for way in file.variants] == ["", "is_incremental()"]
    assert "where" not in file.variants[0].text
    assert file.variants[1].text.endswith("where day > (select max(day) from this__1)")
    assert "this__1" in file.variants[1].names


def test_a_way_that_makes_no_difference_is_no_way(shop):
    assert len(shop().file("select 1 {% if is_incremental() %}{% endif %}").variants) == 1
    assert len(shop().file("select 1").variants) == 1


def test_ways_that_differ_in_what_they_read_only_are_two(shop):
    template = "select * from {% if is_incremental() %}{{ ref('new') }}{% else %}{{ ref('all') }}{% endif %}"
    first, second = shop().file(template).variants
    assert first.text == second.text
    assert first.names != second.names


def test_parents_are_those_of_the_first_way(shop):
    template = (
        "select * from {{ ref('a') }} {% if is_incremental() %} join {{ ref('b') }}{% endif %} -- depends_on: {{ ref('c') }}"
    )
    node = shop().file(template).node
    assert [name.last for name in node.depends_on] == ["a", "c"]


def test_the_sql_is_that_of_a_run_and_the_parents_are_those_of_the_parse(shop):
    """dbt parses with ``execute`` false, so what only a run refers to has to be said where the parse sees it."""
    template = """-- depends_on: {{ ref('a') }}
    {% if execute %} select * from {{ ref('b') }} {% else %} select * from {{ ref('c') }} {% endif %}"""
    file = shop().file(template)
    (way,) = file.variants
    assert [name.last for name in file.node.depends_on] == ["a", "c"]
    assert [name.last for name in way.names.values()] == ["a", "b"]


def test_while_dbt_parses_nothing_is_configured_yet(shop):
    template = (
        "{{ config(materialized='table') }} {% if config.get('materialized') == 'table' %} {{ ref('a') }}"
        "{% else %} {{ ref('b') }} {% endif %}"
    )
    file = shop().file(template)
    assert [name.last for name in file.node.depends_on] == ["b"]
    assert [name.last for name in file.variants[0].names.values()] == ["a"]


def test_a_loop_over_a_querys_result_takes_one_turn_in_a_run(shop):
    template = """{% if execute %}{% set kinds = run_query('select …').columns[0].values() %}
    {% else %}{% set kinds = [] %}{% endif %}
    select {% for kind in kinds %} sum({{ kind }}) as {{ kind }}_total, {% endfor %} 1 as one"""
    text = shop().text(template)
    assert re.search(r"sum\((hole__\d)\) as \1_total,", text)


def test_a_macro_may_ask_the_question(shop):
    macros = "{% macro lately() %}{% if is_incremental() %}where day > current_date - 3{% endif %}{% endmacro %}"
    assert [way.condition for way in shop(macros=macros).file("select 1 {{ lately() }}").variants] == ["", "is_incremental()"]


def test_a_relation_that_may_exist_is_another_way(shop):
    macros = """{% macro table_or_nothing(table) %}
    {%- set wanted = source('raw', table) -%}
    {%- set found = adapter.get_relation(wanted.database, wanted.schema, wanted.identifier) -%}
    {%- if found is not none %}select * from {{ found }}{% else %}select null as nothing{% endif -%}
    {% endmacro %}"""
    first, second = shop(macros=macros).file("{{ table_or_nothing('orders') }}").variants
    assert (first.condition, first.text.strip()) == ("", "select null as nothing")
    assert (second.condition, second.text.strip()) == ("adapter.get_relation()", "select * from source__0")


def test_whether_this_exists_is_whether_the_run_is_incremental(shop):
    template = "select 1 {% if load_relation(this) is not none %}from {{ this }}{% endif %}"
    assert [way.condition for way in shop().file(template).variants] == ["", "is_incremental()"]


def test_a_relation_made_up_of_plain_parts_is_written_out(shop):
    template = "{% set r = adapter.get_relation(database=none, schema='raw', identifier='x') %}select 1{{ ' from ' ~ r if r }}"
    assert [way.text for way in shop().file(template).variants] == ["select 1", "select 1 from raw.x"]
    assert len(shop().file("{{ adapter.get_relation(schema='raw', identifier=nobody) }}").variants) == 1


def test_a_branch_for_one_target_is_another_way_with_and_without_a_profile(shop):
    template = "select * from {{ ref('a') }} {% if target.name == 'prod' %}where day > 1{% endif %}"
    for target in ({}, {"name": "dev", "type": "duckdb"}):
        first, second = shop(target=target).file(template).variants
        assert (first.condition, second.condition) == ("", "target.name == 'prod'")
        assert "where" not in first.text
        assert "where" in second.text


def test_the_profiles_own_target_has_its_opposite(shop):
    template = "select 1 {% if target.name != 'dev' %}as prod{% else %}as dev{% endif %}"
    first, second = shop(target={"name": "dev"}).file(template).variants
    assert (first.text, second.text) == ("select 1 as dev", "select 1 as prod")
    assert second.condition == "target.name != 'dev'"


def test_ways_that_are_alike_are_one(shop):
    template = "select {% if target.name in ['prod', 'ci'] %}a{% elif target.name == 'test' %}b{% else %}c{% endif %}"
    ways = shop().file(template).variants
    assert [(way.text, way.condition) for way in ways] == [
        ("select c", ""),
        ("select a", "(target.name == 'prod' or target.name == 'ci')"),
        ("select b", "target.name == 'test'"),
    ]


def test_an_environment_variable_that_is_not_given_is_asked_each_way(shop):
    template = "select {% if env_var('STAGE') == 'prod' %}a{% else %}b{% endif %}"
    assert [(way.text, way.condition) for way in shop().file(template).variants] == [
        ("select b", ""),
        ("select a", "env_var('STAGE') == 'prod'"),
    ]
    assert [way.text for way in shop(env={"STAGE": "prod"}).file(template).variants] == ["select a"]
    template = "select {{ 'a' if env_var('STAGE', 'dev') == 'dev' else 'b' }}"
    assert [(way.text, way.condition) for way in shop().file(template).variants] == [
        ("select a", ""),
        ("select b", "env_var('STAGE') != 'dev'"),
    ]


def test_what_depends_on_the_target_and_is_configured_can_be_sent_to_another_process(shop):
    file = shop().file("{{ config(schema=env_var('STAGE', 'dev'), alias=target.name, tags=[target.name]) }} select 1")
    assert pickle.loads(pickle.dumps(file)).node == file.node


def test_what_a_query_would_answer_is_there_in_a_run(shop):
    template = """{% call statement('found', fetch_result=True) %}select name from tables{% endcall %}
    {% set found = load_result('found') %}
    {% if found and found['table'] | length > 0 %}{% for row in found['table'] %}select {{ row.name }} as c from t{% endfor %}
    {% else %}select 1 as nothing{% endif %}"""
    text = shop().text(template)
    assert re.search(r"select hole__\d as c from t", text)
    assert "nothing" not in text
