{% set methods = var('payment_methods') %}

select
    shop_id,
    {% for method in methods -%}
    sum(case when paid_by = '{{ method }}' then amount else 0 end) as {{ method }}_amount
    {%- if not loop.last %},{% endif %}
    {% endfor %}
from {{ ref('int_sales') }}
group by shop_id
