{{ config(materialized='view') }}
{% call wrapped('days') %}
    select day, is_sunday from {{ ref('shared', 'calendar') }}
{% endcall %}
select days.day, shops.shop_id
from days
cross join {{ ref('stg_shops') }} as shops
where not days.is_sunday and days.day >= {{ dbt.date_trunc('year', 'shops.opened_on') }}
