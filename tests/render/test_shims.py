"""What we write for well-known macros keeps every column, in every dialect's reading."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from sqllineage_scan.dialects import own_files
from sqllineage_scan.domain.source import Hole

DIALECTS = [name for name in own_files() if name != "ansi"]
EXPRESSIONS = [
    ("dbt.dateadd('day', 1, 'a')", {"a"}),
    ("dbt.datediff('a', 'b', 'day')", {"a", "b"}),
    ("dbt.date_trunc('month', 'a')", {"a"}),
    ("dbt.last_day('a', 'month')", {"a"}),
    ("dbt.safe_cast('a', dbt.type_string())", {"a"}),
    ("dbt.cast('a', dbt.type_numeric())", {"a"}),
    ("dbt.cast('a', dbt.type_timestamp())", {"a"}),
    ("dbt.concat(['a', 'b', \"'-'\"])", {"a", "b"}),
    ("dbt.hash('a')", {"a"}),
    ("dbt.split_part('a', \"','\", 1)", {"a"}),
    ("dbt.listagg('a', \"','\")", {"a"}),
    ("dbt.position(\"'x'\", 'a')", {"a"}),
    ("dbt.any_value('a')", {"a"}),
    ("dbt.bool_or('a')", {"a"}),
    ("dbt.current_timestamp()", set()),
    ("dbt.string_literal('a')", set()),
    ("dbt_utils.generate_surrogate_key(['a', 'b'])", {"a", "b"}),
    ("dbt_utils.surrogate_key(['a', 'b'])", {"a", "b"}),
    ("dbt_utils.surrogate_key('a', 'b')", {"a", "b"}),
    ("dbt_utils.datediff('a', 'b', 'day')", {"a", "b"}),
    ("dbt_utils.safe_add('a', 'b')", {"a", "b"}),
    ("dbt_utils.safe_add(['a', 'b'])", {"a", "b"}),
    ("dbt_utils.safe_divide('a', 'b')", {"a", "b"}),
    ("dbt_utils.pivot('a', ['x', \"it's\"], agg='sum', then_value='b')", {"a", "b"}),
    ("dbt_utils.get_url_parameter('a', 'utm')", {"a"}),
    ("fivetran_utils.string_agg('a', \"','\")", {"a"}),
    ("fivetran_utils.max_bool('a')", {"a"}),
    ("fivetran_utils.json_parse('a', ['x', 0])", {"a"}),
    ("fivetran_utils.fill_staging_columns([], [{'name': 'a'}, {'name': 'b', 'alias': 'c'}])", {"a", "b"}),
    ("dbt_date.convert_timezone('a', 'UTC')", {"a"}),
    ("dbt_date.day_of_week('a')", {"a"}),
    ("dbt_date.week_start('a')", {"a"}),
    ("dbt_date.n_days_ago(3, 'a')", {"a"}),
    ("dbt_expectations.median('a')", {"a"}),
    ("dbt_utils.safe_add(field_list=['a', 'b'])", {"a", "b"}),
    ("dbt_date.iso_week_of_year(date='a', tz='UTC')", {"a"}),
    ("elementary.edr_cast_as_timestamp('a')", {"a"}),
    ("elementary.generate_surrogate_key(['a', 'b'])", {"a", "b"}),
    ("elementary.dateadd('day', 1, 'a')", {"a"}),
    ("fivetran_utils.pivot_json_extract('a', ['x', {'name': 'y', 'alias': 'z'}])", {"a"}),
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("expression", "columns"), EXPRESSIONS)
def test_expressions_name_just_the_columns_they_are_given(shop, expression, columns, dialect):
    file = shop(dialect=dialect).file("select {{ " + expression + " }} from t")
    assert file.findings == ()
    assert file.variants[0].holes == ()
    tree = sqlglot.parse_one(file.variants[0].text, dialect=dialect)
    assert {column.name for column in tree.find_all(exp.Column)} == columns


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "expression",
    [
        "dbt_utils.union_relations([ref('a'), ref('b')])",
        "dbt_utils.deduplicate(ref('a'), partition_by='id', order_by='day desc')",
        "dbt_utils.date_spine('day', \"cast('2020-01-01' as date)\", 'current_date')",
        "dbt_utils.unpivot(ref('a'), exclude=['id'])",
        "dbt_date.get_base_dates('2020-01-01', '2021-01-01')",
        "dbt_date.get_date_dimension('2020-01-01', '2021-01-01')",
        "audit_helper.compare_queries('select a from t', 'select a from u', summarize=false, primary_key='a')",
        "audit_helper.compare_relations(ref('a'), ref('b'), exclude_columns=['x'])",
        "audit_helper.compare_relations(a_relation=ref('a'), b_relation=ref('b'), primary_key='id')",
        "audit_helper.compare_and_classify_query_results('select * from t', 'select * from u', ['id'], ['a'])",
        "audit_helper.compare_and_classify_relation_rows(ref('a'), ref('b'), primary_key_columns=['id'])",
        "audit_helper.compare_column_values('select * from t', 'select * from u', 'id', 'amount')",
        "audit_helper.compare_row_counts(ref('a'), ref('b'))",
        "audit_helper.quick_are_relations_identical(ref('a'), ref('b'))",
    ],
)
def test_relations_are_selects(shop, expression, dialect):
    file = shop(dialect=dialect).file("with x as ({{ " + expression + " }}) select * from x")
    assert file.findings == ()
    sqlglot.parse_one(file.variants[0].text, dialect=dialect)


def test_star_is_a_stand_in_for_the_columns_of_another_relation(shop):
    way = shop().render(
        "select {{ dbt_utils.star(from=ref('a'), except=['id', 'x'], relation_alias='o', prefix='a_') }} from {{ ref('a') }} o"
    )
    assert way.text == "select hole__1 from ref__0 o"
    (hole,) = way.holes
    assert isinstance(hole, Hole)
    assert (hole.star, hole.excluded, hole.alias, hole.prefix, hole.suffix) == ("ref__0", ("id", "x"), "o", "a_", "")


def test_the_values_of_unpivot_are_those_of_all_columns_that_are_left(shop):
    way = shop().render("{{ dbt_utils.unpivot(ref('a'), exclude=['id'], remove=['x'], field_name='month', value_name='sales') }}")
    assert way.text == "select id, null as month, cast(hole__1 as varchar) as sales from ref__0"
    (hole,) = way.holes
    assert (hole.star, hole.excluded) == ("ref__0", ("id", "x"))


def test_shims_that_would_ask_the_warehouse_win_over_installed_macros(shop):
    installed = {"dbt_utils": "{% macro star(from) %}real{% endmacro %}{% macro safe_add(a, b) %}real{% endmacro %}"}
    project = shop(package_macros=installed)
    assert project.render("{{ dbt_utils.star(ref('a')) }}").holes[0].star == "ref__0"
    assert project.text("{{ dbt_utils.safe_add('a', 'b') }}") == "real"


def test_values_of_a_column_are_a_hole_or_their_default(shop):
    assert shop().text("{{ dbt_utils.get_column_values(ref('a'), 'k', default=['x']) | join }}") == "x"
    way = shop().render("select {{ dbt_utils.pivot('k', dbt_utils.get_column_values(ref('a'), 'k')) }} from t")
    assert way.text.startswith("select sum(case when k = 'hole__")


def test_group_by(shop):
    assert shop().text("{{ dbt_utils.group_by(3) }}") == "group by 1, 2, 3"


def test_pass_through_columns(shop):
    project = shop(
        settings={"vars": {"extra": [{"name": "a", "alias": "b"}, "c", {"name": "d", "transform_sql": "cast(d as int)"}]}}
    )
    assert project.text("{{ fivetran_utils.fill_pass_through_columns('extra') }}") == ", b , c , cast(d as int) as d"
    assert project.text("{{ fivetran_utils.fill_pass_through_columns('nothing') }}") == ""


def test_a_macro_of_a_known_package_that_has_no_shim_is_a_hole(shop):
    way = shop().render("{{ dbt_utils.of_next_year(1) }}")
    assert way.text == "hole__0"
    assert "dbt_utils.of_next_year" in way.holes[0].reason


def test_a_vaults_tables_read_the_models_that_are_named_as_texts(shop):
    template = """{{ automate_dv.hub(src_pk='ORDER_PK', src_nk=['ID', 'SHOP'], src_ldts='LOADED', src_source='SRC',
                                       source_model=['stg_a', 'stg_b']) }}"""
    file = shop().file(template)
    assert file.variants[0].text == " union all ".join(
        f"select distinct ORDER_PK, ID, SHOP, LOADED, SRC from {token}" for token in ("ref__0", "ref__1")
    )
    assert [name.last for name in file.node.depends_on] == ["stg_a", "stg_b"]


def test_a_vaults_stage_keeps_derives_and_hashes(shop):
    template = """{{ dbtvault.stage(include_source_columns=true, source_model={'raw': 'orders'},
        derived_columns={'SRC': '!shop', 'DAY': 'cast(created as date)'},
        hashed_columns={'ORDER_PK': 'ID', 'DIFF': {'is_hashdiff': true, 'columns': ['A', 'B']}}) }}"""
    way = shop().render(template)
    assert way.text == (
        "with staged as (select *, 'shop' as SRC, cast(created as date) as DAY from source__0) select *, "
        "md5(coalesce(cast(ID as varchar), '')) as ORDER_PK, "
        "md5(coalesce(cast(A as varchar), '') || coalesce(cast(B as varchar), '')) as DIFF from staged"
    )


def test_a_satellite_takes_the_columns_that_it_names(shop):
    template = """{{ automate_dv.sat(src_pk='PK', src_hashdiff={'source_column': 'DIFF', 'alias': 'HD'}, src_payload=['A'],
        src_ldts='L', src_source='S', source_model='stg') }}"""
    assert shop().text(template) == "select distinct PK, DIFF as HD, A, L, S from ref__0"


def test_codegen_writes_no_statement_and_its_base_model_has_its_source_for_a_parent(shop):
    file = shop().file("{{ codegen.generate_base_model('raw', 'orders', materialized='table') }}")
    assert file.findings == ()
    assert not file.variants[0].text.strip()
    assert [name.parts for name in file.node.depends_on] == [("raw", "orders")]
    assert not shop().text("{{ codegen.generate_model_yaml(model_names=['orders']) }}").strip()


def test_hooks_of_elementary_write_nothing(shop):
    file = shop().file("{{ config(post_hook=elementary.upload_run_results()) }} select 1 as a")
    assert file.findings == ()
    assert file.variants[0].text.strip() == "select 1 as a"
