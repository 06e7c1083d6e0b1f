{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['ordered_on', 'channel']
    )
}}

select
    ordered_on,
    channel,
    count(*) as order_count,
    count(distinct customer_id) as customer_count,
    sum(net_amount) as net_revenue,
    sum(case when is_first_order then net_amount else 0 end) as new_customer_revenue
from {{ ref('orders') }}
where status <> 'cancelled'
{% if is_incremental() %}
    -- Refunds change the past, but hardly ever that of more than two weeks ago.
    and ordered_on >= (select max(ordered_on) - interval 14 day from {{ this }})
{% endif %}
group by ordered_on, channel
