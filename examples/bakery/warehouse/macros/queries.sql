{% macro count_of(relation, what) %}
select '{{ what }}' as what, count(*) as rows_counted from {{ relation }}
{%- endmacro %}

{% macro sums_of(model, columns) -%}
    {%- set relation = ref(model) -%}
    select
        shop_id
        {%- for column in columns %},
        sum({{ column }}) as {{ column }}_sum
        {%- endfor %}
    from {{ relation }}
    group by shop_id
{%- endmacro %}

{% macro wrapped(name) %}
with {{ name }} as (
{{ caller() }}
)
{% endmacro %}

{# Only a run can ask the database; before that the project's own list has to do. #}
{% macro counters_of(model) %}
    {% if execute and var('ask_database', false) %}
        {% set answer = run_query('select distinct counter from ' ~ ref(model)) %}
        {{ return(answer.columns[0].values()) }}
    {% endif %}
    {{ return(var('counters')) }}
{% endmacro %}

{% macro note_run(relation) %}
    {%- if flags.WHICH in ('run', 'build') -%}
    create or replace view {{ target.schema }}.last_run as select max(ordered_on) as last_day from {{ relation }}
    {%- endif -%}
{% endmacro %}
