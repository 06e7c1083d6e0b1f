-- depends_on: {{ ref('stg_shops') }}
-- What dbt asks the database when it runs cannot be read from here.
{% set counters = counters_of('stg_shops') %}

select
    shop_id
    {%- for counter in counters %},
    max(case when counter = '{{ counter }}' then 1 else 0 end) as is_{{ counter }}
    {%- endfor %}
from {{ ref('stg_shops') }}
group by shop_id
