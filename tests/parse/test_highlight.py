"""SQL's words by class: nothing is lost, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqllineage_scan.parse.highlight import highlight

_PIECES = [*"select ' \" ` -- /* */ {{ }} {% %} {# #} a 1 ( ) $$ é ; # .".split(), " ", "\n"]
_DIALECTS = ["", "bigquery", "tsql", "snowflake", "mysql", "postgres"]


def shown(text: str, dialect: str = "") -> str:
    """Each word after its class, the lines with a bar between: ``k:select i:a | k:from i:t``."""
    lines = highlight(text, dialect)
    return " | ".join(" ".join(f"{kind}:{word.strip()}" for kind, word in line if word.strip()) for line in lines)


@given(st.lists(st.sampled_from(_PIECES)).map("".join), st.sampled_from(_DIALECTS))
def test_the_pieces_of_a_line_are_the_line(text: str, dialect: str) -> None:
    lines = ["".join(words for _, words in line) for line in highlight(text, dialect)]
    assert "\n".join(lines) == text.removesuffix("\n") if text else lines == []


def test_classes() -> None:
    assert shown("select sum(o.amt) as a, 'x' from t where n > 1.5 -- why\n") == (
        "k:select f:sum o:( i:o o:. i:amt o:) k:as i:a o:, s:'x' k:from i:t k:where i:n o:> n:1.5 c:-- why"
    )


def test_a_comment_of_several_lines_is_one_on_each() -> None:
    assert shown("/* a\n b */ select 1") == "c:/* a | c:b */ k:select n:1"


def test_template_tags_are_their_own() -> None:
    said = shown("{% if x %}\nselect '{{ y }}' from {{ ref('t') }}")
    assert said == "t:{% if x %} | k:select s:' t:{{ y }} s:' k:from t:{{ ref('t') }}"


def test_a_tag_in_a_comment_and_a_quote_in_a_tag() -> None:
    assert shown("-- {{ it's }} so\nselect 1") == "c:-- t:{{ it's }} c:so | k:select n:1"


@pytest.mark.parametrize("text", ["select 'half", 'select "half', "select /* half"])
def test_what_no_tokenizer_reads_is_classed_roughly(text: str) -> None:
    assert shown(text).startswith("k:select ")


def test_a_dialect_has_its_own_quotes() -> None:
    assert shown("select `a b` from t # note", "bigquery") == "k:select i:`a b` k:from i:t c:# note"
    assert shown("select [a b] from t", "tsql") == "k:select i:[a b] k:from i:t"


def test_a_function_keeps_its_name_a_keyword_does_not() -> None:
    assert shown("select left(a, 1), b in (1)") == "k:select f:left o:( i:a o:, n:1 o:), i:b k:in o:( n:1 o:)"
