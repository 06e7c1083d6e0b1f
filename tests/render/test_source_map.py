"""Rendered text can be traced back to the template, character by character."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sqllineage_scan.domain.source import DbtProject, FileKind, Rendered, SourceFile
from sqllineage_scan.render.environment import build_environment
from sqllineage_scan.render.file import render_file

ENVIRONMENT = build_environment(DbtProject("", "shop", {}, {}, "duckdb"), {}, ())
LITERAL = st.text(st.characters(exclude_characters="{}%#\x00", codec="utf-8"), max_size=30)
TAGS = st.sampled_from(
    [
        "{{ ref('orders') }}",
        "{{- source('raw', 'x') -}}",
        "{{ nobody_knows() }}",
        "{% set a = 1 %}",
        "{%- set b -%} text {%- endset -%}",
        "{% if true %}",
        "{% if false %}",
        "{%- else %}",
        "{% endif -%}",
        "{% for i in range(2) %}",
        "{% endfor %}",
        "{# a comment #}",
        "{#- {{ another }} -#}",
        "{% raw %}{{ raw }}{% endraw %}",
        "{{",
        "%}",
        "{{ broken( }}",
    ]
)


def rendered(text: str) -> Rendered:
    return render_file(SourceFile("models/m.sql", FileKind.MODEL, "", "duckdb"), text, ENVIRONMENT).variants[0]


def literal_offsets(way: Rendered) -> list[tuple[int, int]]:
    """(rendered offset, source offset) of every character that the template says literally."""
    found = []
    source_map = way.source_map
    bounds = [*source_map.starts[1:], len(way.text)]
    for start, behind, origin, end in zip(source_map.starts, bounds, source_map.origins, source_map.ends, strict=True):
        if end < 0:
            found += [(offset, origin + offset - start) for offset in range(start, behind)]
    return found


@given(LITERAL)
def test_a_template_of_literal_text_maps_to_itself(text: str) -> None:
    way = rendered(text)
    assert way.text == text
    assert literal_offsets(way) == [(offset, offset) for offset in range(len(text))]


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(st.lists(st.one_of(LITERAL, TAGS), max_size=12).map("".join))
def test_every_literal_character_is_where_the_map_says(text: str) -> None:
    way = rendered(text)
    assert list(way.source_map.starts) == sorted(set(way.source_map.starts))
    for offset, source in literal_offsets(way):
        assert way.text[offset] == text[source]


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_nothing_makes_rendering_fail(text: str) -> None:
    assert isinstance(rendered(text).text, str)


@given(
    st.lists(st.sampled_from(["{{", "}}", "{%", "%}", "{#", "#}", "-", "'", '"', "ref('a')", "if", "endif", "(", ")", " "])).map(
        "".join
    )
)
def test_nothing_of_tags_makes_rendering_fail(text: str) -> None:
    assert isinstance(rendered(text).text, str)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("a {%- if true -%} b {%- endif %} c", "ab c"),
        ("a {{- 1 }} b", "a1 b"),
        ("a {{ 1 -}} b", "a 1b"),
        ("a\n{#- gone -#}\nb", "ab"),
        ("a {% raw %} {{ b }} {% endraw %} c", "a  {{ b }}  c"),
        ("a {%- raw -%} {{ b }} {%- endraw -%} c", "a{{ b }}c"),
        ("{% for i in [1, 2] %}x{{ i }},{% endfor %}", "x1,x2,"),
        ("{% set x %} in {{ 1 }} {% endset %}[{{ x }}]", "[ in 1 ]"),
        ("{{ {'a': {'b': 'c'}}['a']['b'] }}", "c"),
        ("{{ '}}' }}{{ \"%}\" }}", "}}%}"),
        ("a\r\nb {{ 1 }}\r\n", "a\r\nb 1\r\n"),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(1) }}{{ m(2) }}", "<1><2>"),
        ("{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}in{% endcall %}", "<in>"),
        ("{% filter upper %}abc{% endfilter %}", "ABC"),
        ("{% docs x %}no {{ output }}{% enddocs %}a", "a"),
        (
            "{% for i in [1, [2, 3]] recursive %}{% if i is iterable %}{{ loop(i) }}{% else %}{{ i }}.{% endif %}{% endfor %}",
            "1.2.3.",
        ),
    ],
)
def test_whitespace_and_blocks_are_as_in_jinja(template: str, expected: str) -> None:
    assert rendered(template).text == expected


def test_generated_text_belongs_to_its_tag() -> None:
    template = "select a,\n  {{ dbt.type_string() }} b\nfrom {{ ref('orders') }} o"
    way = rendered(template)
    offset = way.text.index("TEXT")
    span = way.source_map.span(offset, offset + len("TEXT"))
    assert (span.line, span.column, span.end_line, span.end_column) == (2, 3, 2, 26)
    offset = way.text.index(" o", way.text.index("ref__"))
    assert way.source_map.span(offset + 1, offset + 2).column == 26


def test_text_of_a_loop_maps_to_the_loop_each_time() -> None:
    way = rendered("select {% for c in ['a', 'b'] %}sum({{ c }}),{% endfor %} 1")
    assert way.text == "select sum(a),sum(b), 1"
    columns = {way.source_map.span(found.start(), found.end()).column for found in re.finditer("sum", way.text)}
    assert columns == {33}


def test_a_relation_does_not_grow_together_with_the_word_before_it() -> None:
    assert rendered("select 1 from a left join{{ ref('b') }} on 1 = 1").text == "select 1 from a left join ref__0 on 1 = 1"
