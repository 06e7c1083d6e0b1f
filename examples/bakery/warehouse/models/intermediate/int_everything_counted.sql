{#- The names of what is counted are computed: stg_orders, stg_order_lines -#}
{%- set counted = namespace(parts=[]) -%}
{%- for what in ['orders', 'order_lines'] -%}
    {%- do counted.parts.append(count_of(ref('stg_' ~ what), what)) -%}
{%- endfor -%}
{{ counted.parts | join('\nunion all\n') }}
