with customers as (
    select * from {{ ref('stg_customers') }}
),

regions as (
    select * from {{ ref('country_regions') }}
),

order_facts as (
    select
        customer_id,
        count(*) as order_count,
        min(ordered_on) as first_ordered_on,
        max(ordered_on) as last_ordered_on,
        sum(net_amount) as lifetime_value
    from {{ ref('orders') }}
    where status <> 'cancelled'
    group by customer_id
),

first_visits as (
    select
        customer_id,
        campaign,
        medium
    from {{ ref('stg_web_visits') }}
    where customer_id is not null
    qualify row_number() over (partition by customer_id order by started_at) = 1
)

select
    customers.* exclude (email),
    regions.country_name,
    regions.region,
    coalesce(order_facts.order_count, 0) as order_count,
    order_facts.first_ordered_on,
    order_facts.last_ordered_on,
    coalesce(order_facts.lifetime_value, 0) as lifetime_value,
    {{ tier('order_facts.lifetime_value', var('customer_tiers')) }} as tier,
    first_visits.campaign as first_campaign,
    first_visits.medium as first_medium
from customers
left join regions using (country_code)
left join order_facts using (customer_id)
left join first_visits using (customer_id)
