"""What dbt puts before a template, group by group."""

from __future__ import annotations

import pytest

CASES = [
    # variables
    ("{{ var('a') }} {{ var('b', 'default') }} {{ var('c', none) }} {{ var.has_var('a') }}", "1 default None True"),
    ("{{ var('nobody') }}", "hole__0"),
    ("{{ var('source') }}", "source__0"),
    # the target
    ("{{ target.name }} {{ target.schema }} {{ target.type }} {{ target.profile_name }}", "default shop duckdb default"),
    ("{{ target.user }}", "hole__0"),
    ("{{ target['schema'] }} {{ target.get('nothing', 'x') }}", "shop x"),
    # configuration
    ("{{ config(materialized='table', meta={'a': 1}) }}[{{ config.get('materialized') }}]", "[table]"),
    ("{{ config({'tags': ['a']}) }}{{ config.get('tags') }}{{ config.get('nothing', 'd') }}", "['a']d"),
    ("{{ config.require('nothing') }}", "hole__0"),
    ("{{ config.get('x', validator=validation.any[list, str]) }}", "None"),
    # flow
    ("{% if execute %}a{% else %}b{% endif %}", "a"),
    ("{{ log('x', info=true) }}{{ print('x') }}{{ exceptions.warn('x') }}", ""),
    ("{{ flags.FULL_REFRESH }} {{ flags.ANYTHING }}", "False False"),
    ("{{ context['ref']('x') }} {{ context.get('nothing', 'd') }}", "ref__0 d"),
    # asking the warehouse
    ("{% set r = run_query('select 1') %}{% if execute %}{{ r.columns }}{% endif %}a", "hole__0a"),
    ("{% call statement('s', fetch_result=true) %}select 1{% endcall %}{{ load_result('s').table.rows }}", "hole__0"),
    ("{{ adapter.get_columns_in_relation(ref('x')) }}", "[<Column hole__1>]"),
    ("{{ adapter.get_columns_in_relation(ref('x'))[0].quoted }}", '"hole__1"'),
    ("{{ adapter.get_columns_in_relation(nobody) | length }}", "hole__1"),
    ("{{ modules.pytz.timezone('Europe/Berlin') }} {{ modules.pytz.utc }}", "Europe/Berlin UTC"),
    ("{{ adapter.get_relation(database='a', schema='b', identifier='c') }}", "None"),
    ("{{ adapter.quote('a') }} {{ adapter.type() }}", '"a" duckdb'),
    ("{{ adapter.whatever(1) }}", "hole__0"),
    ("{{ graph.nodes.values() | list }}", "hole__0"),
    # values
    ("{{ fromjson('{\"a\": [1]}').a[0] }} {{ fromjson('no', 'd') }} {{ tojson({'a': 1}) }}", '1 d {"a": 1}'),
    ("{{ fromyaml('a: [1, 2]').a }} {{ toyaml({'a': 1}) }}", "[1, 2] a: 1\n"),
    ("{{ set([2, 1, 2]) }} {{ zip([1, 2], ['a', 'b']) }}", "[2, 1] [(1, 'a'), (2, 'b')]"),
    ("{{ local_md5('a') }}", "0cc175b9c0f1b6a831c399e269772661"),
    ("{{ 'a' | as_text }}{{ true | as_bool }}{{ 1 | as_number }}{{ 1 | as_native }}", "aTrue11"),
    # modules
    ("{{ modules.datetime.date(2020, 1, 31) + modules.datetime.timedelta(days=1) }}", "2020-02-01"),
    ("{{ modules.datetime.datetime.strptime('2020-01', '%Y-%m').strftime('%Y') }}", "2020"),
    ("{{ modules.re.sub('[0-9]+', '#', 'a12b3') }} {{ modules.re.compile('b').search('abc').start() }}", "a#b# 1"),
    ("{{ modules.itertools.chain([1], [2]) | list }}", "[1, 2]"),
    ("{{ modules.pytz.timezone('Europe/Rome').localize(modules.datetime.datetime(2020, 1, 1)).year }}", "2020"),
    # the run
    ("{{ project_name }} {{ dbt_version.split('.')[0] }} {{ model.name }} {{ model.fqn }}", "shop 1 orders ['shop', 'orders']"),
    ("{{ invocation_id }}", "00000000-0000-0000-0000-000000000000"),
    # Jinja itself
    ("{% set ns = namespace(n=0) %}{% for i in range(3) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}", "3"),
    ("{% set l = [] %}{% do l.append('a') %}{{ l[0] }}", "a"),
    ("{{ loop }}", "hole__0"),
]


@pytest.mark.parametrize(("template", "expected"), CASES)
def test_dbts_context(shop, template, expected):
    project = shop(settings={"vars": {"a": 1, "source": "{{ source('raw', 'orders') }}"}})
    assert project.text(template) == expected


def test_vars_are_scoped_by_package_and_the_command_line_wins(shop):
    from sqllineage_scan.domain.source import DbtProject

    package = DbtProject(
        "dbt_packages/pay", "pay", {"vars": {"a": "package", "b": "package", "c": "package", "d": "package"}}, {}
    )
    settings = {"vars": {"a": "root", "b": "root", "pay": {"a": "for pay"}}}
    project = shop(settings=settings, packages=(package,), vars={"d": "command line"})
    template = "{{ var('a') }}, {{ var('b') }}, {{ var('c') }}, {{ var('d') }}"
    file = project.file(template, "dbt_packages/pay/models/m.sql", root="dbt_packages/pay")
    assert file.variants[0].text == "for pay, root, package, command line"
    assert project.text("{{ var('a') }}, {{ var('b') }}") == "root, root"


def test_the_target_is_the_profiles_output(shop):
    project = shop(target={"type": "snowflake", "schema": "analytics", "role": "reader"})
    assert project.text("{{ target.type }} {{ target.schema }} {{ target.role }} {{ target.user }}") == (
        "snowflake analytics reader hole__0"
    )


def test_one_column_stands_for_all_those_of_another_relation(shop):
    columns = "{% set columns = adapter.get_columns_in_relation(ref('x')) %}"
    way = shop().render(columns + "{% for c in columns if c.name not in ['id'] %}max({{ c.name | upper }}){% endfor %}")
    assert way.text == "max(hole__1)"
    (hole,) = way.holes
    assert (hole.token, way.names[hole.star].last, hole.excluded) == ("hole__1", "x", ("id",))


def test_columns_of_another_relation_that_are_not_written_are_remembered(shop):
    columns = "{% set columns = adapter.get_columns_in_relation(ref('x')) %}"
    way = shop().render(columns + "{% for c in columns if c.name.startswith('a') %}{{ c.name }}{% endfor %}")
    assert way.text == ""
    assert [hole.star for hole in way.holes] == [""]


def test_while_dbt_parses_no_relation_has_columns(shop):
    template = "{% for c in adapter.get_columns_in_relation(ref('x')) %}{{ ref('y') }}{% endfor %}"
    assert [name.last for name in shop().file(template).node.depends_on] == ["x"]


def test_what_the_project_refuses_is_a_finding(shop):
    file = shop(macros="{% macro check() %}{{ exceptions.raise_compiler_error('no such thing') }}{% endmacro %}").file(
        "select {{ check() }} from {{ ref('x') }}"
    )
    assert file.variants[0].text == "select hole__0 from ref__1"
    assert [(finding.code, finding.name, finding.message) for finding in file.findings] == [
        ("RN03", "render.refused", "no such thing")
    ]
