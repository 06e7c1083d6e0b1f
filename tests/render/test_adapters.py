"""dbt's cross-database macros, as dbt 1.11 itself writes them for an adapter."""

from __future__ import annotations

import pytest

CASES = [
    ("duckdb", "dbt.dateadd('day', 1, 'c')", "(c + cast(1 as bigint) * interval 1 day)"),
    ("duckdb", "dbt.datediff('a', 'b', 'hour')", "(date_diff('hour', a::timestamp, b::timestamp ))"),
    ("duckdb", "dbt.split_part('c', \"'|'\", 2)", "string_split(c, '|')[ 2 ]"),
    ("duckdb", "dbt.listagg('c', \"','\", 'order by d')", "string_agg( c, ',' order by d )"),
    ("postgres", "dbt.dateadd('month', -1, 'c')", "c + ((interval '1 month') * (-1))"),
    ("postgres", "dbt.datediff('a', 'b', 'day')", "((b)::date - (a)::date)"),
    ("postgres", "dbt.any_value('a')", "min(a)"),
    ("snowflake", "dbt.datediff('a', 'b', 'day')", "datediff( day, a, b )"),
    ("snowflake", "dbt.safe_cast('c', api.Column.translate_type('string'))", "try_cast(c as TEXT)"),
    ("snowflake", "dbt.current_timestamp()", "convert_timezone('UTC', current_timestamp())"),
    ("bigquery", "dbt.hash('c')", "to_hex(md5(cast(c as string)))"),
    ("bigquery", "dbt.date_trunc('day', 'c')", "timestamp_trunc( cast(c as timestamp), day )"),
    ("bigquery", "'a' ~ dbt.except() ~ 'b'", "a except distinct b"),
    ("bigquery", "dbt.cast(field='c', type=type_int())", "cast(c as INT64)"),
    ("redshift", "dbt.dateadd('day', 1, 'c')", "dateadd( day, 1, c )"),
    ("databricks", "dbt.concat(['a', 'b'])", "concat(a, b)"),
]


@pytest.mark.parametrize(("adapter", "expression", "expected"), CASES)
def test_a_macro_writes_what_dbt_writes(shop, adapter, expression, expected):
    assert shop(target={"type": adapter}, dialect=adapter).text("{{ " + expression + " }}") == expected


def test_a_series_is_put_together_of_as_many_bits_as_it_takes(shop):
    assert "p2.generated_number * power(2, 2) + 1" in shop(target={"type": "postgres"}).text(
        "{{ dbt.generate_series(upper_bound=5) }}"
    )
    assert shop().text("{{ dbt.get_powers_of_two(100) }}") == "7"


def test_lists_of_days(shop):
    assert shop().text("{{ dbt.dates_in_range('20260227', '20260301') }}") == "['20260227', '20260228', '20260301']"


def test_a_loop_may_be_left_early(shop):
    template = (
        "{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}"
    )
    assert shop().text(template) == "02"
