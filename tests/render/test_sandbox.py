"""A template sees nothing of the machine, and can neither fill its memory nor keep it busy."""

from __future__ import annotations

import os
import re

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
    # What is published of escapes from Jinja's sandbox, and of templates that read more than they should
    "'{0.__init__.__globals__}'.format(cycler)",  # CVE-2016-10745: str.format
    "'{a.__class__}'.format_map({'a': 1})",  # CVE-2019-10906: str.format_map
    "('{0.__class__}'.format)(1)",
    "['{0.__class__}'.format] | map('call', 1) | first",
    "['{0.__class__}'] | map('format', 1) | list",
    "{'f': '{0.__class__}'.format}.f(1)",  # CVE-2024-56326: an indirect reference to format
    "('{0.__class__}' | attr('format'))(1)",  # CVE-2025-27516: |attr gets at the method itself
    "'a' | attr('format') | attr('__self__')",
    "[1] | map(attribute='__class__') | list",
    "[1] | groupby('__class__') | list",
    "[{'a': 1}] | sum(attribute='__class__')",
    "[1] | selectattr('__class__') | list",
    "namespace.__init__.__globals__",
    "joiner.__init__.__globals__['os']",
    "cycler['__init__']",
    "ref['__call__']['__globals__']",
    "(ref('a'))|attr('__class__')|attr('__mro__')",
    "source('a', 'b').__class__.__base__.__subclasses__()",
    "modules.re.compile('a').__class__",
    "modules.itertools.chain.from_iterable.__self__",
    "modules.datetime.datetime.now.__func__.__globals__",
    "modules.pytz.timezone.__globals__",
    "loop.__class__",
    "caller.__class__",
    "varargs.__class__",
    "self.__class__.__init__.__globals__",
    "g.gi_frame.f_globals",
    "(i for i in [1]).gi_frame",
    "context.__class__",
    "context['builtins']['ref']['__globals__']",
    "builtins.ref.__globals__",
    "builtins['__import__']",
    "dbt_utils.star.__globals__",
    "return.__globals__",
    "env_var.__globals__",
    "env_var.__closure__",
    "fromjson.__globals__",
    "fromyaml('!!python/object/apply:os.system [id]')",
    "toyaml.__globals__",
    "adapter.dispatch.__func__.__globals__",
    "target.__class__",
    "target['__class__']",
    "target['_rendering'].environment",
    "target['_rendering'].restart({})",
    "target['get']('_rendering', 1).budget",
    "target.get('__class__')",
    "dbt_utils['_rendering'].environment",
    "dbt_utils['__class__']",
    "dbt_utils.get('_rendering').budget",
    "env['_known']",
    "flags.__class__",
    "graph.__class__",
    "invocation_args_dict.__class__",
    "run_query('select 1').__class__",
    "exceptions.raise_compiler_error.__globals__",
    "log.__globals__",
    "config.get.__self__.__dict__",
    "open('/etc/passwd').read()",
    "__import__('os')",
]


@pytest.mark.parametrize("expression", ESCAPES)
def test_no_way_out_of_the_sandbox(shop, expression):
    text = shop(macros="{% macro x_macro() %}{% endmacro %}").text("select {{ " + expression + " }} as x")
    assert re.fullmatch(r"select (hole__0|None|\[\])? ?as x", text.replace("  ", " ")), text


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


CANARY = "canary-4b7d"
READS = [
    "env_var('THE_TOKEN', '')",
    "env_var('THE_TOKEN')",
    "modules.os.environ['THE_TOKEN']",
    "context['env_var']('THE_TOKEN', 'x')",
    "builtins.env_var('THE_TOKEN', 'x')",
    "invocation_args_dict",
    "dbt_metadata_envs",
    "env['THE_TOKEN']",
    "var('THE_TOKEN', 'x')",
    "target",
    "flags",
    "config",
    "context",
    "self",
    "load_file_contents('secret.txt')",
    "fromjson(modules.io.open('secret.txt').read())",
]


@pytest.mark.parametrize("expression", READS)
def test_a_secret_of_the_environment_never_comes_out(shop, monkeypatch, tmp_path, expression):
    """Neither in what is rendered, nor in a finding, a hole's expression, or a condition."""
    monkeypatch.setitem(os.environ, "THE_TOKEN", CANARY)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.txt").write_text(CANARY)
    file = shop(env={"STAGE": "prod"}).file("select {{ " + expression + " }} as x, {% set y = " + expression + " %}{{ y }} as y")
    assert CANARY not in repr(file)


def test_python_models_are_read_and_never_run(shop, tmp_path):
    from sqllineage_scan.domain.source import FileKind

    done = tmp_path / "was_run"
    write = f"open({str(done)!r}, 'w').close()"
    text = f"{write}\ndef model(dbt, session):\n    {write}\n    return dbt.ref('orders')\n"
    file = shop().file(text, "models/m.py", FileKind.PYTHON_MODEL)
    assert not done.exists()
    assert "orders" in repr(file)
