"""ref, source and this: stand-ins that behave as dbt's relations do."""

from __future__ import annotations

import pytest

from sqllineage_scan.domain.names import NameKind, RelationName

REF = RelationName(NameKind.REF, ("", "orders", ""))


def test_relations_become_stand_in_identifiers(shop):
    way = shop().render("select * from {{ ref('orders') }} join {{ source('raw', 'pay') }} join {{ this }}")
    assert way.text == "select * from ref__0 join source__1 join this__2"
    assert way.names == {
        "ref__0": REF,
        "source__1": RelationName(NameKind.SOURCE, ("raw", "pay")),
        "this__2": RelationName(NameKind.THIS, ()),
    }


def test_the_same_relation_is_the_same_stand_in(shop):
    way = shop().render("{{ ref('orders') }} {{ ref('orders') }} {{ ref('orders') == ref('orders') }} {{ ref('a') == ref('b') }}")
    assert way.text == "ref__0 ref__0 True False"


@pytest.mark.parametrize(
    ("call", "parts"),
    [
        ("ref('orders')", ("", "orders", "")),
        ("ref('shop', 'orders')", ("shop", "orders", "")),
        ("ref('orders', v=2)", ("", "orders", "2")),
        ("ref('shop', 'orders', version='3')", ("shop", "orders", "3")),
        ("ref('or' ~ 'ders')", ("", "orders", "")),
    ],
)
def test_ref_takes_packages_versions_and_computed_names(shop, call, parts):
    assert list(shop().render("{{ " + call + " }}").names.values()) == [RelationName(NameKind.REF, parts)]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ ref('orders') ~ '_x' }}", "ref__0_x"),
        ("{{ 'x_' + ref('orders') }}", "x_ref__0"),
        ("{{ ref('orders').identifier }} {{ ref('orders').name }} {{ ref('orders').table }}", "orders orders orders"),
        ("{{ ref('orders')['identifier'] }} {{ ref('orders').get('identifier') }}", "orders orders"),
        ("{{ source('raw', 'pay').schema }}.{{ source('raw', 'pay').identifier }}", "raw.pay"),
        ("{{ ref('orders').include(database=false) }}", "ref__0"),
        ("{{ ref('orders').include(identifier=false) }}", "shop"),
        ("{{ ref('orders') | upper }}", "REF__0"),
        ("{{ ref('orders') is string }} {{ ref('orders') is mapping }} {{ ref('orders') is none }}", "False True False"),
        ("{% set a = [ref('orders'), ref('pay')] %}{{ a | join(', ') }}", "ref__0, ref__1"),
        ("{% set a = ref('orders') %}{{ a }}", "ref__0"),
        ("\"{{ ref('orders') }}\"", '"ref__0"'),
        ("{{ this.schema }}.{{ this.identifier }}", "shop.orders"),
        ("{{ config(schema='mart', alias='o') }}{{ this.schema }}.{{ this.identifier }}", "shop_mart.o"),
        ("{{ api.Relation.create(schema='raw', identifier='x') }}", "raw.x"),
        ("{{ builtins.ref('orders') }}", "ref__0"),
    ],
)
def test_relations_are_text_things_and_mappings_at_once(shop, template, expected):
    assert shop().text(template) == expected


def test_a_word_that_looks_like_a_stand_in_is_left_alone(shop):
    way = shop().render("select REF__0, hole__1 from {{ ref('orders') }}, {{ unknown }}")
    assert way.text == "select REF__0, hole__1 from ref__1, hole__2"
    assert list(way.names) == ["ref__1"]


def test_a_name_made_of_something_unknown_is_a_hole(shop):
    way = shop().render("select * from {{ ref('stg_' ~ nobody_knows()) }}")
    assert way.names == {}
    assert way.text == "select * from hole__1"
    assert way.holes[-1].expression == "ref('stg_' ~ nobody_knows())"


def test_a_project_may_put_its_own_ref_before_dbts(shop):
    macros = "{% macro ref(name) %}{{ return(builtins.ref('own_' ~ name)) }}{% endmacro %}"
    way = shop(macros=macros).render("{{ ref('orders') }}")
    assert list(way.names.values()) == [RelationName(NameKind.REF, ("", "own_orders", ""))]
