{% macro cents_to_crowns(column, digits=2) -%}
    round({{ column }} / {{ shared.cents() }}, {{ digits }})
{%- endmacro %}

{# In the search order of dbt_project.yml this comes before the package's own. #}
{% macro default__tidy(column) %}lower(trim({{ column }})){% endmacro %}

{# Overrides the package's macro of the same name, even where the package itself calls it. #}
{% macro first_of_calendar() %}cast('{{ var("first_day") }}' as date){% endmacro %}
