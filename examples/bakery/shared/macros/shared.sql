{% macro cents() %}{{ return(adapter.dispatch('cents', 'shared')()) }}{% endmacro %}
{% macro default__cents() %}100{% endmacro %}
{% macro duckdb__cents() %}100.0{% endmacro %}

{% macro tidy(column) -%}
    {{ return(adapter.dispatch('tidy', 'shared')(column)) }}
{%- endmacro %}
{% macro default__tidy(column) %}trim({{ column }}){% endmacro %}

{% macro first_of_calendar() %}cast('2020-01-01' as date){% endmacro %}
