"""What is read without Jinja's compiler means what it means to Jinja."""

from __future__ import annotations

import pytest

from sqllineage_scan.domain.source import FileKind, SourceFile
from sqllineage_scan.render import macros as macro_module
from sqllineage_scan.render.bounds import joined
from sqllineage_scan.render.direct import context_of, direct_macro, program, written_by
from sqllineage_scan.render.expressions import Frame, plain, valued
from sqllineage_scan.render.markers import joined as placed
from sqllineage_scan.render.rendering import Rendering
from sqllineage_scan.render.sandbox import run, sandbox
from sqllineage_scan.render.subject import Subject
from sqllineage_scan.render.template import pieces

GIVEN = {"n": 7, "word": "Orders", "words": ["b", "a", "c"], "pairs": {"x": 1, "y": 2}, "nothing": None, "empty": []}


@pytest.fixture
def names(shop):
    """A rendering's names, with some of our own."""
    environment = shop(vars=GIVEN, macros="{% macro twice(x) %}{{ return(x ~ x) }}{% endmacro %}").environment
    rendering = Rendering(Subject(SourceFile("models/m.sql", FileKind.MODEL, "", "duckdb"), "", environment))
    found = rendering.names_of("shop")
    found.update(GIVEN)
    return found


@pytest.mark.parametrize(
    "said",
    [
        "word ~ '_' ~ n",
        "word\n  ~ n",
        "n + 1 - 2",
        "'a' + 'b' ~ n",
        "n * 2 + 1",
        "-n",
        "words + ['d', 'e@f#g']",
        "(1, word)",
        "word | lower",
        "word | replace('O', 'o') | upper",
        "words | join(', ')",
        "words | sort | first",
        "words | map('upper') | join",
        "'it\\'s' ~ \"\\\"quoted\\\"\" ~ '\\n'",
        "nothing is none",
        "nothing is not none",
        "word is string and words is iterable",
        "nobody is defined",
        "not nothing",
        "nothing or word",
        "n if n > 5 else 0",
        "'a' in words",
        "'z' not in words",
        "pairs['x']",
        "pairs[words[1]] is none",
        "pairs.y",
        "pairs.items() | list",
        "pairs.get('z', 3)",
        "dict(from=1, except=n)",
        "twice(word)",
        "twice(x=n)",
        "range(3) | list",
        "word.upper()",
        "{'a': [1, {'b': none}]}",
        "n == 7 and n != 8 and n >= 7 and n < 8",
        "true",
        "None",
    ],
)
def test_an_expression_has_the_value_that_jinja_finds(said, names):
    expression = plain(said)
    assert expression is not None
    rendered, context = run(sandbox().from_string(f"{{% set result = ({said}) %}}"), names)
    assert list(rendered) == []
    assert repr(valued(expression, Frame(context_of(names)))) == repr(context.vars["result"])


@pytest.mark.parametrize(
    "said",
    [
        "a ~ b | lower",  # to Jinja the filter belongs to b
        "a ~ b is none",
        "a ~ b * c",
        "a * b ~ c",
        "a | f[0]",
        "a[1:2]",
        "'\\u00e9'",
        "a // b",
        "a ** b",
        "a @ b",
        "a if b",
        "a is divisibleby 3",
        "a is None",
        "a < b < c",
        "lambda: a",
        "[a for a in b]",
        "f(*a)",
        "f'{a}'",
        "{1}",
    ],
)
def test_what_the_two_read_otherwise_is_left_to_jinja(said):
    assert plain(said) is None


TEMPLATES = [
    "a {{ word }} b",
    "{% set x = n + 1 %}{{ x }}",
    "{% if n > 10 %}a{% elif n > 5 %}b{% elif n > 3 %}c{% else %}d{% endif %}!",
    "{% if nothing %}a{%- else -%}  b  {%- endif %}",
    "{% for w in words %}{{ w }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for w in words %}{{ loop.index }}{{ w }}{% endfor %}{{ w is defined }}",
    "{% for k, v in pairs.items() %}{% set both = k ~ v %}{{ both }};{% endfor %}{{ both is defined }}",
    "{% set seen = [] %}{% for w in words %}{% do seen.append(w) %}{% endfor %}{{ seen }}",
    "{% for a in words %}{% for b in words %}{% if a == b %}{{ loop.index }}{{ a }}{% endif %}{% endfor %}{% endfor %}",
    "{% for w in empty %}never{% endfor %}done",
    "{# a comment #}{{- word -}}   {% raw %}{{ as it is }}{% endraw %}",
    "{% set word = 'inner' %}{% for w in words %}{% set word = w %}{% endfor %}{{ word }}",
    "{% if n == 7 %}{% set late = 1 %}{% endif %}{{ late }}",
    "{% for w in words %}{{ twice(w) }}{% endfor %}",
]


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_writes_what_jinja_writes(template, names):
    found = pieces(template, 0, len(template))
    steps = program(template, found)
    assert steps is not None
    text, _ = placed(written_by(steps, names, lambda _number: None), template, found, "m.sql", (0,))
    assert text == "".join(run(sandbox().from_string(template), names)[0])


@pytest.mark.parametrize(
    "template",
    [
        "{% for w in words %}{% else %}none{% endfor %}",
        "{% for w in words if w != 'a' %}{{ w }}{% endfor %}",
        "{% for w in words %}{% break %}{% endfor %}",
        "{% set x %}text{% endset %}",
        "{% set a, b = (1, 2) %}",
        "{% if a %}",
        "{% endif %}",
        "{% for w in words %}{% endif %}",
        "{% if a %}{% else %}{% elif b %}{% endif %}",
        "{% if a %}{% else b %}{% endif %}",
        "{{ }}",
        "{% filter upper %}a{% endfilter %}",
        "{% if a %}" * 60 + "{% endif %}" * 60,
    ],
)
def test_other_templates_are_left_to_jinja(template):
    assert program(template, pieces(template, 0, len(template))) is None


MACROS = [
    (
        "{% macro f(a, b='x', c=a ~ b) %}<{{ a }}{{ b }}{{ c }}>{% endmacro %}",
        ["f(1)", "f(1, 2)", "f(b=3, a=1)", "f(c=1, a=2)", "f()"],
    ),
    ("{%- macro f() -%}\n  text  \n{%- endmacro -%}", ["f()"]),
    ("{% macro f() %}\n  text  \n{% endmacro %}", ["f()"]),
    ("{% macro f(xs) %}{% for x in xs %}{{ x }}{{ ',' if not loop.last }}{% endfor %}{% endmacro %}", ["f([1])"]),
    ("{% macro f(xs) %}{% for x in xs %}{{ x }}{{ '' if loop.last else ',' }}{% endfor %}{% endmacro %}", ["f([1, 2])"]),
    ("{% macro f(a) %}{% set a = a ~ 'b' %}{{ a }}{{ word }}{% endmacro %}", ["f(1)"]),
    ("{% macro f(a) %}{{ a is defined }}{{ a is none }}{% endmacro %}", ["f()", "f(none)"]),
    ("{% macro f(a) %}{{ return([a]) }}{% endmacro %}", ["f(1)"]),
    ("{% macro f(a) %}{{ varargs }}{{ kwargs }}{{ caller() if caller else '' }}{% endmacro %}", ["f(1, 2, b=3)"]),
]
WRONG = ["f(1, 2, 3, 4)", "f(zz=1)", "f(a=1, a=2)"]


@pytest.mark.parametrize(("text", "call"), [(text, call) for text, calls in MACROS for call in (*calls, *WRONG)])
def test_a_macro_gives_what_jinjas_gives(text, call, shop, monkeypatch):
    def outcome():
        file = shop(macros=text, vars=GIVEN).file(f"select {{{{ {call} }}}} from t")
        return [variant.text for variant in file.variants], [variant.holes for variant in file.variants], file.findings

    ours = outcome()
    monkeypatch.setattr(macro_module, "direct_macro", lambda *_: None)
    assert ours == outcome()


def test_most_macros_need_no_compiler(names):
    made = [direct_macro(text, "f", names) is not None for text, _ in MACROS]
    assert made == [True, True, True, False, True, True, True, True, False]


def test_a_long_template_is_bounded(names):
    template = "{% set x = 'a' %}" + "{% set x = x ~ x %}" * 40
    found = pieces(template, 0, len(template))
    steps = program(template, found)
    assert steps is not None
    with pytest.raises(Exception, match="characters"):
        joined(text for _, text in written_by(steps, names, lambda _number: None))
