"""What nobody in the repository knows becomes a stand-in that is remembered, and costs nothing else of the file."""

from __future__ import annotations

import pytest

from sqllineage_scan.domain.finding import Severity
from sqllineage_scan.domain.names import NameKind, RelationName


def test_an_unknown_macro_is_a_hole_with_its_place(shop):
    way = shop().render("select a,\n  {{ nobody.knows('x') }} as b\nfrom {{ ref('t') }}")
    assert way.text == "select a,\n  hole__0 as b\nfrom ref__1"
    (hole,) = way.holes
    assert (hole.token, hole.expression, hole.star) == ("hole__0", "nobody.knows('x')", "")
    assert "nobody" in hole.reason
    (finding,) = shop().file("select a,\n  {{ nobody.knows('x') }} as b, {{ nobody.either() }} as c").findings
    assert (finding.code, finding.span, finding.subject) == ("RN04", hole.span, "nobody")
    assert (hole.span.line, hole.span.column, hole.span.end_column) == (2, 3, 26)


@pytest.mark.parametrize(
    "expression",
    [
        "x",
        "x.a.b",
        "x['a'][0]",
        "x(1, b=2).c",
        "x + 1",
        "1 + x",
        "x * 2 - 3 / x",
        "-x",
        "x | upper",
        "x | join(', ') | replace('a', 'b')",
        "x | nobody_defines_this(1)",
        "x.a.append(1)",
        "'a' | nobody_defines_this",
    ],
)
def test_whatever_is_done_to_a_hole_it_stays_one(shop, expression):
    file = shop().file("select {{ " + expression + " }} from {{ ref('t') }}")
    assert [finding.code for finding in file.findings] == ["RN04"]
    assert file.variants[0].text == "select hole__0 from ref__1"
    assert [hole.expression for hole in file.variants[0].holes] == [expression]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ x | default('d') }}", "d"),
        ("{{ 'yes' if x else 'no' }}", "no"),
        ("{{ x is defined }} {{ x is none }}", "False False"),
        ("{{ x == 'a' }} {{ x < 3 }} {{ x in [1] }} {{ 'a' in x }}", "False False False False"),
        ("{{ x ~ '_a' }}", "hole__0_a"),
    ],
)
def test_a_hole_is_undefined_in_jinjas_eyes(shop, template, expected):
    assert shop().text(template) == expected


def test_a_loop_over_a_hole_takes_one_turn_so_that_its_text_keeps_its_shape(shop):
    way = shop().render(
        "select {% for v in run_query('select 1') %}sum(case when k = '{{ v }}' then a end) as {{ v }}{% endfor %} from t"
    )
    assert way.text == "select sum(case when k = 'hole__1' then a end) as hole__1 from t"
    assert len(way.holes) == 2


def test_what_known_things_lack_is_nothing_as_in_dbt(shop):
    template = "{% set column = {'name': 'a'} %}{% macro m(x, y) %}[{{ x }}{{ y }}]{% endmacro %}{{ column.suffix }}{{ m(1) }}"
    way = shop().render(template)
    assert way.text == "[1]"
    assert way.holes == ()


def test_a_failing_tag_costs_only_itself(shop):
    file = shop().file("select {{ 1 / 0 }} as a,\n{{ [1] + none }} as b\nfrom {{ ref('t') }}")
    assert file.variants[0].text == "select hole__0 as a,\nhole__1 as b\nfrom ref__2"
    assert [hole.expression for hole in file.variants[0].holes] == ["1 / 0", "[1] + none"]
    assert [(finding.code, finding.severity, finding.span.line) for finding in file.findings] == [
        ("RN01", Severity.WARNING, 1),
        ("RN01", Severity.WARNING, 2),
    ]


def test_a_tag_with_a_syntax_error_costs_only_itself(shop):
    file = shop().file("select 1\nfrom {{ ref('t') }},\n {{ a b }}")
    assert file.variants[0].text == "select 1\nfrom ref__0,\n hole__1"
    assert [(finding.code, finding.name, finding.span.line) for finding in file.findings] == [("RN01", "render.failed", 3)]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{% set x = 1 / 0 %}select {{ x }}", "select hole__0"),
        ("select {% if 1 / 0 %}a{% else %}b{% endif %}", "select b"),
        ("select {% for x in 1 / 0 %}a{% endfor %}", "select a"),
        ("{% do 1 / 0 %}select 1", "select 1"),
    ],
)
def test_a_failing_statement_costs_only_itself(shop, template, expected):
    file = shop().file(template)
    assert file.variants[0].text == expected
    assert [finding.code for finding in file.findings] == ["RN01"]


@pytest.mark.parametrize(
    "template",
    [
        "{% if x %} select * from {{ ref('t') }}, {{ source('a', 'b') }} where {{ f('}}') }}",
        "{% endfor %} select * from {{ ref('t') }}, {{ source('a', 'b') }} where {{ f('}}') }}",
        "{% nosuchtag %} select * from {{ ref('t') }}, {{ source('a', 'b') }} where {{ f('}}') }}",
    ],
)
def test_a_template_that_jinja_cannot_read_is_read_by_its_looks(shop, template):
    file = shop().file(template)
    assert file.variants[0].text == " select * from ref__0, source__1 where hole__2"
    assert file.variants[0].names == {
        "ref__0": RelationName(NameKind.REF, ("", "t", "")),
        "source__1": RelationName(NameKind.SOURCE, ("a", "b")),
    }
    assert [(finding.code, finding.severity) for finding in file.findings] == [("RN01", Severity.ERROR)]


def test_a_tag_that_never_ends_stays_as_text(shop):
    file = shop().file("select * from {{ ref('t') }} where {{ a")
    assert file.variants[0].text == "select * from ref__0 where {{ a"
    assert [(finding.code, finding.span.column) for finding in file.findings] == [("RN01", 36)]


def test_outside_a_dbt_project_everything_unknown_is_a_hole():
    from sqllineage_scan.domain.source import FileKind, SourceFile
    from sqllineage_scan.render.file import render_file

    text = "select '{{ ds }}' from {{ params.schema }}.t, {{ ref('t') }} {% if x %}a{% endif %}"
    file = render_file(SourceFile("dags/load.sql", FileKind.SQL), text, None)
    assert file.node is None
    assert file.variants[0].text == "select 'hole__0' from hole__1.t, hole__2 "
    assert [hole.expression for hole in file.variants[0].holes] == ["ds", "params.schema", "ref('t')"]
