{# A schema is called what the configuration says, without the target's name before it. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none -%} {{ target.schema }}
    {%- elif node.resource_type == 'seed' and node.fqn[1] == 'raw' -%} {{ custom_schema_name | trim }}
    {%- else -%} {{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}

{# Versions keep their number, as dbt has it; what is private says so. #}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- if custom_alias_name -%} {{ custom_alias_name | trim }}
    {%- elif node.version -%} {{ return(node.name ~ '_v' ~ (node.version | replace('.', '_'))) }}
    {%- elif node.resource_type == 'model' and node.config.get('schema') == 'finance' -%} private_{{ node.name }}
    {%- else -%} {{ node.name }}
    {%- endif -%}
{%- endmacro %}

{% macro generate_name(name) %}{{ return('all_' ~ name) }}{% endmacro %}
