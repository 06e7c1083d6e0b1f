{# The name of the first step that an amount reaches; steps are listed from the highest down. #}
{% macro tier(amount, steps) -%}
    case
        {%- for step in steps %}
        when {{ amount }} >= {{ step.at_least }} then '{{ step.name }}'
        {%- endfor %}
        else 'new'
    end
{%- endmacro %}
