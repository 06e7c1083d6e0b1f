"""A template sees nothing of the machine, and can neither fill its memory nor keep it busy."""

from __future__ import annotations

import os

import pytest

ESCAPES = [
    "''.__class__.__mro__",
    "().__class__.__bases__[0].__subclasses__()",
    "cycler.__init__.__globals__.os.popen('id').read()",
    "self._TemplateReference__context",
    "config.__init__.__globals__",
    "ref.__globals__",
    "this.__class__",
    "var._rendering",
    "adapter._rendering.environment",
    "dbt_utils._rendering",
    "x_macro._text",
    "''|attr('__class__')",
    "'{0.__class__}'.format('a')",
    "modules.datetime.sys",
    "modules.re.sys",
    "modules.os",
    "range.__self__",
    "lipsum.__globals__",
    "request.application.__globals__",
    "open('/etc/passwd').read()",
    "__import__('os')",
]


@pytest.mark.parametrize("expression", ESCAPES)
def test_no_way_out_of_the_sandbox(shop, expression):
    text = shop(macros="{% macro x_macro() %}{% endmacro %}").text("select {{ " + expression + " }} as x")
    assert text in {"select hole__0 as x", "select  as x"}


def test_no_file_can_be_included(shop):
    for tag in ("{% include '/etc/passwd' %}", "{% import 'x' as y %}", "{% extends 'x' %}"):
        assert "root:" not in shop().text(tag)


def test_only_allowed_environment_variables_are_seen(shop, monkeypatch):
    monkeypatch.setitem(os.environ, "TOKEN", "secret")
    way = shop(env={"STAGE": "prod"}).render("{{ env_var('STAGE') }} {{ env_var('TOKEN', 'none') }} {{ env_var('TOKEN') }}")
    assert way.text == "prod none hole__0"


GROWTH = "{{% set ns = namespace(x='aaaaaaaa') %}}{{% for i in range(90) %}}{{% set ns.x = {step} %}}{{% endfor %}}{{{{ ns.x }}}}"


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'a' * 10 ** 10 }}",
        "{{ [1] * 10 ** 10 }}",
        "{{ 10 ** 10 ** 10 ** 10 ** 10 }}",
        "{{ '%99999999999d' % 1 }}",
        "{{ '{:99999999999}'.format(1) }}",
        "{{ 'a'.ljust(10 ** 11) }}",
        "{{ 'a' | center(10 ** 11) }}",
        "{{ range(10 ** 9) }}",
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{{ modules.itertools.product(range(1000), range(1000), range(1000)) | list }}",
        "{{ modules.re.match('(a+)+$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab') }}",
        "{{ modules.re.match('(a|aa)+$', 'a' * 40 ~ 'b') }}",
        "{{ modules.re.search('(.*)(.*)(.*)(.*)(.*)x', 'a' * 5000) }}",
        "{{ modules.re.findall('(?:a?){30}a{30}', 'a' * 30) }}",
        "{{ modules.re.sub('', 'x' * 10000, 'y' * 90000) }}",
        "{{ '{:{w}}'.format('x', w=10 ** 9) }}",
        "{{ ('a\n' * 1000000) | indent(100000) }}",
        "{{ ('x' * 3000000).translate({120: 'y' * 1000}) }}",
        "{% set kept = [] %}{% for i in range(100000) %}{% do kept.append('x' * 100000 ~ i) %}{% endfor %}",
        "{% set n = namespace(a=[], b=[]) %}{% for i in range(60) %}{% set n.a = [n.a, n.a] %}{% set n.b = [n.b, n.b] %}{% endfor %}{{ n.a == n.b }}",  # noqa: E501
        "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(n) %}{{ return(f(n + 1)) }}{% endmacro %}{{ f(0) }}",
        "{% set x = [1] %}{% for i in range(90) %}{% do x.extend(x) %}{% endfor %}{{ x }}",
        *(
            GROWTH.format(step=step)
            for step in (
                "ns.x ~ ns.x",
                "ns.x + ns.x",
                "'%s%s' % (ns.x, ns.x)",
                "'{0}{0}'.format(ns.x)",
                "[ns.x, ns.x] | join",
                "ns.x.replace('a', ns.x)",
                "ns.x | replace('a', ns.x)",
                "[ns.x, ns.x]",
            )
        ),
    ],
)
def test_growth_and_endless_work_end_in_a_finding(shop, template):
    file = shop().file(template)
    assert len(file.variants[0].text) < 1_000
    assert [finding.code for finding in file.findings][:1] == ["RN01"]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ modules.re.sub('\\\\s+', ' ', 'a  b ' * 1000) | length }}", "4000"),
        ("{{ modules.re.match('(.*)_(.*)_(.*)', 'stg_shop_orders').group(3) }}", "orders"),
        ("{{ modules.re.match('(a|b)+$', 'abba') is not none }}", "True"),
        ("{{ modules.re.match('[(+*]+(?P<name>[a-z]{2,3})', '(*abc').group('name') }}", "abc"),
        ("{{ modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', '2026-01-01') is not none }}", "True"),
        ("{{ 'var' in context }} {{ 'nobody' in context }}", "True False"),
        ("{% set grown = [1] %}{% for i in grown %}{% do grown.append(2) %}{% endfor %}{{ grown }}", "[1, 2]"),
    ],
)
def test_what_is_small_is_let_through(shop, template, expected):
    assert shop().text(template) == expected


def test_output_is_bounded(shop):
    file = shop().file("{% for i in range(100000) %}" + "x" * 1_000 + "{% endfor %}")
    assert len(file.variants[0].text) == 1_000
    assert "characters" in file.findings[0].message


def test_what_a_template_changes_is_its_own(shop):
    project = shop(vars={"columns": ["a"]})
    environment = project.environment
    assert project.text("{% set c = var('columns') %}{% do c.append('b') %}{{ c | join }}") == "ab"
    assert environment.vars == {"columns": ["a"]}


def test_the_clock_stands_still(shop):
    template = (
        "{{ run_started_at }} {{ modules.datetime.datetime.now() }} {{ modules.datetime.date.today() }} {{ invocation_id }}"
    )
    assert shop().text(template) == shop().text(template)


@pytest.mark.parametrize("text", ["select '\x01' {{ 1 }}", "{{ '\\x010\\x02' }}{{ '\\x01999\\x02' }}", "{{ '\x010\x02' }}"])
def test_our_own_markers_in_a_template_do_no_harm(shop, text):
    assert isinstance(shop().text(text), str)
